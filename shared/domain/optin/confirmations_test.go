package optin_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/optoutrig"
)

// What becomes of an opt-in confirmation: none is lost, and none is for ever.
func TestOptInConfirmationsAreSent(t *testing.T) {
	d := optoutrig.New(t)
	d.Out(t, "a@example.com", "email")
	ask := func() {
		t.Helper()
		if _, err := d.Choose(t.Context(), testkit.Address(t, "a@example.com"), "en", []optout.Choice{{Scope: "email", To: optout.In}}); err != nil {
			t.Fatal(err)
		}
	}
	v := &optoutrig.Mailer{Err: errors.New("SES is down")}
	step := func(later time.Duration, err error, want outbox.Report) {
		t.Helper()
		d.Time, v.Err = d.Time.Add(later), err
		if got := d.Mail(t, v); got != want {
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
	step(optin.ConfirmWithin, nil, outbox.Report{}) // its link would be over
	if len(v.Sent) != 2 || len(d.Confirmations(t, testkit.Address(t, "a@example.com"))) != 0 {
		t.Errorf("%+v", v.Sent)
	}
}

// Several choices to come back are one mail, and it names only what the person
// has not chosen otherwise since.
func TestOptInConfirmationsAreJoined(t *testing.T) {
	const who = "a@example.com"
	ask := func(scopes ...optout.Scope) func(*testing.T, *optoutrig.Desk) {
		return func(t *testing.T, d *optoutrig.Desk) {
			var choices []optout.Choice
			for _, s := range scopes {
				choices = append(choices, optout.Choice{Scope: s, To: optout.In})
			}
			if _, err := d.Choose(t.Context(), testkit.Address(t, who), "en", choices); err != nil {
				t.Fatal(err)
			}
		}
	}
	leave := func(s optout.Scope) func(*testing.T, *optoutrig.Desk) {
		return func(t *testing.T, d *optoutrig.Desk) { d.Out(t, who, s) }
	}
	for name, c := range map[string]struct {
		do   []func(*testing.T, *optoutrig.Desk)
		want string
	}{
		"one after the other":       {[]func(*testing.T, *optoutrig.Desk){ask("email"), ask("sms")}, "map[email:1 sms:1]"},
		"the same twice":            {[]func(*testing.T, *optoutrig.Desk){ask("sms"), ask("sms")}, "map[sms:1]"},
		"one left again":            {[]func(*testing.T, *optoutrig.Desk){ask("email", "sms"), leave("email")}, "map[sms:1]"},
		"left again, and asked too": {[]func(*testing.T, *optoutrig.Desk){ask("email"), leave("email"), ask("email")}, "map[email:2]"},
		"one topic alone":           {[]func(*testing.T, *optoutrig.Desk){ask("email/news")}, "map[email:1 email/events:-2 email/news:-1 email/offers:-2]"},
		"two topics, one by one":    {[]func(*testing.T, *optoutrig.Desk){ask("email/news"), ask("email/events", "sms")}, "map[email:1 email/events:-1 email/news:-1 email/offers:-2 sms:1]"},
		"one topic, all left again": {[]func(*testing.T, *optoutrig.Desk){ask("email/news", "sms"), leave("email")}, "map[sms:1]"},
		"that topic left again":     {[]func(*testing.T, *optoutrig.Desk){ask("email/news"), leave("email/news")}, ""},
		"a topic and all":           {[]func(*testing.T, *optoutrig.Desk){ask("email/news", "email")}, "map[email:1]"},
		"all left again":            {[]func(*testing.T, *optoutrig.Desk){ask("sms"), leave("sms")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := optoutrig.New(t)
			d.Topics = []optout.Scope{"email/news", "email/events", "email/offers"}
			leave("email")(t, d)
			leave("sms")(t, d)
			for _, do := range c.do {
				do(t, d)
				d.Time = d.Time.Add(time.Second)
			}
			v := &optoutrig.Mailer{}
			for range 2 {
				d.Mail(t, v)
			}
			got := ""
			for _, a := range v.Sent {
				got += fmt.Sprint(a.Versions)
			}
			if got != c.want {
				t.Errorf("asked %q, want %q", got, c.want)
			}
		})
	}
}
