package request_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

const trillian = "trillian@example.com"

// fromMailbox is a request that somebody else's mailbox sent, and confirmed.
func (d *desk) fromMailbox(address string, kinds ...intake.Kind) request.Request {
	d.t.Helper()
	in := d.asks(germany, kinds...)
	in.Address = d.address(address)
	return d.opened(in)
}

func TestALaterRequestIsJoinedIntoTheEarlier(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(5 * day)
	second := d.opened(d.asks(germany, deadline.Correction, deadline.OptOutOfSale))
	d.ok(d.SaveDraft(background, second.ID, "dpo/A", grant))
	got := d.ok(d.Join(background, second.ID, "dpo/A", first.ID, ""))
	stays := d.file(first.ID).Request
	if got.State != lifecycle.Joined || got.LinkedTo != first.ID || got.Draft != nil || !got.ClosedAt.Equal(d.now) || !got.DueAt.Equal(stays.DueAt) {
		t.Errorf("%+v", got)
	}
	if stays.State != lifecycle.Open || !slices.Equal(stays.Kinds, []intake.Kind{deadline.Access, deadline.Correction}) || !stays.DueAt.Equal(first.DueAt) {
		t.Errorf("%q due %v", stays.Kinds, stays.DueAt)
	}
	if e := d.event(second.ID, lifecycle.EventJoined); e.Facts["into"] != first.ID || by(e) != "officer:dpo/A" {
		t.Errorf("%+v", e)
	}
	if e := d.event(first.ID, lifecycle.EventTookOver); e.Facts["joined"] != second.ID || e.Facts["kinds_before"] != "access" || e.Facts["kinds"] != "access correction" || by(e) != "officer:dpo/A" {
		t.Errorf("%+v", e)
	}
	d.ok(d.Join(background, second.ID, "dpo/A", first.ID, ""))
	if d.history(second.ID) != strings.TrimSuffix(d.history(second.ID), " joined")+" joined" || strings.Count(d.history(first.ID), "took_over") != 1 {
		t.Errorf("joined twice: %s", d.history(first.ID))
	}
	d.drained(second.ID, time.Minute)
	if got := d.letters(second.ID); got != "verify obsolete, acknowledge obsolete, joined sent" {
		t.Error(got)
	}
	if answered := d.ok(d.Decide(background, first.ID, "dpo", grant)); answered.State != lifecycle.Fulfilled || len(answered.Decision.Answers) != 2 {
		t.Errorf("%+v", answered.Decision)
	}
}

// The person who reaches us from another mailbox may be somebody else.
func TestRequestsOfTwoMailboxes(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(day)
	second := d.fromMailbox(trillian, deadline.Correction)
	_, err := d.Join(background, second.ID, "dpo", first.ID, "")
	d.wantField(err, "why", "missing")
	got := d.ok(d.Join(background, second.ID, "dpo", first.ID, "They rang from the number that we know."))
	if again := d.ok(d.Join(background, second.ID, "dpo", first.ID, "They rang from the number that we know.")); again.Version != got.Version {
		t.Error("joined twice")
	}
	_, err = d.Join(background, second.ID, "dpo", second.ID+"-", "They rang.")
	d.wantFault(err, fault.Conflict, "joined")
	if got.LinkedTo != "" || got.State != lifecycle.Joined {
		t.Errorf("linked to %q", got.LinkedTo)
	}
	for id, fact := range map[string]string{first.ID: "joined", second.ID: "into"} {
		f := d.file(id)
		e := f.Events[len(f.Events)-1]
		other, _ := e.Private[fact].Reveal()
		why, _ := e.Private["why"].Reveal()
		if other != map[string]string{first.ID: second.ID, second.ID: first.ID}[id] || why == "" || e.Facts[fact] != "" {
			t.Errorf("%s: %+v", id, e)
		}
		for _, shown := range f.ForPerson() {
			if _, told := shown.Private[fact].Reveal(); told {
				t.Errorf("%s tells the person of the other mailbox", id)
			}
		}
	}
	if to := d.file(first.ID).Request.Address; to != first.Address {
		t.Errorf("the answer goes to %s", to)
	}
}

func TestWhatCannotBeJoined(t *testing.T) {
	why := "They rang from the number that we know."
	for name, c := range map[string]struct {
		first, second func(d *desk) request.Request
		code          string
	}{
		"an answer on its way":              {nil, func(d *desk) request.Request { return d.onItsWay(d.asks(germany, deadline.Access), grant) }, "on_its_way"},
		"an answer to the other on its way": {func(d *desk) request.Request { return d.onItsWay(d.asks(germany, deadline.Access), grant) }, nil, "other_on_its_way"},
		"the other waits for a signature": {func(d *desk) request.Request {
			d.Settings.FourEyes = foureyes.Acts
			return d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo/A", refusal(decision.NoDataFound)))
		}, nil, "other_on_its_way"},
		"nobody confirmed it":        {nil, func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, "verify_first"},
		"nobody confirmed the other": {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, nil, "other_state"},
		"it waits for the person": {nil, func(d *desk) request.Request {
			return d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "?"}))
		}, "answer_first"},
		"the other waits for the person": {func(d *desk) request.Request {
			return d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "?"}))
		}, nil, "other_state"},
		"it is answered":        {nil, func(d *desk) request.Request { return d.refused(d.asks(germany, deadline.Access)) }, "state"},
		"the other is answered": {func(d *desk) request.Request { return d.refused(d.asks(germany, deadline.Access)) }, nil, "other_state"},
		"an appeal": {nil, func(d *desk) request.Request {
			return d.ok(d.Appeal(background, d.refused(d.asks(germany, deadline.Correction)).ID, "reasons"))
		}, "join_appeal"},
		"an agent's": {nil, func(d *desk) request.Request {
			in := d.asks(germany, deadline.Information)
			in.OnBehalfOf = intake.Agent
			return d.ok(d.Answer(background, d.opened(in).ID, "dpo", time.Time{}))
		}, "join_behalf"},
		"an erasure from another mailbox": {nil, func(d *desk) request.Request { return d.fromMailbox(trillian, deadline.Erasure) }, "join_by_address"},
		"a copy for another mailbox":      {nil, func(d *desk) request.Request { return d.fromMailbox(trillian, deadline.Portability) }, "join_by_address"},
		"an objection from another mailbox": {nil, func(d *desk) request.Request {
			in := d.asks(germany, deadline.Objection)
			in.Address, in.Details = d.address(trillian), "reasons"
			return d.opened(in)
		}, "join_words"},
		"the other was extended": {func(d *desk) request.Request {
			return d.ok(d.Extend(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", deadline.Complexity, ""))
		}, func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Correction)) }, "join_later"},
		"the other's law is slower": {func(d *desk) request.Request { return d.opened(d.asks(california, deadline.Access)) },
			func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Correction)) }, "join_later"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			one := func(of func(*desk) request.Request) request.Request {
				if of == nil {
					of = func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }
				}
				d.later(day)
				return of(d)
			}
			first := one(c.first)
			second := one(c.second)
			before, first := d.file(second.ID).Request, d.file(first.ID).Request
			_, err := d.Join(background, second.ID, "dpo", first.ID, why)
			if !fault.Is(err, fault.Conflict) || fault.BecauseOf(err).Code != c.code {
				t.Errorf("%v (%s), want %s", err, fault.BecauseOf(err).Code, c.code)
			}
			d.wantUnchanged(before)
			d.wantUnchanged(first)
		})
	}
}

func TestWhichOneStays(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(day)
	second := d.opened(d.asks(germany, deadline.Access)) // the clock of the first runs for it
	_, err := d.Join(background, first.ID, "dpo", second.ID, "")
	d.wantFault(err, fault.Conflict, first.ID+" came first and stays: join "+second.ID+" into it")
	_, err = d.Join(background, first.ID, "dpo", first.ID, "")
	d.wantField(err, "into", "other")
	_, err = d.Join(background, second.ID, "dpo", "PD-0000-0000-0000-0000", "")
	d.wantField(err, "into", "unknown")
	d.ok(d.Join(background, second.ID, "dpo", first.ID, ""))
}

// A wrong join is undone by opening the request again.
func TestAJoinedRequestIsReopened(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(day)
	second := d.opened(d.asks(germany, deadline.Correction))
	d.ok(d.Join(background, second.ID, "dpo", first.ID, ""))
	again := d.ok(d.Reopen(background, second.ID, "dpo", "It was another person's."))
	if again.State != lifecycle.Open || again.LinkedTo != "" || !again.DueAt.Equal(second.DueAt) {
		t.Errorf("%+v", again)
	}
	if d.drained(second.ID, time.Minute); !strings.HasSuffix(d.letters(second.ID), "joined obsolete, reopened sent") {
		t.Error(d.letters(second.ID))
	}
}

// A joined request is no repetition.
func TestJoinedRequestsDoNotCountAsRepeated(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(day)
	d.ok(d.Join(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", first.ID, ""))
	d.later(day)
	if third := d.opened(d.asks(germany, deadline.Access)); third.Repeated || third.LinkedTo != first.ID {
		t.Errorf("repeated %v, linked to %s", third.Repeated, third.LinkedTo)
	}
}

// Whoever answers the one that stays has not seen what came about it.
func TestJoiningLooksAtNothing(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.ok(d.Replied(background, first.ID, request.Mail{From: d.address(marvin), Proven: true, At: d.now}))
	d.later(day)
	d.ok(d.Join(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", first.ID, ""))
	if l := d.file(first.ID).Request.Look; l == nil || l.Why != lifecycle.LookReply {
		t.Errorf("%+v", l)
	}
}

// Two officers at once: of the request that stays only one is answered as it was seen.
func TestJoiningMeetsAnAnswer(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(day)
	second := d.opened(d.asks(germany, deadline.Correction))
	d.ok(d.SaveDraft(background, first.ID, "dpo/B", grant))
	meanwhile := true
	d.store.before = func(call string) error {
		if call == "save" && meanwhile {
			meanwhile = false
			d.ok(d.Send(background, first.ID, "dpo/B", draft.Now))
		}
		return nil
	}
	_, err := d.Join(background, second.ID, "dpo/A", first.ID, "")
	if fault.BecauseOf(err).Code != "other_on_its_way" {
		t.Errorf("%v", err)
	}
	d.wantUnchanged(second)
}

// Whatever two requests say: what is joined is answered by the date that it had, or
// before, kind by kind.
func TestJoiningAnswersNothingLater(t *testing.T) {
	joinedOnce := false
	rapid.Check(t, func(rt *rapid.T) {
		d := newDeskFor(t, rt)
		one := func(name string) request.Request {
			in := d.asks(rapid.SampledFrom(places).Draw(rt, name+" place"), rapid.SliceOfN(rapid.SampledFrom(intake.Kinds()), 1, 3).Draw(rt, name+" kinds")...)
			in.Address = d.address(rapid.SampledFrom(people).Draw(rt, name+" person"))
			in.Details = rapid.SampledFrom([]string{"", "reasons"}).Draw(rt, name+" details")
			r := d.open(in)
			if r.State == lifecycle.Unverified {
				r = d.confirm(r)
			}
			if rapid.Bool().Draw(rt, name+" asked") {
				_, _ = d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "?"})
				d.later(time.Duration(rapid.IntRange(0, 9).Draw(rt, "days")) * day)
				_, _ = d.Answer(background, r.ID, "dpo", time.Time{})
			}
			if rapid.Bool().Draw(rt, name+" extended") {
				_, _ = d.Extend(background, r.ID, "dpo", deadline.Complexity, "")
			}
			d.later(time.Duration(rapid.IntRange(1, 20).Draw(rt, "days later")) * day)
			return d.file(r.ID).Request
		}
		first, second := one("first"), one("second")
		if _, err := d.Join(background, second.ID, "dpo", first.ID, "why"); err != nil {
			d.wantUnchanged(first)
			d.wantUnchanged(second)
			return
		}
		joinedOnce = true
		stays := d.file(first.ID).Request
		for _, was := range []request.Request{first, second} {
			for _, k := range owed(was) {
				if before, after := d.dueOf(was, k), d.dueOf(stays, k); !slices.Contains(owed(stays), k) || after.After(before) {
					rt.Errorf("%s of %+v was due %v, and is in %q by %v", k, was, before, stays.Kinds, after)
				}
			}
			if stays.DueAt.After(was.DueAt) {
				rt.Errorf("due %v, after %v", stays.DueAt, was.DueAt)
			}
		}
	})
	if !joinedOnce {
		t.Error("nothing was joined")
	}
}

// dueOf asks the law itself when one kind of a request is due.
func (d *desk) dueOf(r request.Request, k intake.Kind) time.Time {
	d.t.Helper()
	all, err := d.Law.Deadlines(deadline.Case{Kinds: []intake.Kind{k}, Place: r.Place, ReceivedAt: r.ClockFrom, Pauses: r.Pauses, Extension: r.Extension})
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	due, _ := deadline.Strictest(all, deadline.Respond, deadline.OptOut)
	return due.Due
}
