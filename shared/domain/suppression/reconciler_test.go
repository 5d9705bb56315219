package suppression_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

func TestReconcileRepairs(t *testing.T) {
	bySES := func(r suppression.ListReason) func(*reconciliation) {
		return func(w *reconciliation) { w.ses.held["a@example.com"] = held{r, w.Time, true} }
	}
	cases := map[string]struct {
		before func(*reconciliation)
		damage func(*reconciliation)
		drift  string // counts
		calls  string // at SES, the drain's among them
		holds  string
	}{
		"nothing wrong": {
			before: func(w *reconciliation) { w.Out(t, "a@example.com", "email") },
			calls:  "page:1", drift: "", holds: "a@example.com",
		},
		"removed in the console": {
			before: func(w *reconciliation) { w.Out(t, "a@example.com", "email") },
			damage: func(w *reconciliation) { clear(w.ses.held) },
			drift:  "missing:1", calls: "page:1 put:1", holds: "a@example.com",
		},
		"removed while paused": {
			before: func(w *reconciliation) {
				_, err := w.Choose(context.Background(), testkit.Address(t, "a@example.com"), "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}})
				if err != nil {
					t.Fatal(err)
				}
			},
			damage: func(w *reconciliation) { clear(w.ses.held) },
			drift:  "missing:1", calls: "page:1 put:1", holds: "a@example.com",
		},
		"listed in another case": {
			before: func(w *reconciliation) { w.Out(t, "a@example.com", "email") },
			damage: func(w *reconciliation) {
				clear(w.ses.held)
				w.ses.held["A@example.com"] = held{suppression.ListedComplaint, w.Time, false}
			},
			calls: "page:1", holds: "A@example.com",
		},
		"a bounce that no event reported": {
			damage: bySES(suppression.ListedBounce),
			drift:  "unrecorded:1", calls: "page:1", holds: "a@example.com",
		},
		"a bounce of somebody who had opted out": {
			before: func(w *reconciliation) { w.Out(t, "a@example.com", "email") },
			damage: bySES(suppression.ListedBounce),
			drift:  "unrecorded:1", calls: "page:1", holds: "a@example.com",
		},
		"a complaint after coming back": {
			before: func(w *reconciliation) { w.in(t, "a@example.com") },
			damage: bySES(suppression.ListedComplaint),
			drift:  "unrecorded:1", calls: "get:1 page:1", holds: "a@example.com",
		},
		"our entry after coming back, in three spellings": {
			before: func(w *reconciliation) { w.in(t, "a@example.com") },
			damage: func(w *reconciliation) {
				for _, text := range []string{"a@example.com", "A@example.com", "a@Example.com"} {
					w.ses.held[text] = held{suppression.ListedComplaint, w.Time, false}
				}
			},
			drift: "still_listed:3", calls: "delete:1 drop:2 get:4 page:1",
		},
		"SES's own entry, taken back since": {
			before: func(w *reconciliation) {
				w.ses.held["a@example.com"] = held{suppression.ListedComplaint, w.Time, true}
				w.reconcile(t, false)
				w.later(time.Hour)
				r := w.Read(t, "a@example.com", "complaint")
				_, err := w.Table.Apply(context.Background(), optout.Change{Key: r.Key, To: optout.In, Address: r.Address, IfVersion: r.Version,
					Evidence: optout.Evidence{Source: optout.FromNotSpam, At: w.Time}, Observed: &optout.Observation{At: w.Time, Quiet: true}})
				if err != nil {
					t.Fatal(err)
				}
			},
			drift: "ses_own:1", calls: "get:1 page:1", holds: "a@example.com",
		},
		"a bounce's entry, put again as a complaint": {
			before: func(w *reconciliation) { w.Observe(t, "a@example.com", optout.Bounce.Scope(), optout.Out) },
			damage: func(w *reconciliation) {
				w.ses.held["a@example.com"] = held{suppression.ListedComplaint, w.Time, false}
			},
			drift: "missing:1", calls: "page:1 put:1", holds: "a@example.com",
		},
		"lost, and the address erased": {
			before: func(w *reconciliation) { w.Out(t, "a@example.com", "email") },
			damage: func(w *reconciliation) {
				w.Table.EraseAddress(w.Read(t, "a@example.com", "email").Key)
				clear(w.ses.held)
			},
			drift: "missing_erased:1", calls: "page:1",
		},
		"listed, and the address erased": {
			before: func(w *reconciliation) { w.Out(t, "a@example.com", "email") },
			damage: func(w *reconciliation) { w.Table.EraseAddress(w.Read(t, "a@example.com", "email").Key) },
			calls:  "page:1", holds: "a@example.com",
		},
		"no address that we know": {
			damage: func(w *reconciliation) {
				w.ses.held[`"a b"@example.com`] = held{suppression.ListedBounce, w.Time, true}
			},
			drift: "unreadable:1", calls: "page:1", holds: `"a b"@example.com`,
		},
		"still pending": {
			damage: func(w *reconciliation) { w.Out(t, "a@example.com", "email") },
			calls:  "page:1 put:1", holds: "a@example.com",
		},
		"an address that SES cannot hold": {
			before: func(w *reconciliation) { w.Out(t, "zoë@example.com", "email") },
			calls:  "page:1",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newReconciliation(t)
			if c.before != nil {
				c.before(w)
				w.Sync(t)
				w.later(time.Hour)
			}
			if c.damage != nil {
				c.damage(w)
				w.later(time.Hour)
			}
			holdsBefore := strings.Join(slices.Sorted(maps.Keys(w.ses.held)), " ")
			clear(w.ses.calls)
			if dry := w.reconcile(t, true); counted(dry) != c.drift {
				t.Errorf("dry run: %s, want %s", counted(dry), c.drift)
			}
			if now := strings.Join(slices.Sorted(maps.Keys(w.ses.held)), " "); now != holdsBefore {
				t.Errorf("a dry run changed the list from %s to %s", holdsBefore, now)
			}
			clear(w.ses.calls)
			drift := w.reconcile(t, false)
			w.Sync(t)
			if counted(drift) != c.drift || calls(w.ses) != c.calls || strings.Join(slices.Sorted(maps.Keys(w.ses.held)), " ") != c.holds {
				t.Errorf("drift %q, calls %q, list %q", counted(drift), calls(w.ses), slices.Sorted(maps.Keys(w.ses.held)))
			}
			w.later(time.Hour)
			stays := []suppression.Cause{suppression.SESOwn, suppression.MissingErased, suppression.Unreadable}
			again := w.reconcile(t, false)
			for cause := range again.Counts {
				if !slices.Contains(stays, cause) {
					t.Errorf("the next run finds %s", counted(again))
				}
			}
		})
	}
}

// A person who comes back is synced with SES, but a bounce that SES has listed by itself,
// and which no event has reported, stays and is recorded by the next run.
func TestComingBackLeavesABounceOfSES(t *testing.T) {
	for name, c := range map[string]struct {
		entry held
		stays bool
	}{
		"our entry":             {held{reason: suppression.ListedComplaint}, false},
		"our entry of a bounce": {held{reason: suppression.ListedBounce}, false},
		"a complaint of SES":    {held{reason: suppression.ListedComplaint, bySES: true}, false},
		"a bounce of SES's own": {held{reason: suppression.ListedBounce, bySES: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newReconciliation(t)
			r := w.Out(t, "a@example.com", "email")
			w.Sync(t)
			w.later(10 * time.Minute)
			c.entry.updated = w.Time
			w.ses.held["a@example.com"] = c.entry
			w.later(10 * time.Minute)
			if err := w.Undo(t.Context(), r.Address, "en", r.MadeBy, "email"); err != nil {
				t.Fatal(err)
			}
			for range 2 { // and once more, to be sure
				w.Sync(t)
				if w.ses.holds("a@example.com") != c.stays {
					t.Errorf("listed: %v", w.ses.held)
				}
				w.later(10 * time.Minute)
			}
			drift := w.reconcile(t, false)
			w.Sync(t)
			if bounced := w.Read(t, "a@example.com", "bounce").State == optout.Out; bounced != c.stays || w.ses.holds("a@example.com") != c.stays {
				t.Errorf("recorded: %v, %s, %v", bounced, counted(drift), w.ses.held)
			}
		})
	}
}

// SES has listed a dead mailbox, and a temporary bounce of it that was sent
// earlier is applied later: the next run records the entry all the same.
func TestABounceOfSESBesideATemporaryOne(t *testing.T) {
	w := newReconciliation(t)
	w.Out(t, "a@example.com", "email")
	w.Sync(t)
	w.later(time.Hour)
	w.ses.held["a@example.com"] = held{suppression.ListedBounce, w.Time, true}
	l := &feedback.Recorder{Store: w.Table, Key: testkit.Key(t), Now: func() time.Time { return w.Time }, Soft: feedback.SoftBounces{Days: 3, Within: 7}}
	w.later(time.Minute)
	soft := observationOf(t, "bounce", optout.In, optout.FromSoftBounces, w.Time)
	if err := l.Apply(ctx, [][]feedback.Observation{{soft}})[0]; err != nil {
		t.Fatal(err)
	}
	w.later(time.Hour)
	if d := w.reconcile(t, false); counted(d) != "unrecorded:1" || w.desk.Read(t, "a@example.com", "bounce").State != optout.Out {
		t.Errorf("%s: %+v", counted(d), w.desk.Read(t, "a@example.com", "bounce"))
	}
}

func counted(d suppression.Drift) string {
	var out []string
	for _, c := range []suppression.Cause{
		suppression.Missing, suppression.MissingErased, suppression.Unrecorded, suppression.StillListed, suppression.SESOwn, suppression.Unreadable,
	} {
		if d.Counts[c] > 0 {
			out = append(out, fmt.Sprintf("%s:%d", c, d.Counts[c]))
		}
	}
	return strings.Join(out, " ")
}

func calls(l *sesList) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(l.calls)) {
		if l.calls[name] > 0 {
			out = append(out, fmt.Sprintf("%s:%d", name, l.calls[name]))
		}
	}
	return strings.Join(out, " ")
}

func TestUnrecordedIsRecordedWithItsDate(t *testing.T) {
	w := newReconciliation(t)
	at := w.Time.AddDate(0, -2, 0)
	w.ses.held["B@Example.com"] = held{suppression.ListedBounce, at, true}
	w.reconcile(t, false)
	r := w.Read(t, "b@example.com", "bounce")
	if r.State != optout.Out || !r.FirstAt.Equal(at) || !r.OutSince.Equal(at) || r.Evidence.Source != optout.FromBounce || !r.Projection.DueAt.IsZero() {
		t.Errorf("%+v", r)
	}
}
