package request_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
)

// A request that reached us late is not disposed of while the link that asks to confirm it is good; one that came at
// once counts from its receipt. That the mail is sent again changes neither.
func TestUnverifiedCountsFromTheMailThatAsksToConfirm(t *testing.T) {
	for name, late := range map[string]time.Duration{"at once": 0, "a day late": day, "60 days late": 60 * day} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			in := d.asks(germany, deadline.Access)
			in.ReceivedAt = d.now.Add(-late)
			entered, r := d.now, d.open(in)
			d.later(6 * day)
			for range d.Settings.Resends {
				r = d.ok(d.Resend(background, r.ID, audit.ByPerson))
			}
			if class, since := requestlog.Disposal(&r); class != schedule.UnverifiedRequest || !since.Equal(entered) || !r.VerifyBy.Equal(dayEnd(since, 7)) {
				t.Errorf("%s since %s; it was entered on %s, and can be confirmed until %s", class, since, entered, r.VerifyBy)
			}
		})
	}
}
