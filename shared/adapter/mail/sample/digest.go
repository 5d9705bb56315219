package sample

import "privacydesk/shared/adapter/mail"

// digest is what the officer is mailed.
func (w words) digest() []Sample {
	return []Sample{{"digest", mail.Digest{
		Lines: []mail.DigestLine{
			{Reference: earlier, Kinds: []string{"erasure"}, Place: "DE", Due: due.AddDate(0, 0, -1), Why: w.why, Late: 1},
			{Reference: reference, Kinds: []string{"access", "correction"}, Place: "US-CA", Waiting: true, Due: due, Why: w.why, Again: true},
			{Reference: "PD-9X2B-7KQW-03NF-6ZTA", Kinds: []string{"objection"}, Due: due.AddDate(0, 0, 4), Why: w.why, Left: 3},
		},
		Looks: []mail.DigestLook{
			{Reference: earlier, Kinds: []string{"erasure"}, Why: "reply", Since: due.AddDate(0, 0, -2)},
			{Reference: "PD-4W1C-8RNE-55GT-0KXB", Why: "kept", Since: due.AddDate(0, 0, -2), Again: true},
			{Reference: "PD-9X2B-7KQW-03NF-6ZTA", Kinds: []string{"objection"}, Why: "mention", Since: due.AddDate(0, 0, -2)},
			{Reference: "PD-3M7T-2HQD-90VB-6JFS", Kinds: []string{"objection"}, Why: "kept", Closed: true, Since: due.AddDate(0, 0, -2)},
		},
		Overdue: 2, DueSoon: 5, More: 1, DeskURL: site + "/desk/requests",
	}}}
}
