package request_test

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// replies are the mails that name a request: of the person, shown to be
// theirs; in their name; of somebody else.
func (d *desk) replies() (theirs, forged, strangers request.Mail) {
	theirs = request.Mail{From: d.address(marvin), Proven: true, At: d.now.Add(-time.Minute), Subject: "Re: the proof"}
	forged, strangers = theirs, theirs
	forged.Proven, strangers.From = false, d.address("ford@example.com")
	return theirs, forged, strangers
}

func (d *desk) look(id string) string {
	d.t.Helper()
	if l := d.file(id).Request.Look; l != nil {
		return string(l.Why)
	}
	return ""
}

// In every state: the officer is told, and nothing else changes but what waits
// for the person.
func TestReplied(t *testing.T) {
	for name, of := range map[string]func(*desk) request.Request{
		"unconfirmed": func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) },
		"open":        func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) },
		"waiting": func(d *desk) request.Request {
			return d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
		},
		"refused": func(d *desk) request.Request { return d.refused(d.asks(germany, deadline.Access)) },
		"withdrawn": func(d *desk) request.Request {
			return d.ok(d.Withdraw(background, d.open(d.asks(germany, deadline.Access)).ID, audit.ByPerson))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := of(d)
			before := d.file(r.ID)
			theirs, forged, strangers := d.replies()
			for _, step := range []struct {
				mail   request.Mail
				look   string
				events int // of which there are then more than before
			}{{strangers, "mention", 1}, {strangers, "mention", 1}, {forged, "mention", 1}, {theirs, "reply", 2}, {theirs, "reply", 2}, {forged, "reply", 2}} {
				after := d.ok(d.Replied(background, r.ID, step.mail))
				f := d.file(r.ID)
				if d.look(r.ID) != step.look || len(f.Events) != len(before.Events)+step.events || !after.Look.Since.Equal(theirs.At) {
					t.Errorf("%+v: %s", after.Look, d.history(r.ID))
				}
				if after.State != r.State || !after.DueAt.Equal(r.DueAt) || len(f.Letters) != len(before.Letters) {
					t.Errorf("%s became %s, due %v", r.State, after.State, after.DueAt)
				}
			}
			e := d.event(r.ID, lifecycle.EventReplied)
			subject, _ := e.Private["subject"].Reveal()
			if e.Actor != audit.ByPerson || e.Facts["mail"] != "reply" || subject != theirs.Subject || len(e.Facts) != 1 {
				t.Errorf("%+v", e)
			}
			d.ok(d.Seen(background, r.ID, "dpo"))
			if d.ok(d.Seen(background, r.ID, "dpo")); d.look(r.ID) != "" || !strings.HasSuffix(d.history(r.ID), " seen") {
				t.Errorf("%s: %s", d.look(r.ID), d.history(r.ID))
			}
			d.ok(d.Replied(background, r.ID, strangers))
			if d.ok(d.Note(background, r.ID, "dpo", "hm")); d.look(r.ID) != "" {
				t.Error("an act of the officer is no look")
			}
		})
	}
}

func TestRepliedToNothing(t *testing.T) {
	d := newDesk(t)
	theirs, _, _ := d.replies()
	_, err := d.Replied(background, "PD-0000-0000-0000-0000", theirs)
	d.wantFault(err, fault.NotFound, "")
	r := d.told()
	d.reduce(r.ID, lifecycle.EventReduced)
	_, err = d.Replied(background, r.ID, theirs)
	d.wantFault(err, fault.Conflict, "disposed of")
}

// Who has answered by mail is not closed for want of an answer, however long
// the officer takes; a stranger's mail stops nothing.
func TestAReplyStopsTheLapse(t *testing.T) {
	for name, c := range map[string]struct {
		mail  func(*desk) request.Mail
		state lifecycle.State
	}{
		"the person":    {func(d *desk) request.Mail { m, _, _ := d.replies(); return m }, lifecycle.WaitingForPerson},
		"in their name": {func(d *desk) request.Mail { _, m, _ := d.replies(); return m }, lifecycle.Expired},
		"a stranger":    {func(d *desk) request.Mail { _, _, m := d.replies(); return m }, lifecycle.Expired},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			clock, _ := d.clock()
			r := d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
			d.sent()
			d.later(time.Hour)
			d.ok(d.Replied(background, r.ID, c.mail(d)))
			if c.state == lifecycle.WaitingForPerson {
				d.ok(d.Note(background, r.ID, "dpo", "the proof has come, I look at it"))
				replied := d.file(r.ID).Request
				if w := d.Wait(&replied); w != (waiting.Time{}) {
					t.Errorf("they are told to answer: %+v", w)
				}
				if watch, due := replied.Watched(); watch != lifecycle.WatchOpen || !due.Equal(r.DueAt) {
					t.Errorf("watched %s until %v, due %v", watch, due, r.DueAt)
				}
			}
			d.now = r.Waiting.Until.Add(time.Hour)
			d.run(clock)
			if got := d.file(r.ID).Request; got.State != c.state {
				t.Errorf("%s, want %s", got.State, c.state)
			}
		})
	}
}

// A new question waits anew.
func TestAQuestionAfterAReply(t *testing.T) {
	d := newDesk(t)
	r := d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
	theirs, _, _ := d.replies()
	d.ok(d.Replied(background, r.ID, theirs))
	d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
	r = d.ok(d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "Which?"}))
	if watch, _ := r.Watched(); watch != lifecycle.WatchPaused || r.Waiting.Replied || r.Look != nil {
		t.Errorf("%s, %+v", watch, r)
	}
}

// A request that was kept: nobody is mailed, nothing ends by itself before an
// officer has looked, and then it goes its way.
func TestKept(t *testing.T) {
	d := newDesk(t)
	clock, _ := d.clock()
	in := d.asks(germany, deadline.Erasure)
	in.Source, in.Kept, in.ReceivedAt = intake.FromMail, true, d.now.Add(-time.Hour)
	r := d.open(in)
	if r.State != lifecycle.Unverified || d.history(r.ID) != "received kept" || d.mails(r.ID) != "" || d.look(r.ID) != "kept" || !r.Look.Since.Equal(in.ReceivedAt) {
		t.Fatalf("%+v: %s, mails %s", r, d.history(r.ID), d.mails(r.ID))
	}
	d.now = r.VerifyBy.Add(time.Hour)
	if d.run(clock); d.file(r.ID).Request.State != lifecycle.Unverified {
		t.Fatal("it expired before an officer has looked")
	}
	_, err := d.Expire(background, r.ID, audit.BySystem)
	d.wantFault(err, fault.Conflict, "officer")

	asked := d.ok(d.Resend(background, r.ID, audit.ByOfficer+":dpo"))
	if asked.AskedAt.IsZero() || asked.Look != nil || asked.Resent != 0 || !asked.VerifyBy.Equal(d.VerifyUntil(d.now)) || d.mails(r.ID) != "verify" {
		t.Errorf("%+v, mails %s", asked, d.mails(r.ID))
	}
	d.confirm(asked)
	if d.history(r.ID) != "received kept verification_asked verified" {
		t.Error(d.history(r.ID))
	}
}

func TestKeptAndLetGo(t *testing.T) {
	d := newDesk(t)
	clock, _ := d.clock()
	in := d.asks(germany, deadline.Access)
	in.Kept = true
	r := d.open(in)
	d.ok(d.Seen(background, r.ID, "dpo"))
	d.now = r.VerifyBy
	d.run(clock)
	if got := d.file(r.ID).Request; got.State != lifecycle.Expired || d.mails(r.ID) != "" {
		t.Errorf("%s, mails %s", got.State, d.mails(r.ID))
	}
	in = d.asks(germany, deadline.Access)
	in.Kept = true
	verified := d.open(in)
	if v := d.ok(d.Verify(background, verified.ID, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}})); v.State != lifecycle.Open || v.Look != nil || d.mails(v.ID) != "acknowledge" {
		t.Errorf("%+v, mails %s", v, d.mails(v.ID))
	}
}

// An opt-out that was recorded as of its arrival is not made again, and one
// that was kept is mailed to nobody.
func TestKeptOptOut(t *testing.T) {
	d := newDesk(t)
	in := d.asks(germany, deadline.Objection)
	in.Kept, in.Recorded = true, true
	r := d.open(in)
	if r.State != lifecycle.Fulfilled || d.history(r.ID) != "received opted_out fulfilled" || d.mails(r.ID) != "" || d.look(r.ID) != "kept" || d.rows(marvin) != "" {
		t.Errorf("%s: %s, mails %s, out of %s", r.State, d.history(r.ID), d.mails(r.ID), d.rows(marvin))
	}
}

// What a day brings to look at is told once, in the digest after it, and again
// each week until somebody has looked.
func TestLooksOfTheDigest(t *testing.T) {
	d := newDesk(t)
	clock, o := d.clock()
	told := func() string {
		d.run(clock)
		var all []string
		for _, digest := range o.got {
			for _, l := range digest.Looks {
				all = append(all, l.Reference+" "+string(l.Why))
			}
		}
		o.got = nil
		return strings.Join(all, ", ")
	}
	in := d.asks(germany, deadline.Access)
	in.Kept = true
	kept, closed := d.open(in), d.refused(d.asks(california, deadline.Access))
	_, _, stranger := d.replies()
	d.ok(d.Replied(background, closed.ID, stranger))
	if got := told(); got != "" {
		t.Errorf("on the same day: %s", got)
	}
	both := closed.ID + " mention, " + kept.ID + " kept"
	other := kept.ID + " kept, " + closed.ID + " mention"
	d.later(24 * time.Hour)
	if got := told(); got != both && got != other {
		t.Errorf("a day later: %q, want %q", got, both)
	}
	d.later(24 * time.Hour)
	if got := told(); got != "" {
		t.Errorf("twice: %s", got)
	}
	d.ok(d.Seen(background, closed.ID, "dpo"))
	d.later(7 * 24 * time.Hour)
	if got := told(); got != kept.ID+" kept" {
		t.Errorf("a week later: %q", got)
	}
	d.ok(d.Seen(background, kept.ID, "dpo"))
	d.later(7 * 24 * time.Hour)
	if got := told(); got != "" {
		t.Errorf("once looked at: %s", got)
	}
}

// A digest that may not have gone is told of again, marked as such.
func TestALookThatMayNotHaveBeenTold(t *testing.T) {
	d := newDesk(t)
	clock, o := d.clock()
	r := d.opened(d.asks(germany, deadline.Access))
	theirs, _, _ := d.replies()
	d.ok(d.Replied(background, r.ID, theirs))
	d.later(24 * time.Hour)
	o.next = func() (error, bool) { return outbox.ErrUnsure, false }
	d.run(clock)
	second := d.refused(d.asks(california, deadline.Erasure))
	d.later(time.Hour)
	d.ok(d.Replied(background, second.ID, theirs))
	o.next = nil
	d.later(24 * time.Hour)
	d.run(clock)
	if len(o.got) != 1 || len(o.got[0].Looks) != 2 || o.got[0].Looks[0].Again == o.got[0].Looks[1].Again {
		t.Errorf("%+v", o.got)
	}
}

// The same mail once more, from a system that gives it no id, asks nobody and
// makes no opt-out anew.
func TestKeptTwice(t *testing.T) {
	d := newDesk(t)
	in := d.asks(germany, deadline.Objection, deadline.Access)
	in.Source, in.Kept, in.Recorded, in.Sending = intake.FromMail, true, true, ""
	r := d.open(in)
	d.later(2 * time.Hour)
	if again := d.open(in); again.ID != r.ID || d.mails(r.ID) != "" || d.rows(marvin) != "" {
		t.Errorf("%s and %s, mails %q, out of %q", r.ID, again.ID, d.mails(r.ID), d.rows(marvin))
	}
}

// A letter that does not go, or comes back, is to be looked at: of an open request
// and of a closed one. Whoever never confirmed theirs gives nobody work.
func TestLettersThatDoNotArriveAreLookedAt(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		request request.Request
		want    lifecycle.LookWhy
	}{
		"open": {d.opened(d.asks(germany, deadline.Access)), lifecycle.LookUndelivered}, "closed": {d.refused(d.asks(germany, deadline.Portability)), lifecycle.LookUndelivered},
		"unconfirmed": {d.open(d.asks(germany, deadline.Erasure)), ""}, "opt-outs alone": {d.open(d.asks(germany, deadline.OptOutOfSale)), ""},
	} {
		if err := d.MailBounced(background, c.request.ID, "m1"); err != nil {
			t.Fatal(err)
		}
		var why lifecycle.LookWhy
		if l := d.file(c.request.ID).Request.Look; l != nil {
			why = l.Why
		}
		if why != c.want {
			t.Errorf("%s: %q, want %q", name, why, c.want)
		}
	}
	r := d.opened(d.asks(germany, deadline.Access))
	d.ok(d.Replied(background, r.ID, request.Mail{From: r.Address, Proven: true, At: d.now}))
	if err := d.MailBounced(background, r.ID, "m1"); err != nil || d.file(r.ID).Request.Look.Why != lifecycle.LookReply {
		t.Errorf("a reply is hidden: %v", err)
	}
	if r := d.ok(d.Note(background, r.ID, "dpo", "Sent by post.")); r.Look != nil {
		t.Errorf("%+v", r.Look)
	}
}
