package main

import "testing"

// Whoever can read the records must not be able to act as the person, whatever
// link a letter comes to hold.
func TestKeptLettersOpenNothing(t *testing.T) {
	m := &mailer{baseURL: "https://privacy.example.com"}
	for text, want := range map[string]string{
		"Confirm:\nhttps://privacy.example.com/requests/confirm/abc-_1\nor not.": "Confirm:\nhttps://privacy.example.com/requests/confirm/…\nor not.",
		"(https://privacy.example.com/requests/export/abc).":                     "(https://privacy.example.com/requests/export/…",
		"https://privacy.example.com/of-a-later-release/abc?lang=de":             "https://privacy.example.com/of-a-later-release/…",
		"https://privacy.example.com/abc":                                        "https://privacy.example.com/…",
		"https://privacy.example.com/requests?token=abc":                         "https://privacy.example.com/…",
		"https://privacy.example.com/requests?kind=complaint":                    "https://privacy.example.com/requests?kind=complaint",
		"https://privacy.example.com/requests":                                   "https://privacy.example.com/requests",
		"https://authority.example/complain/here":                                "https://authority.example/complain/here",
	} {
		if got := m.unsealed(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
