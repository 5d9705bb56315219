package request_test

import (
	"slices"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
)

// An objection with reasons keeps them, and is answered by a human.
func TestTheWordsOfAnObjectionComeAlong(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(day)
	in := d.asks(germany, deadline.Objection)
	in.Details = "My health."
	d.ok(d.Join(background, d.opened(in).ID, "dpo", first.ID, ""))
	if r := d.file(first.ID).Request; r.Details != "My health." || !slices.Contains(owed(r), deadline.Objection) {
		t.Errorf("%q, %q", r.Details, owed(r))
	}
}

// Whoever answers reads what is to be corrected. Words make no marketing objection one
// that is owed, and those of another mailbox are not shown to this one.
func TestTheWordsComeAlong(t *testing.T) {
	for name, c := range map[string]struct {
		first, second []intake.Kind
		words, other  string // of the first; of the second's mailbox
		want          string
	}{
		"no words before":     {[]intake.Kind{deadline.Access}, []intake.Kind{deadline.Correction}, "", marvin, "I am Marvin."},
		"words before":        {[]intake.Kind{deadline.Access}, []intake.Kind{deadline.Correction}, "All of it.", marvin, "All of it.\n\nI am Marvin."},
		"the same words":      {[]intake.Kind{deadline.Correction}, []intake.Kind{deadline.Correction}, "I am Marvin.", marvin, "I am Marvin."},
		"an objection stands": {[]intake.Kind{deadline.Access, deadline.Objection}, []intake.Kind{deadline.Correction}, "", marvin, ""},
		"another mailbox":     {[]intake.Kind{deadline.Access}, []intake.Kind{deadline.Correction}, "", trillian, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			in := d.asks(germany, c.first...)
			in.Details = c.words
			first := d.opened(in)
			d.later(day)
			in = d.asks(germany, c.second...)
			in.Address, in.Details = d.address(c.other), "I am Marvin."
			d.ok(d.Join(background, d.opened(in).ID, "dpo", first.ID, "They rang."))
			r := d.file(first.ID).Request
			if r.Details != c.want || !slices.Contains(owed(r), deadline.Correction) || slices.Contains(owed(r), deadline.Objection) {
				t.Errorf("%q, owed %q", r.Details, owed(r))
			}
		})
	}
}
