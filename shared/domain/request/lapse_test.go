package request_test

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// sent lets all mails go that are due.
func (d *desk) sent() {
	d.t.Helper()
	n, _ := d.notifier()
	if _, err := n.Run(background, never); err != nil {
		d.t.Fatalf("%v", err)
	}
}

// What becomes of a request whose person does not answer, by the law of the
// place, the cause and what became of our question.
func TestLapse(t *testing.T) {
	child := func(d *desk, place deadline.Jurisdiction) request.Request {
		return d.opened(d.asks(place, deadline.ChildErasure))
	}
	ask := func(cause deadline.Cause) func(*desk, deadline.Jurisdiction) request.Request {
		return func(d *desk, place deadline.Jurisdiction) request.Request {
			w := waiting.Waiting{Cause: cause, Question: "Which one?"}
			if cause == deadline.Fee {
				w.Fee = &waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.Excessive}
			}
			return d.ok(d.Ask(background, d.opened(d.asks(place, deadline.Access)).ID, "dpo", w))
		}
	}
	for name, c := range map[string]struct {
		of     func(*desk, deadline.Jurisdiction) request.Request
		place  deadline.Jurisdiction
		unsent bool
		want   lifecycle.Event
	}{
		"no proof":                                      {of: ask(deadline.Identity), place: germany, want: lifecycle.EventExpired},
		"a child's, no proof":                           {of: child, place: germany, want: lifecycle.EventExpired},
		"no fee, in Britain":                            {of: ask(deadline.Fee), place: britain, want: lifecycle.EventExpired},
		"no answer what is meant":                       {of: ask(deadline.Clarification), place: germany, want: lifecycle.EventResumed},
		"no answer, in Britain":                         {of: ask(deadline.Clarification), place: britain, want: lifecycle.EventResumed},
		"the question never went":                       {of: ask(deadline.Identity), place: germany, unsent: true, want: lifecycle.EventResumed},
		"no law stops the clock":                        {of: ask(deadline.Identity), place: california},
		"no law stops it for this cause":                {of: ask(deadline.Fee), place: germany},
		"nor for a child's in California":               {of: child, place: california},
		"some laws stop it, and the place is not known": {of: ask(deadline.Identity), place: nowhere},
		"it stops for one kind of two": {of: func(d *desk, place deadline.Jurisdiction) request.Request {
			r := d.opened(d.asks(place, deadline.Access, deadline.WithdrawConsent))
			return d.ok(d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
		}, place: germany},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := c.of(d, c.place)
			if !c.unsent {
				d.sent()
			}
			before := d.file(r.ID).Request
			d.now = r.Waiting.Until
			if done, err := d.Lapse(background, r.ID); done != "" || err != nil {
				t.Fatalf("in the last second: %q, %v", done, err)
			}
			d.now = r.Waiting.Until.Add(time.Second)
			done, err := d.Lapse(background, r.ID)
			if done != c.want || err != nil {
				t.Fatalf("%q, %v", done, err)
			}
			again, err := d.Lapse(background, r.ID)
			after := d.file(r.ID).Request
			if again != "" || err != nil {
				t.Errorf("again %q, %v", again, err)
			}
			switch c.want {
			case "":
				if after.State != lifecycle.WaitingForPerson || !after.DueAt.Equal(before.DueAt) {
					t.Errorf("%s, due %v", after.State, after.DueAt)
				}
			case lifecycle.EventExpired:
				if after.State != lifecycle.Expired || !strings.HasSuffix(d.mails(r.ID), "expired") {
					t.Errorf("%s, %s", after.State, d.mails(r.ID))
				}
			case lifecycle.EventResumed:
				wantDue := after.DueAt.After(before.DueAt) // the days of waiting do not count
				if c.unsent {
					wantDue = after.DueAt.Equal(before.DueAt) && len(after.Pauses) == 0
				}
				if after.State != lifecycle.Open || stopped(after) || !wantDue || strings.HasSuffix(d.mails(r.ID), "expired") {
					t.Errorf("%s, due %v after %v, %+v", after.State, after.DueAt, before.DueAt, after.Pauses)
				}
			}
		})
	}
}

// What the person was told holds, whatever desk.yaml says since.
func TestWhatWasAskedKeepsItsRule(t *testing.T) {
	d := newDesk(t)
	r := d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "Which?"}))
	d.sent()
	d.Settings.Waiting = map[deadline.Cause]waiting.Rule{deadline.Clarification: {Days: 90}}
	d.now = r.Waiting.Until.Add(time.Second)
	if done, err := d.Lapse(background, r.ID); done != lifecycle.EventResumed || err != nil {
		t.Errorf("%q, %v", done, err)
	}
}

// Where our mails do not arrive the clock has not stopped, and nobody finds out
// when the date is over: at once it is the officer's again, who is reminded.
func TestAQuestionThatCannotArriveStopsNothing(t *testing.T) {
	question := waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}
	bounces := func(d *desk, id string) {
		if err := d.MailBounced(background, id, "ses-1"); err != nil {
			d.t.Fatalf("%v", err)
		}
	}
	for name, do := range map[string]func(*desk, string){
		"it comes back": func(d *desk, id string) {
			d.ok(d.Ask(background, id, "dpo", question))
			d.sent()
			d.later(time.Minute)
			bounces(d, id)
		},
		"SES does not take the address": func(d *desk, id string) {
			d.ok(d.Ask(background, id, "dpo", question))
			n, p := d.notifier()
			p.fail = func(int) (error, bool) { return fault.New(fault.Invalid, "no such address"), false }
			d.drain(n)
		},
		"an earlier mail came back": func(d *desk, id string) {
			bounces(d, id)
			d.ok(d.Ask(background, id, "dpo", question))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			before := d.opened(d.asks(germany, deadline.Access))
			d.sent()
			d.later(20 * day)
			do(d, before.ID)
			r := d.file(before.ID).Request
			watch, until := r.Watched()
			if watch != lifecycle.WatchOpen || !until.Equal(before.DueAt) || !r.DueAt.Equal(before.DueAt) || stopped(r) {
				t.Errorf("%s: watched as %q until %v, due %v, before %v", r.State, watch, until, r.DueAt, before.DueAt)
			}
			if done, err := d.Lapse(background, r.ID); done != "" || err != nil {
				t.Errorf("%q, %v", done, err)
			}
			d.check(d.file(r.ID))
		})
	}
}

// The officer may not close what the person can still answer, and the refusal
// says from when.
func TestExpireHasAMinimum(t *testing.T) {
	for name, c := range map[string]struct {
		place deadline.Jurisdiction
		until func(request.Request) time.Time
	}{
		"the clock stands":  {germany, func(r request.Request) time.Time { return r.Waiting.Until }},
		"the clock runs on": {california, func(r request.Request) time.Time { return r.DueAt }},
	} {
		d := newDesk(t)
		r := d.ok(d.Ask(background, d.opened(d.asks(c.place, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
		last := c.until(r)
		for _, at := range []time.Time{d.now, last} {
			d.now = at
			_, err := d.Expire(background, r.ID, "officer:dpo")
			d.wantFault(err, fault.Conflict, last.Add(time.Second).UTC().Format("from 2006-01-02T15:04:05.000Z"))
		}
		d.wantUnchanged(r)
		d.now = last.Add(time.Second)
		if got := d.ok(d.Expire(background, r.ID, "officer:dpo")); got.State != lifecycle.Expired {
			t.Errorf("%s: %s", name, got.State)
		}
	}
}

// Thirty days from the mail, not from the wish to send it.
func TestTheDaysCountFromTheMail(t *testing.T) {
	d := newDesk(t)
	r := d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
	d.later(20 * day)
	d.sent()
	d.now = r.Waiting.Until.Add(time.Second)
	if done, err := d.Lapse(background, r.ID); done != "" || err != nil {
		t.Fatalf("%q, %v", done, err)
	}
	later := d.file(r.ID).Request
	if got := d.Law.Days(r.Waiting.Until, later.Waiting.Until); got != 20 {
		t.Errorf("%d days more", got)
	}
	d.now = later.Waiting.Until.Add(time.Second)
	if done, err := d.Lapse(background, r.ID); done != lifecycle.EventExpired || err != nil {
		t.Errorf("%q, %v", done, err)
	}
}
