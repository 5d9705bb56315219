package sample

import (
	"net/http"

	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// recordPages show what is held, and receipts.
func recordPages() []Sample {
	return []Sample{
		{"export", http.StatusOK, page.ExportPage{
			Action: exportPath, Reference: reference, Address: masked, MadeAt: verified.Add(sampleLength),
			Until: fetched, Sections: exportSections()}},
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
			{reference, "2026-11-23T10:00:00Z", "noted", "officer", ""},
		}},
		{Title: "mails", Columns: []string{"reference", "template", "state", "sent_at"}, Rows: [][]string{
			{reference, "verify", "sent", "2026-11-22T10:00:04Z"}, {reference, "acknowledge", "pending", ""}, {reference, "waiting", "obsolete", ""},
		}},
		{Title: "counters"},
	}
}
