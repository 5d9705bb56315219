package request_test

import (
	"slices"
	"strings"
	"testing"
	"time"

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

// fourEyes is a desk where all that can need a signature does.
func fourEyes(t *testing.T) *desk {
	d := newDesk(t)
	d.Settings.FourEyes = foureyes.Acts
	return d
}

// signs signs what waits, as the file shows it now.
func (d *desk) signs(id, officer string) (request.Request, error) {
	r, err := d.store.Load(background, id)
	if err != nil {
		return r, err
	}
	return d.Sign(background, id, officer, r.Draft.Asked())
}

// What needs a signature, and what does not.
func TestWhatNeedsASignature(t *testing.T) {
	mixed := []decision.Answer{{Kind: deadline.Access, Outcome: decision.Grant}, {Kind: deadline.Correction, Outcome: decision.Refuse, Explanation: "x", Grounds: []decision.Given{{Ground: decision.DisputedAccuracy}}}}
	for name, c := range map[string]struct {
		kinds   []intake.Kind
		behalf  intake.Behalf
		answers []decision.Answer
		needs   []foureyes.Act
	}{
		"a grant":              {[]intake.Kind{deadline.Access}, "", []decision.Answer{grant}, nil},
		"a refusal":            {[]intake.Kind{deadline.Access}, "", []decision.Answer{refusal(decision.Excessive)}, []foureyes.Act{foureyes.Refusal}},
		"a part of it refused": {[]intake.Kind{deadline.Access, deadline.Correction}, "", mixed, nil},
		"an erasure":           {[]intake.Kind{deadline.Access, deadline.Erasure}, "", []decision.Answer{grant}, []foureyes.Act{foureyes.Erasure}},
		"a child's erasure":    {[]intake.Kind{deadline.ChildErasure}, "", []decision.Answer{told}, nil}, // ordered afterwards
	} {
		t.Run(name, func(t *testing.T) {
			d := fourEyes(t)
			in := d.asks(germany, c.kinds...)
			r := d.opened(in)
			if r.State == lifecycle.WaitingForPerson {
				r = d.ok(d.Answer(background, r.ID, "dpo/A", time.Time{}))
			}
			r = d.ok(d.Decide(background, r.ID, "dpo/A", c.answers...))
			if len(c.needs) == 0 {
				if r.Draft != nil || r.Decision == nil {
					t.Errorf("it waits: %+v", r.Draft)
				}
				return
			}
			if !r.Draft.ToSign() || !slices.Equal(r.Draft.Way.Needs, c.needs) || r.Decision != nil || r.State != lifecycle.Open || strings.Contains(d.mails(r.ID), "decision") {
				t.Fatalf("%s, %+v", r.State, r.Draft)
			}
			_, err := d.signs(r.ID, "officer/A")
			d.wantFault(err, fault.Conflict, "another person")
			for _, of := range []int{0, r.Draft.Way.Seq - 1, r.Draft.Way.Seq + 1} {
				_, err = d.Sign(background, r.ID, "dpo/B", of)
				d.wantFault(err, fault.Conflict, "seen")
			}
			r = d.ok(d.Sign(background, r.ID, "dpo/B", r.Draft.Way.Seq))
			if r.Decision == nil || r.Decision.By != "dpo/A" || r.Decision.Signed != "dpo/B" || r.Draft != nil || !strings.HasSuffix(d.mails(r.ID), "decision") {
				t.Errorf("%+v, draft %+v", r.Decision, r.Draft)
			}
			if got := d.history(r.ID); !strings.Contains(got, "signature_asked signed ") || by(d.event(r.ID, lifecycle.EventSigned)) != "officer:dpo/B" {
				t.Error(got)
			}
		})
	}
}

// What is sent and must be signed goes after the signature, as it was sent; the
// signature is of that text alone.
func TestSignedThenSent(t *testing.T) {
	d := fourEyes(t)
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", refusal(decision.Excessive)))
	r = d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	first := r.Draft.Way.Seq
	_, err := d.Send(background, r.ID, "dpo/B", draft.Now)
	d.wantFault(err, fault.Conflict, "signature")
	if r, p := d.drained(r.ID, day); p.n != 0 || r.Decision != nil {
		t.Error("it went without a signature")
	}
	d.ok(d.CallBack(background, r.ID, "dpo/A"))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", refusal(decision.NoDataFound)))
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	_, err = d.Sign(background, r.ID, "dpo/B", first)
	d.wantFault(err, fault.Conflict, "seen")
	r = d.ok(d.signs(r.ID, "dpo/B"))
	if !r.Draft.OnItsWay() || r.Draft.ToSign() || r.Draft.Way.SignedBy != "dpo/B" || !r.Draft.Way.SendAt.Equal(d.now.Add(10*time.Minute)) {
		t.Fatalf("%+v", r.Draft)
	}
	d.wantUnchanged(d.ok(d.signs(r.ID, "dpo/B")))
	if r, p := d.drained(r.ID, 10*time.Minute); p.n != 1 || r.Decision.Signed != "dpo/B" || r.Decision.By != "dpo/A" {
		t.Errorf("%d mails, %+v", p.n, r.Decision)
	}
	// Who sends what another wrote decides, and the other may sign it.
	r = d.mailed(d.opened(d.asks(germany, deadline.Portability)))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", refusal(decision.Excessive)))
	d.ok(d.Send(background, r.ID, "dpo/B", draft.Now))
	_, err = d.signs(r.ID, "dpo/B")
	d.wantFault(err, fault.Conflict, "another person")
	d.ok(d.signs(r.ID, "dpo/A"))
	if r, _ := d.drained(r.ID, 10*time.Minute); r.Decision.By != "dpo/B" || r.Decision.Signed != "dpo/A" {
		t.Errorf("%+v", r.Decision)
	}
	// Called back after the signature, it must be signed again.
	r = d.mailed(d.opened(d.asks(germany, deadline.Correction)))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", refusal(decision.DisputedAccuracy)))
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	d.ok(d.signs(r.ID, "dpo/B"))
	d.ok(d.CallBack(background, r.ID, "dpo/A"))
	if r = d.ok(d.Send(background, r.ID, "dpo/A", draft.Now)); !r.Draft.ToSign() {
		t.Errorf("%+v", r.Draft)
	}
}

// Who decided does not sign the answer to the appeal, and who signed does not
// decide on it.
func TestAppealsAndSignatures(t *testing.T) {
	d := fourEyes(t)
	r := d.opened(d.asks(california, deadline.Access))
	d.ok(d.Decide(background, r.ID, "dpo/A", refusal(decision.Excessive)))
	d.ok(d.signs(r.ID, "dpo/B"))
	appeal := d.ok(d.Appeal(background, r.ID, "Why?"))
	for _, officer := range []string{"dpo/A", "dpo/B"} {
		_, err := d.Decide(background, appeal.ID, officer, refusal(decision.Excessive))
		d.wantFault(err, fault.Conflict, "another officer")
	}
	d.ok(d.SaveDraft(background, appeal.ID, "dpo/C", refusal(decision.Excessive)))
	_, err := d.Send(background, appeal.ID, "dpo/A", draft.Now)
	d.wantFault(err, fault.Conflict, "another officer")
	d.ok(d.Send(background, appeal.ID, "dpo/C", draft.Now))
	_, err = d.signs(appeal.ID, "dpo/A")
	d.wantFault(err, fault.Conflict, "another officer")
	d.ok(d.signs(appeal.ID, "dpo/B"))
}

// A fee is asked for when another has signed that.
func TestAFeeIsSigned(t *testing.T) {
	d := fourEyes(t)
	fee := waiting.Waiting{Cause: deadline.Fee, Question: "Why.", Fee: &waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.Excessive}}
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", grant))
	r = d.ok(d.Ask(background, r.ID, "dpo/A", fee))
	if !r.Draft.ToSign() || r.State != lifecycle.Open || strings.Contains(d.mails(r.ID), "waiting") {
		t.Fatalf("%s, %+v", r.State, r.Draft)
	}
	_, err := d.signs(r.ID, "dpo/A")
	d.wantFault(err, fault.Conflict, "another person")
	r = d.ok(d.signs(r.ID, "dpo/B"))
	if r.State != lifecycle.WaitingForPerson || r.Waiting.Fee.Amount != "5" || r.Draft.OnItsWay() || len(r.Draft.Answers) != 1 || !strings.HasSuffix(d.mails(r.ID), "waiting") {
		t.Errorf("%s, %+v, %+v", r.State, r.Waiting, r.Draft)
	}
	if e := d.event(r.ID, lifecycle.EventAsked); by(e) != "officer:dpo/A" {
		t.Error(by(e))
	}
	// Another question needs none, and where the person withdraws nothing is left to sign.
	r = d.opened(d.asks(germany, deadline.Correction))
	if r = d.ok(d.Ask(background, r.ID, "dpo/A", waiting.Waiting{Cause: deadline.Clarification, Question: "Which?"})); r.State != lifecycle.WaitingForPerson {
		t.Error(r.State)
	}
	r = d.opened(d.asks(germany, deadline.Portability))
	d.ok(d.Ask(background, r.ID, "dpo/A", fee))
	if r = d.ok(d.Withdraw(background, r.ID, "person")); r.Draft != nil {
		t.Errorf("%+v", r.Draft)
	}
	_, err = d.signs(r.ID, "dpo/B")
	d.wantFault(err, fault.Conflict, "nothing waits")
}

// An officer's order of erasure is signed too.
func TestAnOrderOfErasureIsSigned(t *testing.T) {
	d := fourEyes(t)
	r := d.opened(d.asks(germany, deadline.ChildErasure))
	r = d.ok(d.Answer(background, r.ID, "dpo/A", time.Time{}))
	d.ok(d.Decide(background, r.ID, "dpo/A", told))
	r = d.ok(d.Erase(background, r.ID, "dpo/A"))
	if !r.Draft.ToSign() || !r.EraseFrom.IsZero() {
		t.Fatalf("%+v, from %v", r.Draft, r.EraseFrom)
	}
	d.wantUnchanged(d.ok(d.Erase(background, r.ID, "dpo/B"))) // twice is once
	r = d.ok(d.signs(r.ID, "dpo/B"))
	if r.Draft != nil || r.EraseFrom.IsZero() || by(d.event(r.ID, lifecycle.EventEraseOrdered)) != "officer:dpo/A" {
		t.Errorf("%+v, from %v", r.Draft, r.EraseFrom)
	}
	r = d.opened(d.asks(germany, deadline.ChildErasure))
	r = d.ok(d.Answer(background, r.ID, "dpo/A", time.Time{}))
	d.ok(d.Decide(background, r.ID, "dpo/A", told))
	d.ok(d.Erase(background, r.ID, "dpo/A"))
	if r = d.ok(d.Reopen(background, r.ID, "dpo/A", "A mistake.")); r.Draft != nil {
		t.Errorf("%+v", r.Draft)
	}
}

// What was sent without a signature does not go once it would need one.
func TestASignatureThatIsNeededNow(t *testing.T) {
	agents := func(d *desk) request.Request {
		in := d.asks(germany, deadline.Erasure)
		in.OnBehalfOf = intake.Agent
		r := d.mailed(d.opened(in))
		return d.ok(d.Answer(background, r.ID, "dpo/A", time.Time{}))
	}
	for name, then := range map[string]func(*desk, request.Request){
		"it is theirs after all": func(d *desk, r request.Request) {
			d.ok(d.Amend(background, r.ID, "dpo/A", request.Amendment{OnBehalfOf: intake.Self}))
		},
		"a new rule": func(d *desk, _ request.Request) { d.Settings.FourEyes = foureyes.Acts },
	} {
		d := fourEyes(t)
		r, answer := agents(d), grant
		if name == "a new rule" {
			d.Settings.FourEyes, answer = nil, refusal(decision.Excessive)
		}
		d.ok(d.SaveDraft(background, r.ID, "dpo/A", answer))
		if r = d.ok(d.Send(background, r.ID, "dpo/A", draft.Now)); r.Draft.ToSign() {
			t.Fatalf("%s: %+v", name, r.Draft.Way)
		}
		then(d, r)
		r, _ = d.drained(r.ID, 10*time.Minute)
		if r.Decision != nil || !r.EraseFrom.IsZero() || r.Draft.Stopped == nil || r.Draft.Stopped.Why != draft.Changed {
			t.Errorf("%s: decided %+v, erased from %s, draft %+v", name, r.Decision, r.EraseFrom, r.Draft)
		}
	}
}
