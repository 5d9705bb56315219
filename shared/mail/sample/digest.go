package sample

import "privacydesk/shared/mail"

// digest is what the officer is mailed.
func (w words) digest() []Sample {
	return []Sample{{"digest", mail.Digest{
		Lines: []mail.DigestLine{
			{Reference: earlier, Kinds: []string{"erasure"}, Place: "DE", Due: due.AddDate(0, 0, -1), Why: w.why, Late: 1},
			{Reference: reference, Kinds: []string{"access", "correction"}, Place: "US-CA", Waiting: true, Due: due, Why: w.why, Again: true},
			{Reference: "PD-9X2B-7KQW-03NF-6ZTA", Kinds: []string{"objection"}, Due: due.AddDate(0, 0, 4), Why: w.why, Left: 3},
		},
		Overdue: 2, DueSoon: 5, More: 1, DeskURL: site + "/desk/requests",
	}}}
}
