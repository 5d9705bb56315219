package request_test

import (
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// TestWhatCountsUnconfirmed: a complaint, and an opt-out from automated decisions, do not end because nobody opened a
// link. An officer looks at them until somebody has confirmed them.
func TestWhatCountsUnconfirmed(t *testing.T) {
	for kind, counts := range map[intake.Kind]bool{
		deadline.Complaint: true, deadline.AutomatedOptOut: true, deadline.AutomatedAccess: false, deadline.Access: false,
	} {
		t.Run(string(kind), func(t *testing.T) {
			d := newDesk(t)
			in := d.asks(germany, kind)
			in.Details = "You sold my address."
			r := d.open(in)
			watch, _ := r.Watched()
			if waits := watch == ""; waits != counts || (r.Look != nil && r.Look.Why == lifecycle.LookCounts) != counts || r.State != lifecycle.Unverified {
				t.Errorf("%s, watched for %q, look %v", r.State, watch, r.Look)
			}
			if r = d.confirm(r); r.Look != nil || r.State != lifecycle.Open {
				t.Errorf("confirmed: %s, look %v", r.State, r.Look)
			}
		})
	}
}
