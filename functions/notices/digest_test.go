package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// hour runs the clock and then the function, and returns the mails that the
// officer has got since.
func (r *rig) hour() []ses.Mail {
	r.t.Helper()
	before := len(r.post.mails)
	clock := agenda.Clock{Service: r.service, Agenda: r.store, Letters: r.optOuts.Outbox}
	if _, err := clock.Run(background, func() bool { return false }); err != nil {
		r.t.Fatal(err)
	}
	r.run()
	return slices.DeleteFunc(slices.Clone(r.post.mails[before:]), func(m ses.Mail) bool { return m.To.Reveal() != officer })
}

// acknowledged is a request that was confirmed, and whose mails have gone.
func (r *rig) acknowledged() request.Request {
	r.t.Helper()
	q := r.opened(r.intake(germany, deadline.Access))
	r.run()
	return r.file(q.ID).Request
}

// A request from its opening until it is long overdue: every digest.
func TestTheDigestsOfARequest(t *testing.T) {
	r := newRig(t)
	q := r.acknowledged()
	for _, at := range []struct {
		days    int
		subject string
	}{
		{-20, ""}, {-9, "Privacy requests: 1 due date is near"}, {-8, ""}, {-4, "Privacy requests: 1 due date is near"},
		{-1, "Privacy requests: 1 due date is near"}, {0, "Privacy requests: 1 due date is near"},
		{1, "Privacy requests: 1 is overdue"}, {2, ""}, {8, "Privacy requests: 1 is overdue"}, {9, ""},
	} {
		r.clock = q.DueAt.AddDate(0, 0, at.days).Add(-time.Hour)
		got := ""
		for _, m := range append(r.hour(), r.hour()...) {
			got += m.Subject
			if !strings.Contains(m.Text, q.ID) || !strings.Contains(m.Text, "Art. 12(3) GDPR") || !strings.Contains(m.Text, "Place: Germany") ||
				!strings.Contains(m.Text, "https://privacy.example.com/desk\n") || !strings.Contains(m.Text, "https://privacy.example.com/desk/requests/"+q.ID+"\n") {
				t.Errorf("day %d:\n%s", at.days, m.Text)
			}
			for _, secret := range private[1:] {
				if strings.Contains(m.Subject+m.Text+m.HTML, secret) {
					t.Errorf("day %d: %q is told:\n%s", at.days, secret, m.Text)
				}
			}
		}
		if got != at.subject {
			t.Errorf("day %d: %q, want %q", at.days, got, at.subject)
		}
	}
}

// A digest that SES does not take is tried until it does; one without an answer
// rings, and comes again.
func TestDigestFails(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		figure string
		again  time.Duration
	}{
		"busy":       {fault.New(fault.Unavailable, "too many requests"), `"MailsFailed":1`, time.Minute},
		"no mailbox": {fault.New(fault.Invalid, "SES does not take this address"), `"MailsFailed":1`, time.Minute},
		"no answer":  {fault.Wrap(fault.Unavailable, ses.ErrUnsure, "send a mail"), `"MailsUnknown":1`, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.clock = r.acknowledged().DueAt.Add(-time.Hour)
			r.post.err = c.err
			if got := r.hour(); len(got) != 0 || !strings.Contains(r.figures.String(), c.figure) || !strings.Contains(r.out.String(), `"mail not sent","mail":"digest"`) {
				t.Errorf("%d mails\n%s%s", len(got), r.figures.String(), r.out.String())
			}
			r.post.err = nil
			if got := r.hour(); len(got) != 0 {
				t.Errorf("again too early: %d", len(got))
			}
			r.clock = r.clock.Add(c.again)
			if got := r.hour(); len(got) != 1 || strings.Contains(got[0].Text, "may not have arrived") != (name == "no answer") {
				t.Errorf("then %d mails: %v", len(got), got)
			}
			if r.clock = r.clock.Add(time.Minute); len(r.hour()) != 0 {
				t.Error("and again")
			}
		})
	}
}
