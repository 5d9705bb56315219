package request_test

import (
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// The clauses that a refusal cites, by ground; "" must be named by the
// officer. That of another law would be wrong where the table has none: it is
// left to the officer.
var clauses = map[request.Ground]struct{ gdpr, california string }{
	request.NotVerified:         {"Art. 12(2), 12(6) GDPR", "Cal. Civ. Code 1798.130(a)(2); 11 CCR 7060"},
	request.RepeatedRequest:     {"Art. 12(5)(b) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
	request.Excessive:           {"Art. 12(5)(b) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
	request.Exemption:           {"", ""},
	request.NoDataFound:         {"Art. 15(1) GDPR", "11 CCR 7024"},
	request.OutsideJurisdiction: {"Art. 3 GDPR", "Cal. Civ. Code 1798.140(i)"},
	request.DisputedAccuracy:    {"Art. 16, 18(1)(a) GDPR", "Cal. Civ. Code 1798.106; 11 CCR 7023"},
	request.LegalObligation:     {"Art. 17(3)(b) GDPR", "Cal. Civ. Code 1798.105(d)(8)"},
	request.LegalClaims:         {"Art. 17(3)(e) GDPR", "Cal. Civ. Code 1798.145(a)(1)(E)"},
	request.RightsOfOthers:      {"Art. 15(4), 20(4) GDPR", "Cal. Civ. Code 1798.145(k)"},
	request.EvidenceMissing:     {"Art. 12(6) GDPR", "11 CCR 7063, 7070"},
	request.FeeUnpaid:           {"Art. 12(5)(a) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
}

func TestEveryGroundCitesTheClauseOfThePlace(t *testing.T) {
	if len(clauses) != len(request.Grounds) {
		t.Errorf("%d grounds are drawn, there are %d", len(clauses), len(request.Grounds))
	}
	for _, g := range request.Grounds {
		want, drawn := clauses[g.Ground]
		if !drawn {
			t.Errorf("no test knows %s", g.Ground)
		}
		for _, at := range []struct {
			place  deadline.Place
			clause string
		}{
			{germany, want.gdpr}, {deadline.Place{Country: "NO"}, want.gdpr}, {britain, strings.ReplaceAll(want.gdpr, "GDPR", "UK GDPR")},
			{california, want.california}, {deadline.Place{Country: "US", Region: "VA"}, ""}, {deadline.Place{Country: "US"}, ""},
			{deadline.Place{Country: "BR"}, ""}, {nowhere, ""},
		} {
			t.Run(string(g.Ground)+" in "+at.place.String(), func(t *testing.T) {
				d := newDesk(t)
				r := d.ready(at.place, g)
				given := request.GivenGround{Ground: g.Ground}
				if g.NeedsClause {
					_, err := d.Decide(background, r.ID, "dpo", request.Verdict{Outcome: request.Refuse, Grounds: []request.GivenGround{given}})
					d.wantField(err, "grounds", "clause")
					given.Clause = " \t"
					_, err = d.Decide(background, r.ID, "dpo", request.Verdict{Outcome: request.Refuse, Grounds: []request.GivenGround{given}})
					d.wantField(err, "grounds", "clause")
					given.Clause, at.clause = " Art. 23 GDPR ", "Art. 23 GDPR"
				}
				r = d.ok(d.Decide(background, r.ID, "dpo", request.Verdict{Outcome: request.Refuse, Grounds: []request.GivenGround{given}, Explanation: "because"}))
				if r.State != request.Refused || len(r.Decision.Grounds) != 1 || r.Decision.Grounds[0].Clause != at.clause || r.Decision.Explanation != "because" {
					t.Errorf("%s for %+v", r.State, r.Decision)
				}
				e := d.event(r.ID, request.EventRefused)
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
func (d *desk) ready(place deadline.Place, g request.GroundRule) request.Request {
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
	r := d.opened(d.asks(deadline.Place{Country: "US", Region: "VA"}, deadline.Access))
	v := request.Verdict{Outcome: request.Refuse, Grounds: []request.GivenGround{
		{Ground: request.Excessive, Clause: "Va. Code 59.1-577(B)(3)"}, {Ground: request.NoDataFound},
	}}
	r = d.ok(d.Decide(background, r.ID, "dpo", v))
	if r.Decision.Grounds[0].Clause != "Va. Code 59.1-577(B)(3)" || r.Decision.Grounds[1].Clause != "" {
		t.Errorf("%+v", r.Decision)
	}
	if f := d.event(r.ID, request.EventRefused).Facts; f["ground_2"] != "no_data_found" || f["clause_1"] != "Va. Code 59.1-577(B)(3)" {
		t.Errorf("%q", f)
	}
}

func TestVerdictsThatAreNone(t *testing.T) {
	ground := func(g request.Ground) []request.GivenGround { return []request.GivenGround{{Ground: g}} }
	for name, c := range map[string]struct {
		verdict       request.Verdict
		field, reason string
	}{
		"nothing":                       {request.Verdict{}, "outcome", "unknown"},
		"another outcome":               {request.Verdict{Outcome: "ignored"}, "outcome", "unknown"},
		"a state is no outcome":         {request.Verdict{Outcome: "expired"}, "outcome", "unknown"},
		"refused for nothing":           {request.Verdict{Outcome: request.Refuse}, "grounds", "missing"},
		"partly for nothing":            {request.Verdict{Outcome: request.Partly}, "grounds", "missing"},
		"granted for a ground":          {request.Verdict{Outcome: request.Grant, Grounds: ground(request.Excessive)}, "grounds", "missing"},
		"an unknown ground":             {request.Verdict{Outcome: request.Refuse, Grounds: ground("boredom")}, "grounds", "unknown"},
		"an unknown ground, second":     {request.Verdict{Outcome: request.Refuse, Grounds: append(ground(request.Excessive), ground("")...)}, "grounds", "unknown"},
		"the same ground twice":         {request.Verdict{Outcome: request.Refuse, Grounds: append(ground(request.Excessive), ground(request.Excessive)...)}, "grounds", "twice"},
		"not marked as repeated":        {request.Verdict{Outcome: request.Refuse, Grounds: ground(request.RepeatedRequest)}, "grounds", "not_repeated"},
		"no fee was asked":              {request.Verdict{Outcome: request.Refuse, Grounds: ground(request.FeeUnpaid)}, "grounds", "no_fee"},
		"partly not verified":           {request.Verdict{Outcome: request.Partly, Grounds: ground(request.NotVerified)}, "grounds", "refusal_only"},
		"partly without evidence":       {request.Verdict{Outcome: request.Partly, Grounds: ground(request.EvidenceMissing)}, "grounds", "refusal_only"},
		"partly outside":                {request.Verdict{Outcome: request.Partly, Grounds: ground(request.OutsideJurisdiction)}, "grounds", "refusal_only"},
		"partly unpaid, no fee":         {request.Verdict{Outcome: request.Partly, Grounds: ground(request.FeeUnpaid)}, "grounds", "no_fee"},
		"a clause that is a book":       {request.Verdict{Outcome: request.Refuse, Grounds: []request.GivenGround{{Ground: request.Exemption, Clause: strings.Repeat("x", 201)}}}, "grounds", "too_long"},
		"an exemption without a clause": {request.Verdict{Outcome: request.Partly, Grounds: ground(request.Exemption)}, "grounds", "clause"},
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
	partly := request.Verdict{Outcome: request.Partly, Grounds: []request.GivenGround{{Ground: request.RightsOfOthers}}}
	grant := request.Verdict{Outcome: request.Grant}
	for name, c := range map[string]struct {
		of      func(*desk) request.Request
		verdict request.Verdict
		want    request.State // "" is refused
	}{
		"open is granted":         {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, grant, request.Fulfilled},
		"open is partly granted":  {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, partly, request.PartlyFulfilled},
		"open is refused":         {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, refusal(request.NoDataFound), request.Refused},
		"unverified is refused":   {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, refusal(request.NotVerified), request.Refused},
		"unverified gets nothing": {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, grant, ""},
		"unverified gets no part": {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, partly, ""},
		"waiting is refused":      {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.ChildErasure)) }, refusal(request.EvidenceMissing), request.Refused},
		"waiting gets nothing":    {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.ChildErasure)) }, grant, ""},
		"refused stays refused":   {func(d *desk) request.Request { return d.refused(d.asks(germany, deadline.Access)) }, grant, ""},
		"what was done at once":   {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.OptOutOfSale)) }, refusal(request.Excessive), ""},
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
			if r.Refusal() != (c.want != request.Fulfilled) || r.Appealable() != r.Refusal() {
				t.Errorf("refusal %v, appealable %v", r.Refusal(), r.Appealable())
			}
		})
	}
}

// What we hold is given to who asked for it, for a few days.
func TestExportIsOpenedByTheAnswer(t *testing.T) {
	partly := request.Verdict{Outcome: request.Partly, Grounds: []request.GivenGround{{Ground: request.RightsOfOthers}}}
	for name, c := range map[string]struct {
		kinds   []request.Kind
		verdict request.Verdict
		want    bool
	}{
		"access":        {[]request.Kind{deadline.Access}, request.Verdict{Outcome: request.Grant}, true},
		"portability":   {[]request.Kind{deadline.Erasure, deadline.Portability}, partly, true},
		"erasure":       {[]request.Kind{deadline.Erasure}, request.Verdict{Outcome: request.Grant}, false},
		"access denied": {[]request.Kind{deadline.Access}, refusal(request.Excessive), false},
	} {
		d := newDesk(t)
		r := d.ok(d.Decide(background, d.opened(d.asks(germany, c.kinds...)).ID, "dpo", c.verdict))
		if !r.ExportUntil.IsZero() != c.want || c.want && !r.ExportUntil.Equal(dayEnd(d.now, 5)) {
			t.Errorf("%s: until %v", name, r.ExportUntil)
		}
	}
}

func TestDisputable(t *testing.T) {
	for _, k := range request.Kinds() {
		r := request.Request{Kinds: []request.Kind{k}}
		want := slices.Contains([]request.Kind{deadline.Correction, deadline.Erasure, deadline.ChildErasure}, k)
		if r.Disputable() != want {
			t.Errorf("%s: %v", k, r.Disputable())
		}
	}
}

func TestAuthority(t *testing.T) {
	for place, want := range map[deadline.Place]request.Authority{
		germany: request.DataProtectionAuthority, {Country: "IS"}: request.DataProtectionAuthority, {Country: "DE", Region: "BY"}: request.DataProtectionAuthority,
		britain: request.InformationCommissioner, california: request.CaliforniaAgency, {Country: "US", Region: "VA"}: request.AttorneyGeneral,
		{Country: "US"}: request.AttorneyGeneral, {Country: "CA"}: request.CanadaOPC, {Country: "CA", Region: "ON"}: request.CanadaOPC,
		{Country: "CA", Region: "QC"}: request.QuebecCAI, {Country: "BR"}: request.BrazilANPD, {Country: "JP"}: request.LocalAuthority, nowhere: request.LocalAuthority,
	} {
		r := request.Request{Place: place}
		if got := r.Authority(); got != want {
			t.Errorf("%q: %s, want %s", place, got, want)
		}
	}
}
