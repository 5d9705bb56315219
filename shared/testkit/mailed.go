package testkit

import (
	"context"
	"testing"

	"privacydesk/shared/quota"
	"privacydesk/shared/rights"
)

// Mailed sends all notices that are due, as the function notices does: the time
// in which a request can be confirmed begins with its mail.
func Mailed(tb testing.TB, s *rights.Service, q rights.NoticeQueue) {
	tb.Helper()
	n := rights.Notifier{Service: s, Queue: q, Mailer: takesAll{}, Mails: &quota.Mails{
		Meter: &Counts{Now: s.Now}, Key: Key(tb), PerMailbox: 1000, PerDay: 1000,
	}}
	if _, err := n.Drain(background, func() bool { return false }); err != nil {
		tb.Fatal(err)
	}
}

type takesAll struct{}

func (takesAll) Mail(context.Context, []rights.Letter) (string, error) { return "ses-1", nil }
