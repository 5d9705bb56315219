package request_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
)

// A request that comes back out of a copy does not wait for a letter that may have
// gone since: an officer looks at it. One of which only the letter was lost goes on.
func TestRecoveredAnswers(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	was := d.file(r.ID)
	d.later(time.Hour)

	back, err := requestlog.Recover(was, request.File{}, was.Events[0].At, d.now, time.Time{}, d.Random)
	if err != nil {
		t.Fatal(err)
	}
	d.check(back)
	if q := back.Request; q.Draft.OnItsWay() || q.Draft.Stopped.Why != draft.Recovered || q.Look.Why != lifecycle.LookUnsent || decisionLetter(back).State != outbox.Unknown {
		t.Errorf("%+v, look %+v, letter %+v", q.Draft, q.Look, decisionLetter(back))
	}

	is := was
	is.Letters = slices.DeleteFunc(slices.Clone(was.Letters), func(l outbox.Letter) bool { return l.Template == requestmail.Decision })
	rest, err := requestlog.Recover(was, is, was.Events[0].At, d.now, time.Time{}, d.Random)
	if err != nil || len(rest.Letters) != 1 || rest.Letters[0] != decisionLetter(was) || rest.Letters[0].State != outbox.Pending {
		t.Errorf("%+v, %v", rest.Letters, err)
	}
}

func decisionLetter(f request.File) outbox.Letter {
	return f.Letters[slices.IndexFunc(f.Letters, func(l outbox.Letter) bool { return l.Template == requestmail.Decision })]
}

// replacing is the service for who has seen a colleague's draft.
func (d *desk) replacing() *request.Service {
	s := *d.Service
	s.Replaces = true
	return &s
}

// Nobody's answer goes over a colleague's draft that they have not seen.
func TestAColleaguesDraftIsNotReplacedUnseen(t *testing.T) {
	d := newDesk(t)
	half := decision.Answer{Kind: deadline.Access, Explanation: "So far."}
	for name, act := range map[string]func(s *request.Service, id, officer string) (request.Request, error){
		"draft": func(s *request.Service, id, officer string) (request.Request, error) {
			return s.SaveDraft(background, id, officer, refusal(decision.Excessive))
		},
		"no draft": func(s *request.Service, id, officer string) (request.Request, error) {
			return s.SaveDraft(background, id, officer)
		},
		"decide": func(s *request.Service, id, officer string) (request.Request, error) {
			return s.Decide(background, id, officer, grant)
		},
	} {
		drafted := func() request.Request {
			r := d.opened(d.asks(germany, deadline.Access))
			return d.ok(d.SaveDraft(background, r.ID, "dpo/A", half))
		}
		r := drafted()
		_, err := act(d.Service, r.ID, "dpo/B")
		d.wantFault(err, fault.Conflict, "replace")
		if why := fault.BecauseOf(err); why.Code != "colleagues_draft" || why.Facts["at"] != r.Draft.At.Format(civil.Stamp) {
			t.Errorf("%s: %+v", name, why)
		}
		d.wantUnchanged(r)
		d.ok(act(d.replacing(), r.ID, "dpo/B"))
		d.ok(act(d.Service, drafted().ID, "head/A")) // the same caller
	}
	r := d.opened(d.asks(germany, deadline.Access))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", half))
	d.ok(d.SaveDraft(background, r.ID, "dpo/B", half)) // the same words
}

// What has not gone is no part of what a person is given, and of the log neither.
func TestADraftIsNobodysElse(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	r, _ = d.drained(r.ID, 10*time.Minute)
	other := d.opened(d.asks(germany, deadline.Correction))
	secret := refusal(decision.DisputedAccuracy)
	secret.Explanation = "we do not like them"
	d.ok(d.SaveDraft(background, other.ID, "dpo/A", secret))
	e, err := d.Export(background, r.ID, "", holdings{desk: d})
	if err != nil || len(e.Requests) != 2 {
		t.Fatalf("%d requests, %v", len(e.Requests), err)
	}
	if text, _ := json.Marshal(e); strings.Contains(string(text), "like them") || strings.Contains(string(text), "disputed") {
		t.Errorf("the export holds a draft: %s", text)
	}
	d.ok(d.Withdraw(background, other.ID, "person"))
	d.drain(first(d.notifier()))
	if f := d.reduce(other.ID, lifecycle.EventReduced); f.Request.Draft != nil {
		t.Errorf("%+v is left", f.Request.Draft)
	}
}

func first(n *outbox.Drain, _ *post) *outbox.Drain { return n }

func TestDraftsAreKept(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access, deadline.Erasure))
	half := decision.Answer{Kind: deadline.Access, Explanation: "So far."}
	r = d.ok(d.SaveDraft(background, r.ID, "dpo/A", half))
	if !draft.Same(r.Draft.Answers, []decision.Answer{half}) || r.Draft.By != "dpo/A" || r.State != lifecycle.Open {
		t.Errorf("%+v", r.Draft)
	}
	d.wantUnchanged(d.ok(d.SaveDraft(background, r.ID, "dpo/A", half)))
	if e := d.event(r.ID, lifecycle.EventDrafted); by(e) != "officer:dpo/A" || len(e.Private) != 1 {
		t.Errorf("%s: %q, %d private", by(e), e.Facts, len(e.Private))
	}
	if _, err := d.Send(background, r.ID, "dpo/A", draft.Now); !fault.Is(err, fault.Invalid) {
		t.Errorf("sent half an answer: %v", err)
	}
	for name, answers := range map[string][]decision.Answer{
		"no kind of it": {{Kind: deadline.Correction}}, "no outcome": {{Outcome: "maybe"}}, "no ground": {{Grounds: []decision.Given{{Ground: "mood"}}}},
		"one twice": {half, half}, "a ground twice": {{Grounds: []decision.Given{{Ground: decision.Excessive}, {Ground: decision.Excessive, Clause: "another"}}}},
	} {
		if _, err := d.SaveDraft(background, r.ID, "dpo/A", answers...); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r = d.ok(d.replacing().SaveDraft(background, r.ID, "dpo/B")); r.Draft != nil {
		t.Errorf("%+v", r.Draft)
	}
	_, err := d.Send(background, r.ID, "dpo/A", draft.Now)
	d.wantFault(err, fault.Conflict, "no draft")
	_, err = d.Send(background, r.ID, "dpo/A", draft.AtOnce)
	d.wantField(err, "when", "unknown")
	decided := d.ok(d.Decide(background, r.ID, "dpo/A", grant))
	_, err = d.SaveDraft(background, decided.ID, "dpo/A", half)
	d.wantFault(err, fault.Conflict, "drafted")
}
