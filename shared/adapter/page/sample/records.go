package sample

import (
	"net/http"

	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
)

// recordPages show what is held, and receipts.
func recordPages() []Sample {
	return []Sample{
		{"export", http.StatusOK, page.ExportPage{
			Action: exportPath, Reference: reference, Address: masked, MadeAt: verified.Add(sampleLength),
			Until: fetched, Sections: exportSections()}},
		{"export-systems", http.StatusOK, exportAnswer("")},
		{"export-refused", http.StatusConflict, exportAnswer(page.RefusedChecking)},
		{"export-large", http.StatusOK, exportLarge()},
		{"export-part", http.StatusOK, page.ExportPage{
			Action: exportPath, Reference: reference, Address: masked, MadeAt: verified.Add(sampleLength), Part: "1795341600000." + earlier,
			Next: "1795345200000." + reference, Until: fetched, Sections: exportSections()[1:2]}},
		{"receipt-check", http.StatusOK, page.ReceiptCheck{}},
		{"receipt-missing", http.StatusUnprocessableEntity, page.ReceiptCheck{
			Errors: []fault.FieldError{{Field: page.FieldReceipt, Reason: person.Missing}}}},
		{"receipt-request", http.StatusOK, page.ReceiptCheck{Receipt: receipt, Found: &page.ReceiptFind{
			Valid: true, Issuer: "https://privacy.biosero.example", Kind: "request", Reference: reference,
			What: []string{"access", "erasure"}, ReceivedAt: received, DueAt: due, Seq: 2, Person: masked,
			Hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}},
		{"receipt-opt-out", http.StatusOK, page.ReceiptCheck{Receipt: receipt, Found: &page.ReceiptFind{
			Valid: true, Issuer: "https://privacy.biosero.example", Kind: "opt-out", Reference: "b3B0LW91dA",
			What: []string{"email", "sale"}, ReceivedAt: received, EffectiveAt: received, Person: masked}}},
		{"receipt-unreadable", http.StatusOK, page.ReceiptCheck{Receipt: "{", Found: &page.ReceiptFind{}}},
		{"receipt-forged", http.StatusOK, page.ReceiptCheck{
			Receipt: receipt, Found: &page.ReceiptFind{Fault: page.ReceiptForged}}},
		{"receipt-unknown-key", http.StatusOK, page.ReceiptCheck{
			Receipt: receipt, Found: &page.ReceiptFind{Fault: page.ReceiptUnknownKey}}},
	}
}

// exportAnswer is the answer to somebody in California, where each system has said something else.
func exportAnswer(refused page.ExportRefusal) page.ExportPage {
	file := func(system, id string, kind attachment.Type, size int64) attachment.File {
		return attachment.File{Request: reference, ID: id, System: system, For: attachment.Answer, State: attachment.Stored, Type: kind, Size: size}
	}
	return page.ExportPage{
		Action: exportPath, Reference: reference, Address: masked, MadeAt: verified.Add(sampleLength), Until: fetched, Sections: exportSections(),
		FilesAt: "https://files.biosero.example", Refused: refused,
		Told: access.Told{
			Items:   []access.Item{access.Purposes, access.Categories, access.Recipients, access.Sale, access.Transfers, access.Periods, access.Rights, access.Complaint, access.Sources, access.Automated},
			Clauses: []string{"Art. 15(1) and (2) GDPR"}, Place: deadline.Jurisdiction{Country: "DE"}, California: true,
			Rights: []deadline.Kind{deadline.Correction, deadline.Erasure, deadline.Restriction, deadline.Objection, deadline.Portability},
		},
		Answer: []access.Part{
			{State: ledger.Done, Files: []attachment.File{file("", "a1b2c3", attachment.PDF, 80_000)}},
			{System: "crm", State: ledger.Done, Files: []attachment.File{file("crm", "d4e5f6", attachment.CSV, 900), file("crm", "g7h8i9", attachment.ZIP, 3_000_000)}},
			{System: "news", State: ledger.NotFound},
			{System: "shop", State: ledger.Done},
			{System: "forum", State: ledger.Failed, Ground: ledger.Other},
			{System: "files", State: ledger.Failed, Ground: "technical"},
			{System: "wiki", State: ledger.Exempt, Ground: ledger.CalledOff},
			{System: "chat", State: ledger.Failed, Ground: ledger.NoAnswer},
		},
	}
}

// exportLarge has more files than one archive takes.
func exportLarge() page.ExportPage {
	p := exportAnswer("")
	p.Told, p.Answer, p.Sections = access.Told{}, p.Answer[:2], p.Sections[:1]
	p.Answer[1].Files[1].Size = access.MaxFiles
	return p
}

func exportSections() []page.ExportSection {
	return []page.ExportSection{
		{Title: "opt_outs", Columns: []string{"scope", "state", "first_at", "source", "form"}, Rows: [][]string{
			{"email", "out", "2026-11-22T10:00:00Z", "form", "www.biosero.example"},
			{"email/newsletter", "out", "2024-02-03T08:15:00Z", "one-click", ""},
		}},
		{Title: "opt_ins", Columns: []string{"at", "scope"}, Rows: [][]string{{"2026-11-22T10:05:00Z", "email/newsletter"}}},
		{Title: "requests", Columns: []string{"reference", "kinds", "state", "received_at", "details"}, Rows: [][]string{
			{reference, "access erasure", "fulfilled", "2026-11-22T10:00:00Z", "=cmd|' /C calc'!A0"},
		}},
		{Title: "decisions", Columns: []string{"reference", "at", "kind", "outcome", "grounds"}, Rows: [][]string{
			{reference, "2026-12-02T08:00:00Z", "erasure", "partly_fulfilled", "legal_obligation Art. 17(3)(b) GDPR; legal_claims Cal. Civ. Code 1798.145(a)(1)(E)"},
		}},
		{Title: "history", Columns: []string{"reference", "at", "event", "actor", "facts"}, Rows: [][]string{
			{reference, "2026-11-22T10:00:00Z", "received", "person", "gpc=no kinds=access erasure on_behalf_of=self source=form"},
			{reference, "2026-11-22T10:00:05Z", "mailed", "system", "result=sent template=owner_task"},
			{reference, "2026-11-23T10:00:00Z", "noted", "officer", ""},
		}},
		{Title: "mails", Columns: []string{"reference", "template", "state", "sent_at"}, Rows: [][]string{
			{reference, "verify", "sent", "2026-11-22T10:00:04Z"}, {reference, "acknowledge", "pending", ""}, {reference, "waiting", "obsolete", ""},
		}},
		{Title: "counters"},
	}
}
