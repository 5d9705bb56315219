package request_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// A letter that is written and not posted ends with the step that makes it untrue,
// and what is left to post stays in sight.
func TestALetterToPostIsOvertaken(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(*desk, request.Request) error
		want string
	}{
		"withdrawn, and opened again": {func(d *desk, r request.Request) error {
			d.ok(d.Withdraw(background, r.ID, audit.AsOfficer(paperOfficer)))
			d.writes()
			_, err := d.Reopen(background, r.ID, paperOfficer, "they think again")
			return err
		}, "acknowledge obsolete, withdrawn obsolete, reopened to_post"},
		"refused, and opened again": {func(d *desk, r request.Request) error {
			d.ok(d.Decide(background, r.ID, paperOfficer, answer("", decision.Refuse, decision.Excessive)))
			d.writes()
			_, err := d.Reopen(background, r.ID, paperOfficer, "we were wrong")
			return err
		}, "acknowledge obsolete, decision obsolete, reopened to_post"},
		"refused": {func(d *desk, r request.Request) error {
			_, err := d.Decide(background, r.ID, paperOfficer, answer("", decision.Refuse, decision.Excessive))
			return err
		}, "acknowledge obsolete, decision to_post"},
		"asked, and answered meanwhile": {func(d *desk, r request.Request) error {
			d.ok(d.Ask(background, r.ID, paperOfficer, waiting.Waiting{Cause: deadline.Identity, Question: "Which planet?"}))
			d.writes()
			_, err := d.Answer(background, r.ID, paperOfficer, time.Time{})
			return err
		}, "acknowledge to_post, waiting obsolete"},
		"joined, and opened again": {func(d *desk, r request.Request) error {
			first := d.knownOnPaper(deadline.Access)
			first.Details, first.ReceivedAt = "the same, by telephone", d.now.Add(-day)
			d.ok(d.Join(background, r.ID, paperOfficer, d.open(first).ID, ""))
			d.writes()
			_, err := d.Reopen(background, r.ID, paperOfficer, "it is another")
			return err
		}, "acknowledge obsolete, joined obsolete, reopened to_post"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.open(d.knownOnPaper(deadline.Access))
			d.writes()
			if err := c.act(d, r); err != nil {
				t.Fatal(err)
			}
			if r = d.file(r.ID).Request; strings.Contains(c.want, "reopened") && (!r.ToPost.IsZero() || r.Look != nil) {
				t.Errorf("nothing is left to post: %v, %+v", r.ToPost, r.Look)
			}
			d.writes()
			if r = d.file(r.ID).Request; d.states(r.ID) != c.want || r.ToPost.IsZero() || r.Look == nil || r.Look.Why != lifecycle.LookToPost {
				t.Errorf("%s; to post since %v, %+v", d.states(r.ID), r.ToPost, r.Look)
			}
		})
	}
}

// An acknowledgement that asks for a proof is written anew once the proof has come.
func TestAnAcknowledgementThatAsksIsOvertaken(t *testing.T) {
	d := newDesk(t)
	in := d.knownOnPaper(deadline.Access)
	in.OnBehalfOf = intake.Agent
	r := d.open(in)
	d.writes()
	if r = d.ok(d.Answer(background, r.ID, paperOfficer, time.Time{})); d.states(r.ID) != "acknowledge obsolete, acknowledge pending" || !r.ToPost.IsZero() || r.Look != nil {
		t.Errorf("%s; to post since %v, %+v", d.states(r.ID), r.ToPost, r.Look)
	}
	d.writes()
	if r = d.file(r.ID).Request; d.states(r.ID) != "acknowledge obsolete, acknowledge to_post" || r.ToPost.IsZero() {
		t.Errorf("%s; to post since %v", d.states(r.ID), r.ToPost)
	}
}

// writes writes the letters that wait, a little later.
func (d *desk) writes() {
	d.later(time.Minute)
	n, _ := d.notifier()
	d.drain(n)
}

// A question on paper stops our clock, and begins the person's time, on the day on
// which it is posted.
func TestTheTimeToAnswerBeginsWhenItIsPosted(t *testing.T) {
	for name, c := range map[string]struct {
		behalf   intake.Behalf
		template outbox.Template
	}{"asked by an officer": {intake.Self, requestmail.Waiting}, "asked with the acknowledgement": {intake.Agent, requestmail.Acknowledge}} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			n, _ := d.notifier()
			in := d.knownOnPaper(deadline.Access)
			in.OnBehalfOf = c.behalf
			r := d.open(in)
			d.drain(n)
			if c.template == requestmail.Waiting {
				r = d.post(r.ID, d.now)
				d.ok(d.Ask(background, r.ID, paperOfficer, waiting.Waiting{Cause: deadline.Identity, Question: "Which planet?"}))
				d.drain(n)
			}
			d.later(5 * day)
			r = d.file(r.ID).Request
			if r.State != lifecycle.WaitingForPerson || !r.Waiting.ToPost || stopped(r) || d.Wait(&r).By != (time.Time{}) {
				t.Errorf("not posted: %+v, pauses %v", r.Waiting, r.Pauses)
			}
			now := d.now
			d.later(100 * day)
			_, err := d.Expire(background, r.ID, audit.AsOfficer(paperOfficer))
			d.wantFault(err, fault.Conflict, "not posted")
			if d.now = now; t.Failed() {
				return
			}
			if done, err := d.Lapse(background, r.ID); done != "" || err != nil {
				t.Errorf("%s, %v", done, err)
			}
			r = d.post(r.ID, d.now)
			if r.Waiting.ToPost || !stopped(r) || !r.Pauses[0].From.Equal(d.now) || !r.Waiting.Until.Equal(d.Law.EndOfDay(d.now, r.Waiting.Days)) {
				t.Errorf("posted: %+v, pauses %v", r.Waiting, r.Pauses)
			}
			if e := d.event(r.ID, lifecycle.EventPosted); e.Facts["template"] != string(c.template) || e.Facts["clock_stopped"] != "yes" {
				t.Errorf("%q", e.Facts)
			}
			d.later(time.Duration(r.Waiting.Days+1) * day)
			if done, err := d.Lapse(background, r.ID); done == "" || err != nil {
				t.Errorf("it never ends: %v", err)
			}
		})
	}
}

// An answer on paper takes effect as one by mail does, and names no channel that the
// person has not.
func TestAnAnswerOnPaper(t *testing.T) {
	d := newDesk(t)
	n, _ := d.notifier()
	r := d.open(d.knownOnPaper(deadline.Access, deadline.Objection, deadline.Erasure))
	d.drain(n)
	d.post(r.ID, d.now)
	if e := d.event(r.ID, lifecycle.EventOptedOut); e.Facts["scopes"] != "phone post sms" {
		t.Errorf("in effect: %q", e.Facts)
	}
	d.ok(d.SaveDraft(background, r.ID, paperOfficer, decision.Answer{Outcome: decision.Grant}))
	plan, _, err := d.Preview(background, r.ID, paperOfficer)
	if _, exports := plan.Effect(draft.Exports); err != nil || exports || !slices.ContainsFunc(plan.Checks, func(c draft.Check) bool { return c.Code == draft.Enclosure && !c.OK && !c.Blocks }) {
		t.Errorf("%v: %+v", err, plan)
	}
	r = d.ok(d.Send(background, r.ID, paperOfficer, draft.Now))
	d.now = r.Draft.Way.SendAt
	d.drain(n)
	r = d.file(r.ID).Request
	if r.State != lifecycle.Fulfilled || r.EraseFrom.IsZero() || d.states(r.ID) != "acknowledge sent, decision to_post" {
		t.Errorf("%+v: %s", r, d.states(r.ID))
	}
	records, err := d.optOuts.OfPerson(background, r.Ref)
	if err != nil || len(records) != 3 {
		t.Errorf("%v: %+v", err, records)
	}
	d.post(r.ID, d.now)
	d.later(100 * day)
	f := d.reduce(r.ID, lifecycle.EventErased)
	for _, word := range []string{"Heart of Gold", "Dresden", "98765", "Marvin", paperOfficer} {
		if strings.Contains(spelled(t, f)+f.Request.Contact.Post()+f.Request.Contact.Telephone(), word) {
			t.Errorf("%q is left", word)
		}
	}
}

// Who has e-mail may wish for paper, or their mails come back: the letters after that
// are posted, and the last one may be.
func TestLettersBecomePaper(t *testing.T) {
	d := newDesk(t)
	n, _ := d.notifier()
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	if err := d.MailBounced(background, r.ID, "ses-1"); err != nil {
		t.Fatal(err)
	}
	home := contact(t)
	_, err := d.MailAgain(background, r.ID, paperOfficer, requestmail.Acknowledge)
	d.wantFault(err, fault.Conflict, "was sent")
	r = d.ok(d.Amend(background, r.ID, paperOfficer, request.Amendment{Contact: &home}))
	if !r.Paper || r.NoEmail || r.Summary().LetterFailed || r.Summary().Person != "m***@e***.com" {
		t.Errorf("%+v", r)
	}
	e := d.event(r.ID, lifecycle.EventAmended)
	if post, _ := e.Private["post"].Reveal(); e.Facts["changed"] != "contact" || e.Facts["paper"] != "yes" || post != home.Post() {
		t.Errorf("%q", e.Facts)
	}
	d.later(time.Second)
	d.ok(d.MailAgain(background, r.ID, paperOfficer, requestmail.Acknowledge))
	d.drain(n)
	if d.states(r.ID) != "verify obsolete, acknowledge sent, acknowledge to_post" {
		t.Error(d.states(r.ID))
	}
	_, err = d.MailAgain(background, r.ID, paperOfficer, requestmail.Acknowledge)
	d.wantFault(err, fault.Conflict, "waits to be posted")
	r = d.post(r.ID, d.now)
	r = d.ok(d.Amend(background, r.ID, paperOfficer, request.Amendment{Contact: &person.Contact{}}))
	if r.Paper || !r.Contact.IsZero() {
		t.Errorf("%+v", r.Contact)
	}
	other := d.open(d.knownOnPaper(deadline.Access))
	_, err = d.Amend(background, other.ID, paperOfficer, request.Amendment{Contact: &person.Contact{}})
	d.wantField(err, "post", "missing")
	ref := other.Ref
	moved, _ := person.ReadContact("Elsewhere 1\n01234 Dresden", "")
	if other = d.ok(d.Amend(background, other.ID, paperOfficer, request.Amendment{Contact: &moved})); other.Ref != ref || other.Contact != moved {
		t.Errorf("%+v", other)
	}
}

// A run that dies while it writes has sent nothing: the letter is written by the next.
func TestAPaperLetterIsWrittenAgain(t *testing.T) {
	d := newDesk(t)
	n, p := d.notifier()
	n.Unknown = func(context.Context, outbox.Letter) { t.Error("nobody knows of a letter on paper whether it went") }
	r := d.open(d.knownOnPaper(deadline.Access))
	d.store.before = func(call string) error {
		if call == "save" {
			return errDown
		}
		return nil
	}
	if _, err := n.Run(background, never); !fault.Is(err, fault.Unavailable) || p.n != 1 {
		t.Fatalf("%v, %d letters", err, p.n)
	}
	d.store.before = nil
	if d.states(r.ID) != "acknowledge sending" {
		t.Error(d.states(r.ID))
	}
	d.later(time.Hour)
	if got := d.drain(n); got != (outbox.Report{ToPost: 1}) || d.states(r.ID) != "acknowledge to_post" {
		t.Errorf("%+v, %s", got, d.states(r.ID))
	}
}
