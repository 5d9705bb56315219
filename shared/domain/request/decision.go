package request

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
)

// Outcome is how a request is decided.
type Outcome string

// The outcomes.
const (
	Grant  Outcome = "fulfilled"
	Partly Outcome = "partly_fulfilled"
	Refuse Outcome = "refused"
)

var outcomeEvents = map[Outcome]Event{Grant: EventFulfilled, Partly: EventPartlyFulfilled, Refuse: EventRefused}

// Ground is a coded reason for not doing all that was asked.
type Ground string

// The grounds.
const (
	NotVerified         Ground = "not_verified"
	RepeatedRequest     Ground = "repeated"
	Excessive           Ground = "excessive"
	Exemption           Ground = "exemption"
	NoDataFound         Ground = "no_data_found"
	OutsideJurisdiction Ground = "outside_jurisdiction"
	DisputedAccuracy    Ground = "disputed_accuracy"
	LegalObligation     Ground = "legal_obligation"
	LegalClaims         Ground = "legal_claims"
	RightsOfOthers      Ground = "rights_of_others"
	EvidenceMissing     Ground = "evidence_missing"
	FeeUnpaid           Ground = "fee_unpaid"
)

// GroundRule says what a ground rests on. Clauses name the GDPR and the
// California Consumer Privacy Act with its regulations; the letter cites the
// one of the person's place, where it is of these, or the clause that the
// officer names.
type GroundRule struct {
	Ground      Ground
	GDPR        string
	California  string
	NeedsClause bool // the officer names the clause
	NeedsRepeat bool // the request must be marked repeated
	NeedsFee    bool // a fee must have been asked for, and the request waits for it
	Refusal     bool // only for a refusal, not for a part
}

// Grounds is the table of all grounds; a letter text stands in the catalogue
// under "ground." and the ground.
var Grounds = []GroundRule{
	{Ground: NotVerified, GDPR: "Art. 12(2), 12(6) GDPR", California: "Cal. Civ. Code 1798.130(a)(2); 11 CCR 7060", Refusal: true},
	{Ground: RepeatedRequest, GDPR: "Art. 12(5)(b) GDPR", California: "Cal. Civ. Code 1798.145(h)(3)", NeedsRepeat: true},
	{Ground: Excessive, GDPR: "Art. 12(5)(b) GDPR", California: "Cal. Civ. Code 1798.145(h)(3)"},
	{Ground: Exemption, NeedsClause: true},
	{Ground: NoDataFound, GDPR: "Art. 15(1) GDPR", California: "11 CCR 7024"},
	{Ground: OutsideJurisdiction, GDPR: "Art. 3 GDPR", California: "Cal. Civ. Code 1798.140(i)", Refusal: true},
	{Ground: DisputedAccuracy, GDPR: "Art. 16, 18(1)(a) GDPR", California: "Cal. Civ. Code 1798.106; 11 CCR 7023"},
	{Ground: LegalObligation, GDPR: "Art. 17(3)(b) GDPR", California: "Cal. Civ. Code 1798.105(d)(8)"},
	{Ground: LegalClaims, GDPR: "Art. 17(3)(e) GDPR", California: "Cal. Civ. Code 1798.145(a)(1)(E)"},
	{Ground: RightsOfOthers, GDPR: "Art. 15(4), 20(4) GDPR", California: "Cal. Civ. Code 1798.145(k)"},
	{Ground: EvidenceMissing, GDPR: "Art. 12(6) GDPR", California: "11 CCR 7063, 7070", Refusal: true},
	{Ground: FeeUnpaid, GDPR: "Art. 12(5)(a) GDPR", California: "Cal. Civ. Code 1798.145(h)(3)", NeedsFee: true, Refusal: true},
}

func grounds() []Ground {
	all := make([]Ground, len(Grounds))
	for i, g := range Grounds {
		all[i] = g.Ground
	}
	return all
}

// Decision is the answer to a request.
type Decision struct {
	Outcome     Outcome       `json:"outcome"`
	Grounds     []GivenGround `json:"grounds,omitempty"`
	Explanation string        `json:"explanation,omitempty"` // the officer's own words to the person
	At          time.Time     `json:"at"`
}

// GivenGround is a ground with the clause that the letter cites.
type GivenGround struct {
	Ground Ground `json:"ground" dynamodbav:"ground"`
	Clause string `json:"clause,omitempty" dynamodbav:"clause"` // empty: the letter cites none
}

// Verdict is what the officer decides.
type Verdict struct {
	Outcome     Outcome
	Grounds     []GivenGround // a Clause is needed only for an exemption
	Explanation string
}

// decide checks a verdict against the table and fills the clauses in.
func (r *Request) decide(v Verdict, now time.Time) (*Decision, error) {
	if _, known := outcomeEvents[v.Outcome]; !known {
		return nil, fault.Field("outcome", "unknown", "outcome must be fulfilled, partly_fulfilled or refused")
	}
	if (v.Outcome == Grant) != (len(v.Grounds) == 0) {
		return nil, fault.Field("grounds", "missing", "a refusal, whole or in part, needs grounds; a grant has none")
	}
	if r.KindsUnsure {
		return nil, fault.New(fault.Conflict, "what the person asks for is not known yet: they choose it when they confirm, or verify names the kinds")
	}
	d := &Decision{Outcome: v.Outcome, Explanation: v.Explanation, At: now}
	for _, given := range v.Grounds {
		if slices.ContainsFunc(d.Grounds, func(g GivenGround) bool { return g.Ground == given.Ground }) {
			return nil, fault.Field("grounds", "twice", "a ground is given once")
		}
		clause, err := r.ground(given, v.Outcome)
		if err != nil {
			return nil, err
		}
		d.Grounds = append(d.Grounds, GivenGround{given.Ground, clause})
	}
	return d, nil
}

const maxClause = 200 // bytes

func (r *Request) ground(given GivenGround, outcome Outcome) (clause string, err error) {
	i := slices.IndexFunc(Grounds, func(g GroundRule) bool { return g.Ground == given.Ground })
	if i < 0 {
		return "", fault.Field("grounds", "unknown", "there is no such ground; "+oneOf(grounds()))
	}
	g := Grounds[i]
	clause = strings.TrimSpace(given.Clause)
	switch {
	case len(clause) > maxClause:
		return "", fault.Field("grounds", "too_long", "a clause is a citation, not a text")
	case g.NeedsClause && clause == "":
		return "", fault.Field("grounds", "clause", "an exemption needs its clause")
	case g.NeedsRepeat && !r.Repeated:
		return "", fault.Field("grounds", "not_repeated", "the request is not marked as repeated")
	case g.NeedsFee && (r.Waiting == nil || r.Waiting.Fee == nil):
		return "", fault.Field("grounds", "no_fee", "no fee was asked for")
	case g.Refusal && outcome != Refuse:
		return "", fault.Field("grounds", "refusal_only", "this ground refuses the whole request")
	case clause == "":
		clause = g.clause(r.Place)
	}
	return clause, nil
}

// clause cites the law of the person's place, which the United Kingdom's own
// numbers like the GDPR; "" where the table has none: to cite the law of
// another place would be wrong, and what law.yaml has is about time alone.
func (g GroundRule) clause(p deadline.Place) string {
	switch {
	case p == california:
		return g.California
	case holds("uk-gdpr", p):
		return strings.ReplaceAll(g.GDPR, "GDPR", "UK GDPR")
	case holds("gdpr", p):
		return g.GDPR
	}
	return ""
}

var california = deadline.Place{Country: "US", Region: "CA"}

// holds reports whether a law is that of a place's country.
func holds(regime string, p deadline.Place) bool {
	return slices.ContainsFunc(deadline.Default().Regimes, func(r deadline.Regime) bool {
		return r.ID == regime && slices.Contains(r.Places, p.Country)
	})
}
