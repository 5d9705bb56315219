package request_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
)

// killed ends a run at its nth call to the tables or the mailer.
type killed struct{ left int }

var errKilled = errors.New("killed")

// A run may end at every step, before it and after it: the answer takes effect
// once, its letter goes once, and the history says so. Only what may have gone is
// not sent again.
func TestKilledAtEveryStep(t *testing.T) {
	for n := range 12 {
		for _, called := range []bool{false, true} {
			d := newDesk(t)
			r := d.onItsWay(d.asks(germany, deadline.Access, deadline.Erasure), grant)
			d.later(10 * time.Minute)
			k, mails := &killed{n}, 0
			step := func(string) error {
				if k.left--; k.left < 0 {
					return errKilled
				}
				return nil
			}
			d.store.before = step
			drain, p := d.notifier()
			p.fail = func(int) (error, bool) { mails++; return step(""), k.left >= 0 }
			_, _ = drain.Run(background, never)
			d.store.before = nil
			if called { // nothing is lost when the officer takes it back just then
				_, _ = d.CallBack(background, r.ID, "dpo/A")
			}
			var all int
			for range 3 {
				d.later(11 * time.Minute)
				drain, p := d.notifier()
				d.drain(drain)
				all += p.n
			}
			f := d.file(r.ID)
			decided := f.Request.Decision != nil
			if decided != (f.Request.State == lifecycle.Fulfilled) || decided && f.Request.Draft != nil || f.Request.Draft.OnItsWay() || !called && !decided {
				t.Errorf("killed at %d, called back %t: %s, draft %+v", n, called, f.Request.State, f.Request.Draft)
			}
			went := slices.ContainsFunc(f.Letters, func(l outbox.Letter) bool {
				return l.Template == "decision" && (l.State == outbox.Sent || l.State == outbox.Unknown)
			})
			if went != decided || f.Request.Decision == nil && mails+all > 0 || strings.Count(d.history(r.ID), "fulfilled") > 1 || all > 1 {
				t.Errorf("killed at %d, called back %t: %d and %d mails, %s: %s", n, called, mails, all, d.letters(r.ID), d.history(r.ID))
			}
		}
	}
}

// Two runs at the same time carry an answer out once.
func TestTwoRunsCarryOutOnce(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	d.later(10 * time.Minute)
	var other *post
	d.store.before = func(call string) error {
		if call == "move" && other == nil { // the second begins within the first
			other = &post{}
			n, p := d.notifier()
			other = p
			d.drain(n)
		}
		return nil
	}
	n, p := d.notifier()
	d.drain(n)
	if p.n+other.n != 1 || !strings.HasSuffix(d.history(r.ID), "scheduled fulfilled mailed") {
		t.Errorf("%d and %d mails: %s", p.n, other.n, d.history(r.ID))
	}
}

// A letter that SES does not take is tried again, and its answer given once.
func TestAFailedLetterIsSentLater(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	d.later(10 * time.Minute)
	n, p := d.notifier()
	p.fail = func(int) (error, bool) { return fault.New(fault.Unavailable, "busy"), false }
	d.drain(n)
	at := d.file(r.ID).Request.Decision.At
	r, p = d.drained(r.ID, time.Minute)
	if p.n != 1 || !r.Decision.At.Equal(at) || !strings.HasSuffix(d.history(r.ID), "scheduled fulfilled mailed") {
		t.Errorf("%d mails, %+v: %s", p.n, r.Decision, d.history(r.ID))
	}
}
