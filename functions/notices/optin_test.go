package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

// Coming back is confirmed by mail.
func TestOptInConfirmation(t *testing.T) {
	r := newRig(t)
	a := testkit.Address(t, marvin)
	ask := optout.OptInConfirmation{Ref: testkit.Key(t).Ref(a), Address: a, Language: "en", QueuedAt: r.clock, Versions: map[optout.Scope]int{"email": 3, "email/newsletter": 1}}
	r.asks(ask)
	r.run()
	c := r.opens(r.last(), "/preferences/confirm/", link.OptIn)
	if c.Address != a || c.Versions["email"] != 3 || c.Versions["email/newsletter"] != 1 || !c.ExpiresAt.Equal(testkit.T0.AddDate(0, 0, 8).Truncate(24*time.Hour)) {
		t.Errorf("%+v", c)
	}
	if r.run(); len(r.post.mails) != 1 {
		t.Errorf("%d mails", len(r.post.mails))
	}
}

// Whoever is back hears of it, with a way to stop it again.
func TestWhoeverIsBackIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		scopes   []optout.Scope
		stop     string       // where the button leads
		purpose  link.Purpose // of that
		oneClick string       // the topic of List-Unsubscribe; "-": there is none
	}{
		"all e-mail":         {[]optout.Scope{"email"}, "/u/", link.Unsubscribe, ""},
		"a topic":            {[]optout.Scope{"email/newsletter"}, "/u/", link.Unsubscribe, "newsletter"},
		"topics":             {[]optout.Scope{"email/newsletter", "email/events"}, "/preferences/", link.Preferences, ""},
		"a topic and others": {[]optout.Scope{"email/newsletter", "sms"}, "/preferences/", link.Preferences, "newsletter"},
		"no e-mail":          {[]optout.Scope{"sms", "post"}, "/preferences/", link.Preferences, "-"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			a := testkit.Address(t, marvin)
			ask := optout.OptInConfirmation{Ref: testkit.Key(t).Ref(a), Address: a, Language: "en", QueuedAt: r.clock, Versions: map[optout.Scope]int{}, Confirmed: true}
			for _, s := range c.scopes {
				ask.Versions[s] = 0
			}
			r.asks(ask)
			r.run()
			m := r.last()
			if claims := r.opens(m, c.stop, c.purpose); claims.Address != a || !claims.ExpiresAt.IsZero() {
				t.Errorf("%+v", claims)
			}
			header := ""
			for _, h := range m.Headers {
				if h.Name == "List-Unsubscribe" {
					header = strings.TrimSuffix(strings.TrimPrefix(h.Value, "<https://privacy.example.com/u/"), ">")
				}
			}
			claims, err := r.ring.Open(link.Unsubscribe, header, r.clock)
			if c.oneClick == "-" && header != "" || c.oneClick != "-" && (err != nil || claims.Topic != c.oneClick || claims.Address != a) {
				t.Errorf("one-click %q: %+v, %v", header, claims, err)
			}
			if r.run(); len(r.post.mails) != 1 {
				t.Errorf("%d mails", len(r.post.mails))
			}
		})
	}
	// Nothing is told that is not so any more.
	r := newRig(t)
	a := testkit.Address(t, marvin)
	ask := optout.OptInConfirmation{Ref: testkit.Key(t).Ref(a), Address: a, Language: "en", QueuedAt: r.clock, Versions: map[optout.Scope]int{"email": 0}, Confirmed: true}
	left := optout.Change{Key: optout.Key{Ref: ask.Ref, Scope: "email"}, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromForm, At: r.clock}}
	if err := r.optOuts.ApplyAll(background, []optout.Change{left}, &ask); err != nil {
		t.Fatal(err)
	}
	if r.run(); r.post.tries != 0 || r.figures.Len() != 0 {
		t.Errorf("%d mails", r.post.tries)
	}
}

// An opt-in confirmation of which nobody knows whether it went rings, and goes
// again.
func TestAnUnsureOptInConfirmation(t *testing.T) {
	r := newRig(t)
	a := testkit.Address(t, marvin)
	ask := optout.OptInConfirmation{Ref: testkit.Key(t).Ref(a), Address: a, Language: "en", QueuedAt: r.clock, Versions: map[optout.Scope]int{"email": 1}}
	r.asks(ask)
	r.post.err = fault.Wrap(fault.Unavailable, ses.ErrUnsure, "send a mail")
	if r.run(); !strings.Contains(r.figures.String(), `"MailsUnknown":1`) {
		t.Error(r.figures.String())
	}
	r.post.err, r.clock = nil, r.clock.Add(11*time.Minute)
	if r.run(); len(r.post.mails) != 1 {
		t.Errorf("%d mails", len(r.post.mails))
	}
}

// An hour without SES loses no opt-in confirmation, however often it was tried; a
// mailbox that is none is not tried for ever, and the deadline holds here too.
func TestOptInConfirmationsOutliveAnOutage(t *testing.T) {
	r := newRig(t)
	a := testkit.Address(t, marvin)
	ask := func() {
		t.Helper()
		r.asks(optout.OptInConfirmation{Ref: testkit.Key(t).Ref(a), Address: a, Language: "en", QueuedAt: r.clock, Versions: map[optout.Scope]int{"email": 1}})
	}
	ask()
	r.post.err = fault.New(fault.Unavailable, "no answer")
	for range 120 {
		r.clock = r.clock.Add(time.Minute)
		r.run()
	}
	if r.post.tries <= r.mails.PerMailbox {
		t.Errorf("%d attempts", r.post.tries)
	}
	r.post.err, r.clock = nil, r.clock.Add(time.Hour)
	if r.run(); len(r.post.mails) != 1 {
		t.Error("the mail is lost")
	}
	r.clock = r.clock.Add(24 * time.Hour)
	ask()
	r.post.err = fault.New(fault.Invalid, "no such mailbox")
	tries := r.post.tries
	for range 5 {
		r.run()
		r.clock = r.clock.Add(time.Hour)
	}
	if r.post.tries != tries+1 || !strings.Contains(r.figures.String(), `"MailsRefused":1`) {
		t.Errorf("%d attempts", r.post.tries-tries)
	}
	ask()
	short, end := context.WithTimeout(t.Context(), margin/2)
	defer end()
	if _, err := r.handle(short, boot.Hint{}); err != nil || r.post.tries != tries+1 {
		t.Errorf("begun too late: %v", err)
	}
}

// "Unsubscribe and delete my data" that could not become a request at once
// does here, and its mail goes in the same run.
func TestWishesBecomeRequests(t *testing.T) {
	r := newRig(t)
	a := testkit.Address(t, marvin)
	_, err := r.optOuts.Apply(background, optout.Change{
		Key: optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "email"}, To: optout.Out, Address: a, Name: "Marvin",
		Evidence: optout.Evidence{Source: optout.FromForm, At: r.clock}, ErasureRequested: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.clock = r.clock.Add(24 * time.Hour)
	r.run()
	c := r.opens(r.last(), "/requests/confirm/", link.Confirm)
	if text := r.last().Text; !strings.Contains(strings.Join(strings.Fields(text), " "), "You are unsubscribed already: that needs no confirmation") {
		t.Error("nobody is told that the opt-out holds:", text)
	}
	q := r.file(c.Request).Request
	if !slices.Equal(q.Kinds, []intake.Kind{deadline.Erasure}) || !q.ReceivedAt.Equal(testkit.T0) || q.Source != intake.FromUnsubscribe {
		t.Errorf("%+v", q)
	}
	if r.run(); len(r.post.mails) != 1 || !strings.Contains(r.out.String(), "pending erasures opened") {
		t.Errorf("%d mails: %s", len(r.post.mails), r.out.String())
	}
}

// What strangers cause in somebody's name uses up no mail by which they come
// back; and who asks for that again and again waits, and loses nothing.
func TestOptInConfirmationsAreCappedApart(t *testing.T) {
	r := newRig(t)
	for range 10 {
		r.open(r.intake(germany, deadline.Access))
		r.run()
	}
	a := testkit.Address(t, marvin)
	before := len(r.post.mails)
	for range 10 {
		ask := optout.OptInConfirmation{Ref: testkit.Key(t).Ref(a), Address: a, Language: "en", QueuedAt: r.clock, Versions: map[optout.Scope]int{"email": 1}}
		r.asks(ask)
		r.run()
	}
	if got := len(r.post.mails) - before; got != r.mails.PerMailbox {
		t.Errorf("%d mails", got)
	}
	asked := r.clock
	r.clock = r.clock.Truncate(quota.Window).Add(quota.Window)
	r.run()
	if c := r.opens(r.post.mails[len(r.post.mails)-2], "/preferences/confirm/", link.OptIn); !c.ExpiresAt.Equal(optin.ConfirmUntil(r.clock, time.UTC)) || r.clock.Sub(asked) < time.Minute {
		t.Errorf("the last one is lost: %+v", c)
	}
}
