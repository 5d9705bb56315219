package request_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// post is the way of mails to people: it says what fails, and counts what was
// sent in spite of it.
type post struct {
	sent map[string]int // by request, event and template
	n    int
	fail func(n int) (err error, sent bool)
	then func() // after each mail, before its end is written
}

func (p *post) Mail(_ context.Context, letters []outbox.Item, _ func(outbox.Words) error) (string, error) {
	p.n++
	err, sent := error(nil), true
	if p.fail != nil {
		err, sent = p.fail(p.n)
	}
	for _, l := range letters {
		if sent {
			p.sent[fmt.Sprint(l.SubjectID, l.Seq, l.Template)]++
		}
	}
	if p.then != nil {
		p.then()
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprint("ses-", p.n), nil
}

func (d *desk) notifier() (*outbox.Drain, *post) {
	p := &post{sent: map[string]int{}}
	kinds := map[outbox.Template]outbox.Kind{}
	for _, t := range requestmail.Templates {
		kinds[t] = outbox.Kind{Owner: request.Letters{Service: d.Service}, Joined: true}
	}
	return &outbox.Drain{Queue: queue{d.optOuts.Outbox, d.store, false}, Kinds: kinds, Mailer: p, Caps: d.caps, Now: func() time.Time { return d.now }}, p
}

func never() bool { return false }

func (d *desk) drain(n *outbox.Drain) outbox.Report {
	d.t.Helper()
	report, err := n.Run(background, never)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	return report
}

// mailed is a request whose mails have gone.
func (d *desk) mailed(r request.Request) request.Request {
	d.t.Helper()
	n, _ := d.notifier()
	for d.drain(n).Sent > 0 {
	}
	return d.file(r.ID).Request
}

func TestNoticesAreSent(t *testing.T) {
	d := newDesk(t)
	n, p := d.notifier()
	r := d.open(d.asks(germany, deadline.Access))
	if got := d.drain(n); got != (outbox.Report{Sent: 1}) {
		t.Errorf("%+v", got)
	}
	d.confirm(r)
	d.later(time.Second)
	if got := d.drain(n); got != (outbox.Report{Sent: 1}) {
		t.Errorf("%+v", got)
	}
	if got := d.drain(n); got != (outbox.Report{}) || p.n != 2 {
		t.Errorf("%+v, %d mails", got, p.n)
	}
	f := d.file(r.ID)
	for i, notice := range f.Letters {
		if notice.State != outbox.Sent || notice.MessageID != fmt.Sprint("ses-", i+1) || notice.SentAt.IsZero() {
			t.Errorf("%+v", notice)
		}
	}
	e := d.event(r.ID, lifecycle.EventMailed)
	if e.Facts["template"] != "acknowledge" || e.Facts["result"] != "sent" || sesID(e) != "ses-2" || e.Actor != audit.BySystem {
		t.Errorf("%q", e.Facts)
	}
	if !f.Request.MailFailedAt.IsZero() || d.history(r.ID) != "received verification_asked mailed verified mailed" {
		t.Error(d.history(r.ID))
	}
}

// What becomes of a notice when its mail fails, and who is told.
func TestFailingNotices(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		state  outbox.State
		report outbox.Report
	}{
		"no answer":         {outbox.ErrUnsure, outbox.Unknown, outbox.Report{Unknown: 1}},
		"no answer, told":   {fmt.Errorf("send: %w", outbox.ErrUnsure), outbox.Unknown, outbox.Report{Unknown: 1}},
		"no such address":   {fault.New(fault.Invalid, "x"), outbox.Refused, outbox.Report{Refused: 1}},
		"SES is busy":       {fault.New(fault.Unavailable, "x"), outbox.Pending, outbox.Report{Failed: 1}},
		"SES must be set":   {fault.New(fault.Internal, "x"), outbox.Pending, outbox.Report{Failed: 1}},
		"something else":    {errors.New("odd"), outbox.Pending, outbox.Report{Failed: 1}},
		"the run is ending": {context.Canceled, outbox.Pending, outbox.Report{Failed: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			n, p := d.notifier()
			p.fail = func(int) (error, bool) { return c.err, false }
			r := d.open(d.asks(germany, deadline.Access))
			rung := 0
			n.Unknown = func(_ context.Context, of outbox.Letter) {
				rung++
				if is := d.file(r.ID).Letters[0]; of.SubjectID != r.ID || is.State != outbox.Sending {
					t.Errorf("told of %s, which is %s", of.SubjectID, is.State)
				}
			}
			if got := d.drain(n); got != c.report || rung != got.Unknown {
				t.Errorf("%+v, rung %d times", got, rung)
			}
			f := d.file(r.ID)
			if f.Letters[0].State != c.state || f.Request.MailFailedAt.IsZero() == (c.state == outbox.Refused) {
				t.Errorf("%+v, failed at %v", f.Letters[0], f.Request.MailFailedAt)
			}
			if settled := c.state != outbox.Pending; strings.HasSuffix(d.history(r.ID), "mail_failed") != settled {
				t.Error(d.history(r.ID))
			} else if settled && d.event(r.ID, lifecycle.EventMailFailed).Facts["result"] != string(c.state) {
				t.Errorf("%q", d.event(r.ID, lifecycle.EventMailFailed).Facts)
			}
			p.fail = nil
			if d.drain(n); p.n != 1 {
				t.Error("tried again at once")
			}
			d.later(time.Minute)
			want := 2
			if c.state != outbox.Pending {
				d.later(day)
				want = 1
			}
			if d.drain(n); p.n != want {
				t.Errorf("%d attempts", p.n)
			}
		})
	}
}

// A mail that must wait is tried when its time has come, and no longer when
// nothing is left to confirm.
func TestPostponedNotices(t *testing.T) {
	for name, c := range map[string]struct {
		act   func(*desk, string) (request.Request, error)
		state outbox.State
	}{
		"it goes": {nil, outbox.Sent},
		"the request has ended": {func(d *desk, id string) (request.Request, error) {
			return d.Withdraw(background, id, audit.ByPerson)
		}, outbox.Obsolete},
		"an officer has verified them": {func(d *desk, id string) (request.Request, error) {
			return d.Verify(background, id, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}})
		}, outbox.Obsolete},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			n, p := d.notifier()
			r := d.open(d.asks(germany, deadline.Access))
			room := d.caps.PerMailbox
			d.caps.PerMailbox = 0
			if got := d.drain(n); got != (outbox.Report{Postponed: 1}) {
				t.Errorf("%+v", got)
			}
			d.caps.PerMailbox = room
			end := d.now.Truncate(quota.Window).Add(quota.Window)
			d.now = end.Add(-time.Second)
			if d.drain(n); p.n != 0 {
				t.Error("tried before its time")
			}
			if c.act != nil {
				if _, err := c.act(d, r.ID); err != nil {
					t.Fatal(err)
				}
			}
			d.later(time.Second)
			d.drain(n)
			if got := d.file(r.ID).Letters[0].State; got != c.state {
				t.Errorf("%s after %d tries", got, p.n)
			}
		})
	}
}

// A run may die, and the table may fail, at every call: no mail goes twice,
// and what did not surely go is told as unknown and never hidden.
func TestNoticesKilledAtEveryCall(t *testing.T) {
	for _, mailDies := range []bool{false, true} {
		for step := 1; ; step++ {
			d := newDesk(t)
			r := d.opened(d.asks(germany, deadline.Access))
			d.store.calls = nil
			n, p := d.notifier()
			dead := false
			d.store.before = func(string) error {
				if len(d.store.calls) >= step || dead {
					dead = true
					return errDown
				}
				return nil
			}
			if mailDies {
				p.fail = func(n int) (error, bool) { return outbox.ErrUnsure, n == step }
			}
			_, _ = n.Run(background, never)
			calls := len(d.store.calls)
			d.store.before, p.fail, dead = nil, nil, false
			for range 5 {
				d.later(5 * time.Minute)
				d.drain(n)
			}
			d.checkSettled(r.ID, p)
			if calls < step {
				break
			}
		}
	}
}

func (d *desk) checkSettled(id string, p *post) {
	d.t.Helper()
	for _, notice := range d.file(id).Letters {
		switch sent := p.sent[fmt.Sprint(id, notice.Seq, notice.Template)]; {
		case sent > 1:
			d.t.Errorf("%s went %d times", notice.Template, sent)
		case notice.Template == requestmail.Verify && notice.State == outbox.Obsolete && sent == 0: // it is confirmed
		case notice.State == outbox.Sent && sent == 0, notice.State != outbox.Sent && notice.State != outbox.Unknown:
			d.t.Errorf("%s is %s, sent %d times", notice.Template, notice.State, sent)
		}
	}
}

// Two runs that look at once send one mail.
func TestTwoRunsAtOnce(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.asks(germany, deadline.Access))
	n, p := d.notifier()
	other, _ := d.notifier()
	other.Mailer = p
	p.then = func() {
		p.then = nil
		d.drain(other)
	}
	d.drain(n)
	if p.n != 1 || d.file(r.ID).Letters[0].State != outbox.Sent {
		t.Errorf("%d mails, %+v", p.n, d.file(r.ID).Letters)
	}

	// The second run finds the first one's attempt, given up for dead; the first
	// wakes up again, and its end comes too late.
	r = d.open(d.asks(germany, deadline.Erasure))
	rung := 0
	other.Unknown = func(context.Context, outbox.Letter) { rung++ }
	p.then = func() {
		p.then = nil
		d.later(11 * time.Minute)
		d.drain(other)
	}
	if got := d.drain(n); got.Sent != 1 {
		t.Errorf("%+v", got)
	}
	if f := d.file(r.ID); f.Letters[0].State != outbox.Unknown || p.n != 2 || rung != 1 || strings.Count(d.history(r.ID), "mail") != 1 {
		t.Errorf("%+v: %s", f.Letters, d.history(r.ID))
	}
}

// The request may change while its mail is under way.
func TestRequestChangesUnderTheMail(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.asks(germany, deadline.Access))
	n, p := d.notifier()
	p.then = func() {
		p.then = nil
		d.confirm(r)
		d.ok(d.Withdraw(background, r.ID, audit.ByPerson))
	}
	d.drain(n)
	if f := d.file(r.ID); f.Letters[0].State != outbox.Sent || f.Request.State != lifecycle.Withdrawn {
		t.Errorf("%+v", f.Letters)
	}
	if d.history(r.ID) != "received verification_asked verified withdrawn mailed" {
		t.Error(d.history(r.ID))
	}
}

// One notice that cannot be sent holds up no other.
func TestOneBadNoticeHoldsUpNoOther(t *testing.T) {
	for name, err := range map[string]error{
		"disposed of":    fault.New(fault.NotFound, "There is no such request."),
		"cannot be read": fault.Wrap(fault.Internal, errors.New("bad row"), "load a request"),
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.open(d.asks(germany, deadline.Access))
			d.later(time.Second)
			good := d.open(d.asks(germany, deadline.Erasure))
			first := true
			d.store.before = func(call string) error {
				if call == "load" && first {
					first = false
					return err
				}
				return nil
			}
			n, p := d.notifier()
			report, got := n.Run(background, never)
			if report.Sent != 1 || p.sent[fmt.Sprint(good.ID, 2, requestmail.Verify)] != 1 {
				t.Errorf("%+v, %v", report, p.sent)
			}
			// A bug is told of; what was disposed of is none.
			if (got == nil) != (fault.CodeOf(err) == fault.NotFound) {
				t.Errorf("error %v", got)
			}
		})
	}
	d := newDesk(t)
	d.open(d.asks(germany, deadline.Access))
	d.open(d.asks(germany, deadline.Erasure))
	d.store.before = func(string) error { return errDown }
	n, p := d.notifier()
	d.store.calls = nil
	if _, err := n.Run(background, never); fault.CodeOf(err) != fault.Unavailable || p.n != 0 || len(d.store.calls) != 1 {
		t.Errorf("the table is down: %v after %q", err, d.store.calls)
	}
}

// No mail is begun that Lambda would cut off: it would be neither sent nor
// surely unsent.
func TestNotifierStopsInTime(t *testing.T) {
	d := newDesk(t)
	for i := range 3 {
		in := d.asks(germany, deadline.Access)
		in.Address = d.address(fmt.Sprintf("marvin%d@example.com", i))
		d.open(in)
	}
	n, p := d.notifier()
	p.then = func() { d.later(20 * time.Second) }
	stopAt := d.now.Add(30 * time.Second)
	report, err := n.Run(background, func() bool { return !d.now.Before(stopAt) })
	if err != nil || report.Sent != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	if report := d.drain(n); report.Sent != 1 {
		t.Errorf("what was left: %+v", report)
	}
}

// What surely failed, or may have, can be asked for again by an officer.
func TestMailAgain(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	n, p := d.notifier()
	_, err := d.MailAgain(background, r.ID, "dpo", requestmail.Acknowledge)
	d.wantFault(err, fault.Conflict, "on its way")
	_, err = d.MailAgain(background, r.ID, "dpo", requestmail.Decision)
	d.wantFault(err, fault.Conflict, "never due")
	_, err = d.MailAgain(background, r.ID, "dpo", "spam")
	d.wantFault(err, fault.Conflict, "never due")
	d.wantUnchanged(r)

	p.fail = func(int) (error, bool) { return outbox.ErrUnsure, true }
	d.drain(n)
	p.fail = nil
	d.later(time.Minute)
	r = d.ok(d.MailAgain(background, r.ID, "dpo", requestmail.Acknowledge))
	_, err = d.MailAgain(background, r.ID, "dpo", requestmail.Acknowledge)
	d.wantFault(err, fault.Conflict, "on its way")
	if e := d.event(r.ID, lifecycle.EventNoted); by(e) != "officer:dpo" || e.Facts["mail_again"] != "acknowledge" {
		t.Errorf("%q %q", e.Actor, e.Facts)
	}
	if got := d.drain(n); got.Sent != 1 {
		t.Errorf("%+v", got)
	}
	_, err = d.MailAgain(background, r.ID, "dpo", requestmail.Acknowledge)
	d.wantFault(err, fault.Conflict, "was sent")
	// Of mails that come several times, the last one counts.
	for range 2 {
		r = d.ok(d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
		d.drain(n)
		r = d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
		p.fail = func(int) (error, bool) { return outbox.ErrUnsure, true }
	}
	r = d.ok(d.MailAgain(background, r.ID, "dpo", requestmail.Waiting))
	// The link to confirm has a way of its own, with a limit.
	u := d.open(d.asks(germany, deadline.Access))
	p.fail = func(int) (error, bool) { return outbox.ErrUnsure, true }
	d.drain(n)
	_, err = d.MailAgain(background, u.ID, "dpo", requestmail.Verify)
	d.wantFault(err, fault.Conflict, "resend")
}
