package rights_test

import (
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/fault"
	"privacydesk/shared/law"
	"privacydesk/shared/rights"
)

// The clauses that a refusal cites, by ground; "" must be named by the
// officer. That of another law would be wrong where the table has none: it is
// left to the officer.
var clauses = map[rights.Ground]struct{ gdpr, california string }{
	rights.NotVerified:         {"Art. 12(2), 12(6) GDPR", "Cal. Civ. Code 1798.130(a)(2); 11 CCR 7060"},
	rights.RepeatedRequest:     {"Art. 12(5)(b) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
	rights.Excessive:           {"Art. 12(5)(b) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
	rights.Exemption:           {"", ""},
	rights.NoDataFound:         {"Art. 15(1) GDPR", "11 CCR 7024"},
	rights.OutsideJurisdiction: {"Art. 3 GDPR", "Cal. Civ. Code 1798.140(i)"},
	rights.DisputedAccuracy:    {"Art. 16, 18(1)(a) GDPR", "Cal. Civ. Code 1798.106; 11 CCR 7023"},
	rights.LegalObligation:     {"Art. 17(3)(b) GDPR", "Cal. Civ. Code 1798.105(d)(8)"},
	rights.LegalClaims:         {"Art. 17(3)(e) GDPR", "Cal. Civ. Code 1798.145(a)(1)(E)"},
	rights.RightsOfOthers:      {"Art. 15(4), 20(4) GDPR", "Cal. Civ. Code 1798.145(k)"},
	rights.EvidenceMissing:     {"Art. 12(6) GDPR", "11 CCR 7063, 7070"},
	rights.FeeUnpaid:           {"Art. 12(5)(a) GDPR", "Cal. Civ. Code 1798.145(h)(3)"},
}

func TestEveryGroundCitesTheClauseOfThePlace(t *testing.T) {
	if len(clauses) != len(rights.Grounds) {
		t.Errorf("%d grounds are drawn, there are %d", len(clauses), len(rights.Grounds))
	}
	for _, g := range rights.Grounds {
		want, drawn := clauses[g.Ground]
		if !drawn {
			t.Errorf("no test knows %s", g.Ground)
		}
		for _, at := range []struct {
			place  law.Place
			clause string
		}{
			{germany, want.gdpr}, {law.Place{Country: "NO"}, want.gdpr}, {britain, strings.ReplaceAll(want.gdpr, "GDPR", "UK GDPR")},
			{california, want.california}, {law.Place{Country: "US", Region: "VA"}, ""}, {law.Place{Country: "US"}, ""},
			{law.Place{Country: "BR"}, ""}, {nowhere, ""},
		} {
			t.Run(string(g.Ground)+" in "+at.place.String(), func(t *testing.T) {
				d := newDesk(t)
				r := d.ready(at.place, g)
				given := rights.GivenGround{Ground: g.Ground}
				if g.NeedsClause {
					_, err := d.Decide(background, r.ID, "dpo", rights.Verdict{Outcome: rights.Refuse, Grounds: []rights.GivenGround{given}})
					d.wantField(err, "grounds", "clause")
					given.Clause = " \t"
					_, err = d.Decide(background, r.ID, "dpo", rights.Verdict{Outcome: rights.Refuse, Grounds: []rights.GivenGround{given}})
					d.wantField(err, "grounds", "clause")
					given.Clause, at.clause = " Art. 23 GDPR ", "Art. 23 GDPR"
				}
				r = d.ok(d.Decide(background, r.ID, "dpo", rights.Verdict{Outcome: rights.Refuse, Grounds: []rights.GivenGround{given}, Explanation: "because"}))
				if r.State != rights.Refused || len(r.Decision.Grounds) != 1 || r.Decision.Grounds[0].Clause != at.clause || r.Decision.Explanation != "because" {
					t.Errorf("%s for %+v", r.State, r.Decision)
				}
				e := d.event(r.ID, rights.EventRefused)
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
func (d *desk) ready(place law.Place, g rights.GroundRule) rights.Request {
	d.t.Helper()
	if g.NeedsRepeat {
		d.opened(d.asks(place, law.Access))
		d.opened(d.asks(place, law.Access))
	}
	r := d.opened(d.asks(place, law.Access))
	if g.NeedsFee {
		r = d.ok(d.Ask(background, r.ID, "dpo", rights.Waiting{Cause: law.Fee, Fee: &rights.Fee{Amount: "12.50", Currency: "USD"}}))
	}
	return r
}

// An officer who names a clause knows better than the table.
func TestNamedClauseIsCited(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(law.Place{Country: "US", Region: "VA"}, law.Access))
	v := rights.Verdict{Outcome: rights.Refuse, Grounds: []rights.GivenGround{
		{Ground: rights.Excessive, Clause: "Va. Code 59.1-577(B)(3)"}, {Ground: rights.NoDataFound},
	}}
	r = d.ok(d.Decide(background, r.ID, "dpo", v))
	if r.Decision.Grounds[0].Clause != "Va. Code 59.1-577(B)(3)" || r.Decision.Grounds[1].Clause != "" {
		t.Errorf("%+v", r.Decision)
	}
	if f := d.event(r.ID, rights.EventRefused).Facts; f["ground_2"] != "no_data_found" || f["clause_1"] != "Va. Code 59.1-577(B)(3)" {
		t.Errorf("%q", f)
	}
}

func TestVerdictsThatAreNone(t *testing.T) {
	ground := func(g rights.Ground) []rights.GivenGround { return []rights.GivenGround{{Ground: g}} }
	for name, c := range map[string]struct {
		verdict       rights.Verdict
		field, reason string
	}{
		"nothing":                       {rights.Verdict{}, "outcome", "unknown"},
		"another outcome":               {rights.Verdict{Outcome: "ignored"}, "outcome", "unknown"},
		"a state is no outcome":         {rights.Verdict{Outcome: "expired"}, "outcome", "unknown"},
		"refused for nothing":           {rights.Verdict{Outcome: rights.Refuse}, "grounds", "missing"},
		"partly for nothing":            {rights.Verdict{Outcome: rights.Partly}, "grounds", "missing"},
		"granted for a ground":          {rights.Verdict{Outcome: rights.Grant, Grounds: ground(rights.Excessive)}, "grounds", "missing"},
		"an unknown ground":             {rights.Verdict{Outcome: rights.Refuse, Grounds: ground("boredom")}, "grounds", "unknown"},
		"an unknown ground, second":     {rights.Verdict{Outcome: rights.Refuse, Grounds: append(ground(rights.Excessive), ground("")...)}, "grounds", "unknown"},
		"the same ground twice":         {rights.Verdict{Outcome: rights.Refuse, Grounds: append(ground(rights.Excessive), ground(rights.Excessive)...)}, "grounds", "twice"},
		"not marked as repeated":        {rights.Verdict{Outcome: rights.Refuse, Grounds: ground(rights.RepeatedRequest)}, "grounds", "not_repeated"},
		"no fee was asked":              {rights.Verdict{Outcome: rights.Refuse, Grounds: ground(rights.FeeUnpaid)}, "grounds", "no_fee"},
		"partly not verified":           {rights.Verdict{Outcome: rights.Partly, Grounds: ground(rights.NotVerified)}, "grounds", "refusal_only"},
		"partly without evidence":       {rights.Verdict{Outcome: rights.Partly, Grounds: ground(rights.EvidenceMissing)}, "grounds", "refusal_only"},
		"partly outside":                {rights.Verdict{Outcome: rights.Partly, Grounds: ground(rights.OutsideJurisdiction)}, "grounds", "refusal_only"},
		"partly unpaid, no fee":         {rights.Verdict{Outcome: rights.Partly, Grounds: ground(rights.FeeUnpaid)}, "grounds", "no_fee"},
		"a clause that is a book":       {rights.Verdict{Outcome: rights.Refuse, Grounds: []rights.GivenGround{{Ground: rights.Exemption, Clause: strings.Repeat("x", 201)}}}, "grounds", "too_long"},
		"an exemption without a clause": {rights.Verdict{Outcome: rights.Partly, Grounds: ground(rights.Exemption)}, "grounds", "clause"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.opened(d.asks(germany, law.Access))
			_, err := d.Decide(background, r.ID, "dpo", c.verdict)
			d.wantField(err, c.field, c.reason)
			d.wantUnchanged(r)
		})
	}
}

func TestDecideFromEachState(t *testing.T) {
	partly := rights.Verdict{Outcome: rights.Partly, Grounds: []rights.GivenGround{{Ground: rights.RightsOfOthers}}}
	grant := rights.Verdict{Outcome: rights.Grant}
	for name, c := range map[string]struct {
		of      func(*desk) rights.Request
		verdict rights.Verdict
		want    rights.State // "" is refused
	}{
		"open is granted":         {func(d *desk) rights.Request { return d.opened(d.asks(germany, law.Access)) }, grant, rights.Fulfilled},
		"open is partly granted":  {func(d *desk) rights.Request { return d.opened(d.asks(germany, law.Access)) }, partly, rights.PartlyFulfilled},
		"open is refused":         {func(d *desk) rights.Request { return d.opened(d.asks(germany, law.Access)) }, refusal(rights.NoDataFound), rights.Refused},
		"unverified is refused":   {func(d *desk) rights.Request { return d.open(d.asks(germany, law.Access)) }, refusal(rights.NotVerified), rights.Refused},
		"unverified gets nothing": {func(d *desk) rights.Request { return d.open(d.asks(germany, law.Access)) }, grant, ""},
		"unverified gets no part": {func(d *desk) rights.Request { return d.open(d.asks(germany, law.Access)) }, partly, ""},
		"waiting is refused":      {func(d *desk) rights.Request { return d.opened(d.asks(germany, law.ChildErasure)) }, refusal(rights.EvidenceMissing), rights.Refused},
		"waiting gets nothing":    {func(d *desk) rights.Request { return d.opened(d.asks(germany, law.ChildErasure)) }, grant, ""},
		"refused stays refused":   {func(d *desk) rights.Request { return d.refused(d.asks(germany, law.Access)) }, grant, ""},
		"what was done at once":   {func(d *desk) rights.Request { return d.open(d.asks(germany, law.OptOutOfSale)) }, refusal(rights.Excessive), ""},
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
			if r.Refusal() != (c.want != rights.Fulfilled) || r.Appealable() != r.Refusal() {
				t.Errorf("refusal %v, appealable %v", r.Refusal(), r.Appealable())
			}
		})
	}
}

// What we hold is given to who asked for it, for a few days.
func TestExportIsOpenedByTheAnswer(t *testing.T) {
	partly := rights.Verdict{Outcome: rights.Partly, Grounds: []rights.GivenGround{{Ground: rights.RightsOfOthers}}}
	for name, c := range map[string]struct {
		kinds   []rights.Kind
		verdict rights.Verdict
		want    bool
	}{
		"access":        {[]rights.Kind{law.Access}, rights.Verdict{Outcome: rights.Grant}, true},
		"portability":   {[]rights.Kind{law.Erasure, law.Portability}, partly, true},
		"erasure":       {[]rights.Kind{law.Erasure}, rights.Verdict{Outcome: rights.Grant}, false},
		"access denied": {[]rights.Kind{law.Access}, refusal(rights.Excessive), false},
	} {
		d := newDesk(t)
		r := d.ok(d.Decide(background, d.opened(d.asks(germany, c.kinds...)).ID, "dpo", c.verdict))
		if !r.ExportUntil.IsZero() != c.want || c.want && !r.ExportUntil.Equal(dayEnd(d.now, 5)) {
			t.Errorf("%s: until %v", name, r.ExportUntil)
		}
	}
}

func TestDisputable(t *testing.T) {
	for _, k := range rights.Kinds() {
		r := rights.Request{Kinds: []rights.Kind{k}}
		want := slices.Contains([]rights.Kind{law.Correction, law.Erasure, law.ChildErasure}, k)
		if r.Disputable() != want {
			t.Errorf("%s: %v", k, r.Disputable())
		}
	}
}

func TestAuthority(t *testing.T) {
	for place, want := range map[law.Place]rights.Authority{
		germany: rights.DataProtectionAuthority, {Country: "IS"}: rights.DataProtectionAuthority, {Country: "DE", Region: "BY"}: rights.DataProtectionAuthority,
		britain: rights.InformationCommissioner, california: rights.CaliforniaAgency, {Country: "US", Region: "VA"}: rights.AttorneyGeneral,
		{Country: "US"}: rights.AttorneyGeneral, {Country: "CA"}: rights.CanadaOPC, {Country: "CA", Region: "ON"}: rights.CanadaOPC,
		{Country: "CA", Region: "QC"}: rights.QuebecCAI, {Country: "BR"}: rights.BrazilANPD, {Country: "JP"}: rights.LocalAuthority, nowhere: rights.LocalAuthority,
	} {
		r := rights.Request{Place: place}
		if got := r.Authority(); got != want {
			t.Errorf("%q: %s, want %s", place, got, want)
		}
	}
}
