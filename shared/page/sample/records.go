package sample

import (
	"net/http"

	"privacydesk/shared/page"
)

// recordPages show what is held, and receipts.
func recordPages() []Sample {
	return []Sample{
		{"export", http.StatusOK, page.ExportPage{
			Action: exportPath, Reference: reference, Address: masked, MadeAt: verified.Add(sampleLength),
			Until: verified.Add(sampleLength).AddDate(0, 0, 5), Sections: exportSections()}},
		{"receipt-check", http.StatusOK, page.ReceiptCheck{}},
		{"receipt-missing", http.StatusUnprocessableEntity, page.ReceiptCheck{
			Errors: []page.FieldError{{Field: page.FieldReceipt, Fault: page.FaultMissing}}}},
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
		{Title: "opt_outs", Columns: []string{"scope", "state", "since", "source", "form"}, Rows: [][]string{
			{"email", "out", "2026-11-22T10:00:00Z", "form", "www.biosero.example"},
			{"email/newsletter", "out", "2024-02-03T08:15:00Z", "one-click", ""},
		}},
		{Title: "requests", Columns: []string{"reference", "kinds", "state", "received_at"}, Rows: [][]string{
			{reference, "access erasure", "fulfilled", "2026-11-22T10:00:00Z"},
		}},
		{Title: "mails", Columns: []string{"mail", "sent_at", "message_id"}, Rows: [][]string{
			{"verify", "2026-11-22T10:00:04Z", "0100018f2c1e7a40-5e1c3a52-5b7d-4a53-9b0a-000000000000"},
			{"=cmd|' /C calc'!A0", "2026-11-22T10:20:02Z", ""},
		}},
		{Title: "counters"},
	}
}
