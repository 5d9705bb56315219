package optout_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

// mailer sends, refuses or fails.
type mailer struct {
	sent []optout.OptInConfirmation
	err  error
}

func (v *mailer) Mail(_ context.Context, items []outbox.Item) (string, error) {
	if v.err == nil {
		v.sent = append(v.sent, items[0].Subject.About.(optout.OptInConfirmation))
	}
	return "ses-1", v.err
}

// mails lets the outbox work.
func (d *desk) mails(t *testing.T, v outbox.Mailer) outbox.Report {
	t.Helper()
	now := func() time.Time { return d.Time }
	kind := outbox.Kind{Owner: optout.Confirmations{Store: d.Table, Ender: d.Table.Outbox, Now: now}, Repeats: true}
	drain := outbox.Drain{
		Queue: d.Table.Outbox, Kinds: map[outbox.Template]outbox.Kind{optout.MailOptIn: kind, optout.MailOptedIn: kind}, Mailer: v, Now: now,
		Caps: &quota.Mails{Meter: &testkit.Counts{Now: now}, Key: d.Key, PerMailbox: 1000},
	}
	report, err := drain.Run(ctx, func() bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// confirmations are those of a person that have not gone.
func (d *desk) confirmations(t *testing.T, a person.Address) []optout.OptInConfirmation {
	t.Helper()
	all, err := d.Table.ConfirmationsOf(ctx, d.Key.Ref(a))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What becomes of an opt-in confirmation: none is lost, and none is for ever.
func TestOptInConfirmationsAreSent(t *testing.T) {
	d := newDesk(t)
	d.Out(t, "a@example.com", "email")
	ask := func() {
		t.Helper()
		if _, err := d.Choose(ctx, testkit.Address(t, "a@example.com"), "en", []optout.Choice{{Scope: "email", To: optout.In}}); err != nil {
			t.Fatal(err)
		}
	}
	v := &mailer{err: errors.New("SES is down")}
	step := func(later time.Duration, err error, want outbox.Report) {
		t.Helper()
		d.Time, v.err = d.Time.Add(later), err
		if got := d.mails(t, v); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	ask()
	step(0, errors.New("SES is down"), outbox.Report{Failed: 1})
	step(0, nil, outbox.Report{}) // not again at once
	step(time.Minute, nil, outbox.Report{Sent: 1})
	step(time.Hour, nil, outbox.Report{})
	ask()
	step(0, outbox.ErrUnsure, outbox.Report{Unknown: 1})
	step(time.Minute, nil, outbox.Report{})
	step(10*time.Minute, nil, outbox.Report{Sent: 1}) // a second one does no harm
	ask()
	step(0, fault.New(fault.Invalid, "no such mailbox"), outbox.Report{Refused: 1})
	step(time.Hour, nil, outbox.Report{})
	ask()
	step(optout.ConfirmWithin, nil, outbox.Report{}) // its link would be over
	if len(v.sent) != 2 || len(d.confirmations(t, testkit.Address(t, "a@example.com"))) != 0 {
		t.Errorf("%+v", v.sent)
	}
}

// Several choices to come back are one mail, and it names only what the person
// has not chosen otherwise since.
func TestOptInConfirmationsAreJoined(t *testing.T) {
	const who = "a@example.com"
	ask := func(scopes ...optout.Scope) func(*testing.T, *desk) {
		return func(t *testing.T, d *desk) {
			var choices []optout.Choice
			for _, s := range scopes {
				choices = append(choices, optout.Choice{Scope: s, To: optout.In})
			}
			if _, err := d.Choose(ctx, testkit.Address(t, who), "en", choices); err != nil {
				t.Fatal(err)
			}
		}
	}
	leave := func(s optout.Scope) func(*testing.T, *desk) {
		return func(t *testing.T, d *desk) { d.Out(t, who, s) }
	}
	for name, c := range map[string]struct {
		do   []func(*testing.T, *desk)
		want string
	}{
		"one after the other":       {[]func(*testing.T, *desk){ask("email"), ask("sms")}, "map[email:1 sms:1]"},
		"the same twice":            {[]func(*testing.T, *desk){ask("sms"), ask("sms")}, "map[sms:1]"},
		"one left again":            {[]func(*testing.T, *desk){ask("email", "sms"), leave("email")}, "map[sms:1]"},
		"left again, and asked too": {[]func(*testing.T, *desk){ask("email"), leave("email"), ask("email")}, "map[email:2]"},
		"all left again":            {[]func(*testing.T, *desk){ask("sms"), leave("sms")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			leave("email")(t, d)
			leave("sms")(t, d)
			for _, do := range c.do {
				do(t, d)
				d.Time = d.Time.Add(time.Second)
			}
			v := &mailer{}
			for range 2 {
				d.mails(t, v)
			}
			got := ""
			for _, a := range v.sent {
				got += fmt.Sprint(a.Versions)
			}
			if got != c.want {
				t.Errorf("asked %q, want %q", got, c.want)
			}
		})
	}
}
