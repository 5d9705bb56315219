package testkit

import (
	"context"
	"testing"

	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
)

// Mailed sends all notices that are due, as the function notices does: the time
// in which a request can be confirmed begins with its mail.
func Mailed(tb testing.TB, s *request.Service, q request.NoticeQueue) {
	tb.Helper()
	n := request.Notifier{Service: s, Queue: q, Mailer: takesAll{}, Mails: &quota.Mails{
		Meter: &Counts{Now: s.Now}, Key: Key(tb), PerMailbox: 1000, PerDay: 1000,
	}}
	if _, err := n.Drain(background, func() bool { return false }); err != nil {
		tb.Fatal(err)
	}
}

type takesAll struct{}

func (takesAll) Mail(context.Context, []request.Letter) (string, error) { return "ses-1", nil }
