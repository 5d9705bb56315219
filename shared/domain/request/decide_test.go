package request_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// answer is one to a kind of request, with words where it is no grant.
func answer(k intake.Kind, o decision.Outcome, grounds ...decision.Ground) decision.Answer {
	a := refusal(grounds...)
	a.Kind, a.Outcome = k, o
	return a
}

// Each kind has its own answer; the history keeps the codes openly and the words
// as the person's own.
func TestDecideByKind(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access, deadline.Erasure, deadline.Restriction, deadline.Objection))
	_, err := d.Decide(background, r.ID, "dpo", answer(deadline.Access, decision.Grant))
	d.wantField(err, "answers", "missing")
	d.wantUnchanged(r)
	r = d.ok(d.Decide(background, r.ID, "dpo", answer(deadline.Access, decision.Grant), answer(deadline.Erasure, decision.Refuse, decision.LegalObligation), answer("", decision.Refuse, decision.NoCase)))
	if r.State != lifecycle.PartlyFulfilled || len(r.Decision.Answers) != 3 || r.Decision.By != "dpo" || r.ExportUntil.IsZero() || !r.EraseFrom.IsZero() {
		t.Errorf("%s: %+v", r.State, r.Decision)
	}
	e := d.event(r.ID, lifecycle.EventPartlyFulfilled)
	words, _ := e.Private["explanation_erasure"].Reveal()
	if e.Facts["access"] != "fulfilled" || e.Facts["erasure"] != "refused" || e.Facts["grounds_erasure"] != "legal_obligation Art. 17(3)(b) GDPR" || e.Facts["restriction"] != "refused" || words != "because" || by(e) != "officer:dpo" {
		t.Errorf("%q %q %q", e.Actor, e.Facts, words)
	}
	if _, asked := e.Facts["objection"]; asked {
		t.Error("what took effect by itself was decided")
	}
	if !strings.HasSuffix(d.mails(r.ID), "decision") || !r.Appealable() || !r.Disputable() || r.Blockable() {
		t.Errorf("mails %s, appealable %v, disputable %v, blockable %v", d.mails(r.ID), r.Appealable(), r.Disputable(), r.Blockable())
	}
}

func TestDecideFromEachState(t *testing.T) {
	part, grants := answer("", decision.Partly, decision.RightsOfOthers), answer("", decision.Grant)
	for name, c := range map[string]struct {
		of      func(*desk) request.Request
		verdict decision.Answer
		want    lifecycle.State // "" is refused
	}{
		"open is granted":         {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, grants, lifecycle.Fulfilled},
		"open is partly granted":  {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, part, lifecycle.PartlyFulfilled},
		"open is refused":         {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, refusal(decision.NoDataFound), lifecycle.Refused},
		"unverified is refused":   {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, refusal(decision.NotVerified), lifecycle.Refused},
		"unverified gets nothing": {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, grants, ""},
		"unverified gets no part": {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, part, ""},
		"waiting is refused":      {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.ChildErasure)) }, refusal(decision.Excessive), lifecycle.Refused},
		"waiting gets nothing":    {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.ChildErasure)) }, grants, ""},
		"refused stays refused":   {func(d *desk) request.Request { return d.refused(d.asks(germany, deadline.Access)) }, grants, ""},
		"what was done at once":   {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.OptOutOfSale)) }, refusal(decision.Excessive), ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			before := c.of(d)
			r, err := d.Decide(background, before.ID, "dpo", c.verdict)
			if c.want == "" {
				d.wantFault(err, fault.Conflict, string(before.State))
				d.wantUnchanged(before)
				return
			}
			if d.ok(r, err); r.State != c.want || !r.ClosedAt.Equal(d.now) || r.Waiting != nil || !r.Decision.At.Equal(d.now) {
				t.Errorf("%+v", r)
			}
			if r.Appealable() != (c.want != lifecycle.Fulfilled) {
				t.Errorf("appealable %v", r.Appealable())
			}
		})
	}
}

// What we hold is given to who asked for it, for a few days.
func TestExportIsOpenedByTheAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		kinds   []intake.Kind
		answers []decision.Answer
		want    bool
	}{
		"access":              {[]intake.Kind{deadline.Access}, []decision.Answer{answer("", decision.Grant)}, true},
		"portability in part": {[]intake.Kind{deadline.Erasure, deadline.Portability}, []decision.Answer{answer(deadline.Portability, decision.Partly, decision.RightsOfOthers), refusal(decision.LegalClaims)}, true},
		"erasure":             {[]intake.Kind{deadline.Erasure}, []decision.Answer{answer("", decision.Grant)}, false},
		"access denied":       {[]intake.Kind{deadline.Access}, []decision.Answer{refusal(decision.Excessive)}, false},
		"access denied alone": {[]intake.Kind{deadline.Access, deadline.Erasure}, []decision.Answer{answer(deadline.Access, decision.Refuse, decision.Excessive), answer("", decision.Grant)}, false},
	} {
		d := newDesk(t)
		r := d.ok(d.Decide(background, d.opened(d.asks(germany, c.kinds...)).ID, "dpo", c.answers...))
		if !r.ExportUntil.IsZero() != c.want || c.want && !r.ExportUntil.Equal(dayEnd(d.now, 5)) {
			t.Errorf("%s: until %v", name, r.ExportUntil)
		}
	}
}

// Only what was denied can be disputed, and nothing is offered that was asked for.
func TestDisputable(t *testing.T) {
	for _, k := range intake.Kinds() {
		r := request.Request{Kinds: []intake.Kind{k}, State: lifecycle.Refused, Decision: &decision.Decision{Answers: []decision.Answer{{Kind: k, Outcome: decision.Refuse}}}}
		want := slices.Contains([]intake.Kind{deadline.Correction, deadline.Erasure, deadline.ChildErasure}, k)
		if own := want && k != deadline.ChildErasure; r.Disputable() != want || r.Blockable() != own {
			t.Errorf("%s: %v, %v", k, r.Disputable(), r.Blockable())
		}
		for _, other := range []request.Request{{OnBehalfOf: intake.Parent}, {OnBehalfOf: intake.Agent}, {HeldBack: true}} {
			other.Kinds, other.State, other.Decision = r.Kinds, r.State, r.Decision
			if other.Blockable() {
				t.Errorf("%s: blocking is offered to %q, held %v", k, other.OnBehalfOf, other.HeldBack)
			}
		}
		r.Kinds = append(r.Kinds, deadline.Restriction)
		if r.Blockable() {
			t.Errorf("%s: offered what was asked for", k)
		}
		r.State, r.Decision.Answers[0].Outcome = lifecycle.PartlyFulfilled, decision.Grant
		if r.Disputable() {
			t.Errorf("%s: granted, and disputable", k)
		}
	}
}

// A proof or a fee is missing only when the time that the person was given is over.
func TestTheTimeThatWasGiven(t *testing.T) {
	fee := waiting.Waiting{Cause: deadline.Fee, Fee: &waiting.Fee{Amount: "12.50", Currency: "USD", Because: decision.Excessive}, Question: "Pay by invoice."}
	proof := waiting.Waiting{Cause: deadline.Identity, Question: "Who are you?"}
	for name, c := range map[string]struct {
		wait   *waiting.Waiting
		ground decision.Ground
		after  int // days
		said   string
	}{
		"no proof was asked for": {nil, decision.EvidenceMissing, 0, "no proof was asked for"},
		"no fee was asked for":   {nil, decision.FeeUnpaid, 0, "ask first"},
		"a proof, no fee":        {&proof, decision.FeeUnpaid, 40, "ask first"},
		"the proof may come":     {&proof, decision.EvidenceMissing, 1, "2026-12-22"},
		"the fee may come":       {&fee, decision.FeeUnpaid, 1, "2026-12-22"},
		"the last day is theirs": {&fee, decision.FeeUnpaid, 30, "2026-12-22"},
		"the fee did not come":   {&fee, decision.FeeUnpaid, 31, ""},
		"the proof did not come": {&proof, decision.EvidenceMissing, 31, ""},
	} {
		d := newDesk(t)
		r := d.opened(d.asks(california, deadline.Access))
		if c.wait != nil {
			r = d.ok(d.Ask(background, r.ID, "dpo", *c.wait))
		}
		d.later(day * 1 * 1)
		d.now = d.now.AddDate(0, 0, c.after-1)
		if c.after == 0 {
			d.now = r.ReceivedAt
		}
		got, err := d.Decide(background, r.ID, "dpo", refusal(c.ground))
		if c.said == "" {
			if d.ok(got, err); got.State != lifecycle.Refused {
				t.Errorf("%s: %s", name, got.State)
			}
			continue
		}
		d.wantFault(err, fault.Conflict, c.said)
		d.wantUnchanged(r)
	}
	d := newDesk(t)
	r := d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", proof))
	d.ok(d.Answer(background, r.ID, "dpo", d.now))
	d.ok(d.Decide(background, r.ID, "dpo", refusal(decision.EvidenceMissing))) // it came, and did not suffice
}

// A complaint is no request under Art. 15 to 22 GDPR: no law knows a fee for it.
func TestNoFeeForAComplaint(t *testing.T) {
	d := newDesk(t)
	in := d.asks(britain, deadline.Complaint)
	in.Details = "You call me."
	_, err := d.Ask(background, d.opened(in).ID, "dpo", waiting.Waiting{Cause: deadline.Fee, Fee: &waiting.Fee{Amount: "5", Currency: "GBP", Because: decision.Excessive}, Question: "?"})
	d.wantField(err, "fee", "not_allowed")
}

func TestFeeOnlyWhereTheLawAllowsOne(t *testing.T) {
	for place, allowed := range map[deadline.Jurisdiction]bool{germany: true, britain: true, california: true, {Country: "BR"}: false, nowhere: false} {
		d := newDesk(t)
		r := d.opened(d.asks(place, deadline.Access))
		_, err := d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Fee, Fee: &waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.Excessive}, Question: "?"})
		if allowed && err != nil {
			t.Errorf("%q: %v", place, err)
		}
		if !allowed {
			d.wantField(err, "fee", "not_allowed")
		}
	}
}

// Whoever decided does not decide on the appeal, whatever they call themselves.
func TestAnotherDecidesOnTheAppeal(t *testing.T) {
	for name, c := range map[string]struct {
		by              string
		switchOff, want bool
	}{
		"the same":                    {by: "dpo-1/AIDA1"},
		"the same, in another role":   {by: "ceo/AIDA1"},
		"the same, without a role":    {by: "AIDA1"},
		"another":                     {by: "dpo-1/AIDA2", want: true},
		"the same, alone in the desk": {by: "dpo-1/AIDA1", switchOff: true, want: true},
	} {
		d := newDesk(t)
		d.Settings.OtherEyes = !c.switchOff
		r := d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Access, deadline.Erasure)).ID, "dpo-1/AIDA1", answer(deadline.Access, decision.Grant), refusal(decision.LegalClaims)))
		appeal := d.ok(d.Appeal(background, r.ID, "No."))
		if !slices.Equal(appeal.Kinds, []intake.Kind{deadline.Erasure}) {
			t.Errorf("%s: the appeal is about %v", name, appeal.Kinds)
		}
		d.sent()
		d.reduce(r.ID, lifecycle.EventErased) // who decided is not forgotten by that
		appeal = d.file(appeal.ID).Request
		_, err := d.Decide(background, appeal.ID, c.by, refusal(decision.LegalClaims))
		if c.want != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if !c.want {
			d.wantFault(err, fault.Conflict, r.ID)
			d.wantUnchanged(appeal)
		}
	}
}

// held are legal holds that keep everything.
type held []request.KeptBack

func (h held) KeptBack(context.Context, *request.Request) ([]request.KeptBack, error) { return h, nil }

// Under a legal hold nobody is told that they are erased; when it is lifted, they
// are told, once.
func TestLegalHold(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access, deadline.Erasure))
	d.Holds = held{{Hold: "H-1", Of: "person", Keeps: "erasure"}}
	_, err := d.Decide(background, r.ID, "dpo", grant)
	d.wantFault(err, fault.Conflict, "H-1")
	d.wantUnchanged(r)
	r = d.ok(d.Decide(background, r.ID, "dpo", answer(deadline.Access, decision.Grant), answer(deadline.Erasure, decision.Partly, decision.LegalClaims)))
	if !r.HeldBack || r.EraseFrom.IsZero() || r.State != lifecycle.PartlyFulfilled {
		t.Errorf("held back %v, from %v, %s", r.HeldBack, r.EraseFrom, r.State)
	}
	d.later(10 * day)
	for range 2 {
		if err := d.Release(background, r.ID); err != nil {
			t.Error(err)
		}
	}
	f := d.file(r.ID)
	if !strings.HasSuffix(d.history(r.ID), "erasure_ordered erasure_released") || !strings.HasSuffix(d.mails(r.ID), "decision erasing") || f.Request.HeldBack || !f.Request.EraseFrom.Equal(d.now) {
		t.Errorf("%s; %s; %+v", d.history(r.ID), d.mails(r.ID), f.Request)
	}
	later := d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Erasure)).ID, "dpo", refusal(decision.LegalClaims)))
	if later.HeldBack || !later.EraseFrom.IsZero() {
		t.Error("a refusal orders an erasure")
	}
}

// What is erased by an officer's own order is held back as well.
func TestEraseUnderAHold(t *testing.T) {
	d := newDesk(t)
	r := d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Erasure)).ID, "dpo", partly(decision.LegalObligation)))
	d.Holds = held{{Hold: "H-1"}}
	if r = d.ok(d.Erase(background, r.ID, "dpo")); !r.HeldBack {
		t.Errorf("%+v", r)
	}
}
