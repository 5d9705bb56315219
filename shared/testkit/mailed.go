package testkit

import (
	"context"
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
)

// File is a request's file. Its history is held to its last entry.
func File(tb testing.TB, store interface {
	File(ctx context.Context, id string) (request.File, error)
}, id string) request.File {
	tb.Helper()
	f, err := store.File(tb.Context(), id)
	if err != nil {
		tb.Fatal(err)
	}
	if err := audit.Verify(f.Events, f.Request.Head); err != nil {
		tb.Error(err)
	}
	return f
}

// Mailed sends all letters about requests that are due, as the function notices
// does: the time in which a request can be confirmed begins with its mail.
func Mailed(tb testing.TB, s *request.Service, q outbox.Queue) {
	tb.Helper()
	d := Drain(tb, s, q)
	d.Caps.PerMailbox, d.Caps.PerDay = 1000, 1000
	if _, err := d.Run(tb.Context(), func() bool { return false }); err != nil {
		tb.Fatal(err)
	}
}

// Drain sends letters about requests to a mailer that takes all.
func Drain(tb testing.TB, s *request.Service, q outbox.Queue) *outbox.Drain {
	tb.Helper()
	kinds := map[outbox.Template]outbox.Kind{}
	for _, t := range requestmail.Templates {
		kinds[t] = outbox.Kind{Owner: request.Letters{Service: s}, Joined: true, Keeps: true}
	}
	return &outbox.Drain{
		Queue: q, Kinds: kinds, Mailer: takesAll{}, Now: s.Now,
		Caps: &quota.Mails{Meter: &Counts{Now: s.Now}, Key: Key(tb), PerMailbox: 3, PerDay: 1000},
	}
}

type takesAll struct{}

func (takesAll) Mail(_ context.Context, items []outbox.Item, keep func(outbox.Words) error) (string, error) {
	return "ses-1", keep(outbox.Words{Subject: string(items[0].Template), Text: "Dear person, " + items[0].SubjectID})
}
