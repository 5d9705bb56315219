package request_test

import (
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// The clauses that a refusal cites, by ground; "" must be named by the
// officer. That of another law would be wrong where the table has none: it is
// left to the officer.
var clauses = map[decision.Ground]struct{ gdpr, california string }{
	decision.NotVerified:         {"Art. 12(2), 12(6) GDPR", "Cal. Civ. Code 1798.130(a)(2); 11 CCR 7060"},
	decision.RepeatedRequest:     {"Art. 12(5)(b) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
	decision.Excessive:           {"Art. 12(5)(b) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
	decision.Exemption:           {"", ""},
	decision.NoDataFound:         {"Art. 15(1) GDPR", "11 CCR 7024"},
	decision.OutsideJurisdiction: {"Art. 3 GDPR", "Cal. Civ. Code 1798.140(i)"},
	decision.DisputedAccuracy:    {"Art. 16, 18(1)(a) GDPR", "Cal. Civ. Code 1798.106; 11 CCR 7023"},
	decision.LegalObligation:     {"Art. 17(3)(b) GDPR", "Cal. Civ. Code 1798.105(d)(8)"},
	decision.LegalClaims:         {"Art. 17(3)(e) GDPR", "Cal. Civ. Code 1798.145(a)(1)(E)"},
	decision.RightsOfOthers:      {"Art. 15(4), 20(4) GDPR", "Cal. Civ. Code 1798.145(k)"},
	decision.EvidenceMissing:     {"Art. 12(6) GDPR", "11 CCR 7063, 7070"},
	decision.FeeUnpaid:           {"Art. 12(5)(a) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
}

func TestEveryGroundCitesTheClauseOfThePlace(t *testing.T) {
	if len(clauses) != len(decision.Rules) {
		t.Errorf("%d grounds are drawn, there are %d", len(clauses), len(decision.Rules))
	}
	for _, g := range decision.Rules {
		want, drawn := clauses[g.Ground]
		if !drawn {
			t.Errorf("no test knows %s", g.Ground)
		}
		for _, at := range []struct {
			place  deadline.Jurisdiction
			clause string
		}{
			{germany, want.gdpr}, {deadline.Jurisdiction{Country: "NO"}, want.gdpr}, {britain, strings.ReplaceAll(want.gdpr, "GDPR", "UK GDPR")},
			{california, want.california}, {deadline.Jurisdiction{Country: "US", Region: "VA"}, ""}, {deadline.Jurisdiction{Country: "US"}, ""},
			{deadline.Jurisdiction{Country: "BR"}, ""}, {nowhere, ""},
		} {
			t.Run(string(g.Ground)+" in "+at.place.String(), func(t *testing.T) {
				d := newDesk(t)
				r := d.ready(at.place, g)
				given := decision.Given{Ground: g.Ground}
				if g.NeedsClause {
					_, err := d.Decide(background, r.ID, "dpo", decision.Decision{Outcome: decision.Refuse, Grounds: []decision.Given{given}})
					d.wantField(err, "grounds", "clause")
					given.Clause = " \t"
					_, err = d.Decide(background, r.ID, "dpo", decision.Decision{Outcome: decision.Refuse, Grounds: []decision.Given{given}})
					d.wantField(err, "grounds", "clause")
					given.Clause, at.clause = " Art. 23 GDPR ", "Art. 23 GDPR"
				}
				r = d.ok(d.Decide(background, r.ID, "dpo", decision.Decision{Outcome: decision.Refuse, Grounds: []decision.Given{given}, Explanation: "because"}))
				if r.State != lifecycle.Refused || len(r.Decision.Grounds) != 1 || r.Decision.Grounds[0].Clause != at.clause || r.Decision.Explanation != "because" {
					t.Errorf("%s for %+v", r.State, r.Decision)
				}
				e := d.event(r.ID, lifecycle.EventRefused)
				if cited, any := e.Facts["clause_1"]; e.Facts["ground_1"] != string(g.Ground) || cited != at.clause || any != (at.clause != "") || by(e) != "officer:dpo" {
					t.Errorf("%q %q", e.Actor, e.Facts)
				}
				if !strings.HasSuffix(d.mails(r.ID), "decision") || !r.Appealable() || !r.ExportUntil.IsZero() {
					t.Errorf("mails %s, appealable %v, export until %v", d.mails(r.ID), r.Appealable(), r.ExportUntil)
				}
			})
		}
	}
}

// ready is a request that can be refused for a ground.
func (d *desk) ready(place deadline.Jurisdiction, g decision.Rule) request.Request {
	d.t.Helper()
	if g.NeedsRepeat {
		d.opened(d.asks(place, deadline.Access))
		d.opened(d.asks(place, deadline.Access))
	}
	r := d.opened(d.asks(place, deadline.Access))
	if g.NeedsFee {
		r = d.ok(d.Ask(background, r.ID, "dpo", request.Waiting{Cause: deadline.Fee, Fee: &request.Fee{Amount: "12.50", Currency: "USD"}}))
	}
	return r
}

// An officer who names a clause knows better than the table.
func TestNamedClauseIsCited(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(deadline.Jurisdiction{Country: "US", Region: "VA"}, deadline.Access))
	v := decision.Decision{Outcome: decision.Refuse, Grounds: []decision.Given{
		{Ground: decision.Excessive, Clause: "Va. Code 59.1-577(B)(3)"}, {Ground: decision.NoDataFound},
	}}
	r = d.ok(d.Decide(background, r.ID, "dpo", v))
	if r.Decision.Grounds[0].Clause != "Va. Code 59.1-577(B)(3)" || r.Decision.Grounds[1].Clause != "" {
		t.Errorf("%+v", r.Decision)
	}
	if f := d.event(r.ID, lifecycle.EventRefused).Facts; f["ground_2"] != "no_data_found" || f["clause_1"] != "Va. Code 59.1-577(B)(3)" {
		t.Errorf("%q", f)
	}
}

func TestVerdictsThatAreNone(t *testing.T) {
	ground := func(g decision.Ground) []decision.Given { return []decision.Given{{Ground: g}} }
	for name, c := range map[string]struct {
		verdict       decision.Decision
		field, reason string
	}{
		"nothing":                       {decision.Decision{}, "outcome", "unknown"},
		"another outcome":               {decision.Decision{Outcome: "ignored"}, "outcome", "unknown"},
		"a state is no outcome":         {decision.Decision{Outcome: "expired"}, "outcome", "unknown"},
		"refused for nothing":           {decision.Decision{Outcome: decision.Refuse}, "grounds", "missing"},
		"partly for nothing":            {decision.Decision{Outcome: decision.Partly}, "grounds", "missing"},
		"granted for a ground":          {decision.Decision{Outcome: decision.Grant, Grounds: ground(decision.Excessive)}, "grounds", "missing"},
		"an unknown ground":             {decision.Decision{Outcome: decision.Refuse, Grounds: ground("boredom")}, "grounds", "unknown"},
		"an unknown ground, second":     {decision.Decision{Outcome: decision.Refuse, Grounds: append(ground(decision.Excessive), ground("")...)}, "grounds", "unknown"},
		"the same ground twice":         {decision.Decision{Outcome: decision.Refuse, Grounds: append(ground(decision.Excessive), ground(decision.Excessive)...)}, "grounds", "twice"},
		"not marked as repeated":        {decision.Decision{Outcome: decision.Refuse, Grounds: ground(decision.RepeatedRequest)}, "grounds", "not_repeated"},
		"no fee was asked":              {decision.Decision{Outcome: decision.Refuse, Grounds: ground(decision.FeeUnpaid)}, "grounds", "no_fee"},
		"partly not verified":           {decision.Decision{Outcome: decision.Partly, Grounds: ground(decision.NotVerified)}, "grounds", "refusal_only"},
		"partly without evidence":       {decision.Decision{Outcome: decision.Partly, Grounds: ground(decision.EvidenceMissing)}, "grounds", "refusal_only"},
		"partly outside":                {decision.Decision{Outcome: decision.Partly, Grounds: ground(decision.OutsideJurisdiction)}, "grounds", "refusal_only"},
		"partly unpaid, no fee":         {decision.Decision{Outcome: decision.Partly, Grounds: ground(decision.FeeUnpaid)}, "grounds", "no_fee"},
		"a clause that is a book":       {decision.Decision{Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: decision.Exemption, Clause: strings.Repeat("x", 201)}}}, "grounds", "too_long"},
		"an exemption without a clause": {decision.Decision{Outcome: decision.Partly, Grounds: ground(decision.Exemption)}, "grounds", "clause"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.opened(d.asks(germany, deadline.Access))
			_, err := d.Decide(background, r.ID, "dpo", c.verdict)
			d.wantField(err, c.field, c.reason)
			d.wantUnchanged(r)
		})
	}
}

func TestDecideFromEachState(t *testing.T) {
	partly := decision.Decision{Outcome: decision.Partly, Grounds: []decision.Given{{Ground: decision.RightsOfOthers}}}
	grant := decision.Decision{Outcome: decision.Grant}
	for name, c := range map[string]struct {
		of      func(*desk) request.Request
		verdict decision.Decision
		want    lifecycle.State // "" is refused
	}{
		"open is granted":         {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, grant, lifecycle.Fulfilled},
		"open is partly granted":  {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, partly, lifecycle.PartlyFulfilled},
		"open is refused":         {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, refusal(decision.NoDataFound), lifecycle.Refused},
		"unverified is refused":   {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, refusal(decision.NotVerified), lifecycle.Refused},
		"unverified gets nothing": {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, grant, ""},
		"unverified gets no part": {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, partly, ""},
		"waiting is refused":      {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.ChildErasure)) }, refusal(decision.EvidenceMissing), lifecycle.Refused},
		"waiting gets nothing":    {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.ChildErasure)) }, grant, ""},
		"refused stays refused":   {func(d *desk) request.Request { return d.refused(d.asks(germany, deadline.Access)) }, grant, ""},
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
			if r.Refusal() != (c.want != lifecycle.Fulfilled) || r.Appealable() != r.Refusal() {
				t.Errorf("refusal %v, appealable %v", r.Refusal(), r.Appealable())
			}
		})
	}
}

// What we hold is given to who asked for it, for a few days.
func TestExportIsOpenedByTheAnswer(t *testing.T) {
	partly := decision.Decision{Outcome: decision.Partly, Grounds: []decision.Given{{Ground: decision.RightsOfOthers}}}
	for name, c := range map[string]struct {
		kinds   []intake.Kind
		verdict decision.Decision
		want    bool
	}{
		"access":        {[]intake.Kind{deadline.Access}, decision.Decision{Outcome: decision.Grant}, true},
		"portability":   {[]intake.Kind{deadline.Erasure, deadline.Portability}, partly, true},
		"erasure":       {[]intake.Kind{deadline.Erasure}, decision.Decision{Outcome: decision.Grant}, false},
		"access denied": {[]intake.Kind{deadline.Access}, refusal(decision.Excessive), false},
	} {
		d := newDesk(t)
		r := d.ok(d.Decide(background, d.opened(d.asks(germany, c.kinds...)).ID, "dpo", c.verdict))
		if !r.ExportUntil.IsZero() != c.want || c.want && !r.ExportUntil.Equal(dayEnd(d.now, 5)) {
			t.Errorf("%s: until %v", name, r.ExportUntil)
		}
	}
}

func TestDisputable(t *testing.T) {
	for _, k := range intake.Kinds() {
		r := request.Request{Kinds: []intake.Kind{k}}
		want := slices.Contains([]intake.Kind{deadline.Correction, deadline.Erasure, deadline.ChildErasure}, k)
		if r.Disputable() != want {
			t.Errorf("%s: %v", k, r.Disputable())
		}
	}
}
