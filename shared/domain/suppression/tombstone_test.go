package suppression_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// Without an address a person cannot be put on the list again: the run reports it.
// Whoever came back is taken off it by the entry's own spelling.
func TestReconciliationMeetsTombstones(t *testing.T) {
	for name, c := range map[string]struct {
		in, listed bool
		want       string
		held       bool
	}{
		"out, and SES has it":      {listed: true, want: "", held: true},
		"out, and SES has lost it": {want: "missing_erased:1"},
		"in, and SES has it still": {in: true, listed: true, want: "still_listed:1"},
		"in, and SES has it not":   {in: true, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newReconciliation(t)
			w.Out(t, gone, "email")
			w.desk.Sync(t)
			if c.in {
				w.in(t, gone)
			}
			w.MakeTombstone(t, gone, "email", true)
			if delete(w.ses.held, gone); c.listed {
				w.ses.held[gone] = held{suppression.ListedComplaint, testkit.T0, false}
			}
			w.later(time.Hour)
			d := w.reconcile(t, false)
			if got := counted(d); got != c.want || w.ses.holds(gone) != c.held {
				t.Errorf("found %q, SES holds it: %v", got, w.ses.holds(gone))
			}
			r := w.desk.Read(t, gone, "email")
			if !r.Tombstone() || !r.Projection.DueAt.IsZero() {
				t.Errorf("%+v", r)
			}
			// What SES has lost, the next opt-out brings back to it.
			lost := !c.in && !c.listed
			if w.Out(t, gone, "email"); lost || c.in {
				w.desk.Sync(t)
			}
			if r = w.desk.Read(t, gone, "email"); r.Address.IsZero() == (lost || c.in) || !w.ses.holds(gone) {
				t.Errorf("%+v, SES holds it: %v", r, w.ses.holds(gone))
			}
		})
	}
}
