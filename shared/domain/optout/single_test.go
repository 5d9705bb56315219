package optout_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// Whoever has stopped all e-mail can ask for one topic alone: the confirmation
// lifts the stop of all and stops the other topics, in one change, unless
// something was chosen otherwise since.
func TestOneTopicComesBackAlone(t *testing.T) {
	const who = "a@example.com"
	topics := []optout.Scope{"email/events", "email/news", "email/offers"}
	for name, c := range map[string]struct {
		before, between []optout.Scope // that the person leaves
		want            string         // then
		conflict        bool
	}{
		"all stopped":                {[]optout.Scope{"email"}, nil, "email=in email/events=out email/news=in email/offers=out", false},
		"stopped by itself too":      {[]optout.Scope{"email", "email/news", "email/offers"}, nil, "email=in email/events=out email/news=in email/offers=out", false},
		"only that topic stopped":    {[]optout.Scope{"email/news", "email/offers"}, nil, "email/news=in email/offers=out", false},
		"all left again since":       {[]optout.Scope{"email"}, []optout.Scope{"email"}, "email=out", true},
		"that topic left since":      {[]optout.Scope{"email"}, []optout.Scope{"email/news"}, "email=out email/news=out", true},
		"another topic left since":   {[]optout.Scope{"email"}, []optout.Scope{"email/offers"}, "email=in email/events=out email/news=in email/offers=out", false},
		"another channel is stopped": {[]optout.Scope{"email", "sms"}, nil, "email=in email/events=out email/news=in email/offers=out sms=out", false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.Topics = topics
			a := testkit.Address(t, who)
			for _, scope := range c.before {
				d.Out(t, who, scope)
			}
			outcome, err := d.Choose(ctx, a, "de", []optout.Choice{{Scope: "email/news", To: optout.In}})
			asked := d.Confirmations(t, a)
			if err != nil || !slices.Equal(outcome.Asked, []optout.Scope{"email/news"}) || len(asked) != 1 {
				t.Fatalf("%+v, %v, %+v", outcome, err, asked)
			}
			for _, scope := range c.between {
				d.Out(t, who, scope)
			}
			for range 2 { // twice is once
				if err := d.ConfirmOptIn(ctx, a, "de", asked[0].Versions); conflicts(err) != c.conflict || err != nil && !c.conflict {
					t.Errorf("confirmed: %v", err)
				}
			}
			known, err := d.Preferences(ctx, a)
			var got []string
			for _, scope := range slices.Sorted(maps.Keys(known)) {
				got = append(got, fmt.Sprintf("%s=%s", scope, known[scope].State))
			}
			if strings.Join(got, " ") != c.want || err != nil {
				t.Errorf("%q, want %q", got, c.want)
			}
			for _, told := range d.Confirmations(t, a) {
				if scopes := slices.Sorted(maps.Keys(told.Versions)); told.Confirmed && !slices.Equal(scopes, []optout.Scope{"email/news"}) {
					t.Errorf("told to be back to %q", scopes)
				}
			}
		})
	}
}

// A page view that stopped several can take all of them back, or none.
func TestUndoOfSeveral(t *testing.T) {
	const who = "a@example.com"
	a := testkit.Address(t, who)
	view := strings.Repeat("n", 22)
	d := newDesk(t)
	choices := []optout.Choice{{Scope: "email/news", To: optout.Out, Nonce: view}, {Scope: "sms", To: optout.Out, Nonce: view}}
	outcome, err := d.Choose(ctx, a, "en", choices)
	if err != nil || len(outcome.Changed) != 2 {
		t.Fatal(outcome, err)
	}
	known, _ := d.Preferences(ctx, a)
	madeBy := known["sms"].MadeBy
	if !d.Undoable(known["sms"], view) || !d.Undoable(known["email/news"], view) || madeBy == "" {
		t.Fatalf("cannot be undone: %+v", known)
	}
	d.Out(t, who, "post")
	if err := d.Undo(ctx, a, "en", madeBy, "email/news", "sms", "post"); !conflicts(err) {
		t.Errorf("took back what another way stopped: %v", err)
	}
	if known, _ = d.Preferences(ctx, a); known["sms"].State != optout.Out {
		t.Error("took back a part")
	}
	for range 2 {
		if err := d.Undo(ctx, a, "en", madeBy, "email/news", "sms"); err != nil {
			t.Error(err)
		}
	}
	if known, _ = d.Preferences(ctx, a); known["sms"].State != optout.In || known["email/news"].State != optout.In || known["post"].State != optout.Out {
		t.Errorf("%+v", known)
	}
}
