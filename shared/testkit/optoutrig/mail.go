package optoutrig

import (
	"context"
	"testing"
	"time"

	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

// Mailer sends opt-in confirmations, or fails with Err.
type Mailer struct {
	Sent []optout.OptInConfirmation
	Err  error
}

// Mail implements outbox.Mailer.
func (v *Mailer) Mail(_ context.Context, items []outbox.Item, _ func(outbox.Words) error) (string, error) {
	if v.Err == nil {
		v.Sent = append(v.Sent, items[0].Subject.About.(optout.OptInConfirmation))
	}
	return "ses-1", v.Err
}

// Mail lets the outbox work.
func (d *Desk) Mail(t testing.TB, v outbox.Mailer) outbox.Report {
	t.Helper()
	now := func() time.Time { return d.Time }
	kind := outbox.Kind{Owner: optin.Confirmations{Store: d.Table, Ender: d.Table.Outbox, Now: now}, Repeats: true}
	drain := outbox.Drain{
		Queue: d.Table.Outbox, Kinds: map[outbox.Template]outbox.Kind{optin.MailOptIn: kind, optin.MailOptedIn: kind}, Mailer: v, Now: now,
		Caps: &quota.Mails{Meter: &testkit.Counts{Now: now}, Key: d.Key, PerMailbox: 1000},
	}
	report, err := drain.Run(ctx, func() bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Confirmations are those of a person that have not gone.
func (d *Desk) Confirmations(t testing.TB, a person.Address) []optout.OptInConfirmation {
	t.Helper()
	all, err := d.Table.ConfirmationsOf(ctx, d.Key.Ref(a))
	if err != nil {
		t.Fatal(err)
	}
	return all
}
