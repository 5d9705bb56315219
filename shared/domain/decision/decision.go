// Package decision says how a request may be answered: the outcomes, the coded
// grounds of a refusal with the clauses that they rest on, and the authority to
// which a person can complain. It knows no request: package request asks it, and
// mails and pages put its codes into words. It must not import AWS, net/http or
// HTML.
package decision

import (
	"fmt"
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

var outcomes = []Outcome{Grant, Partly, Refuse}

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

// Rule says what a ground rests on. Clauses name the GDPR and the
// California Consumer Privacy Act with its regulations; the letter cites the
// one of the person's place, where it is of these, or the clause that the
// officer names.
type Rule struct {
	Ground      Ground
	GDPR        string
	California  string
	NeedsClause bool // the officer names the clause
	NeedsRepeat bool // the request must be marked repeated
	NeedsFee    bool // a fee must have been asked for, and the request waits for it
	Refusal     bool // only for a refusal, not for a part
}

// Rules are those of all grounds. The text of a letter stands in the catalogue
// under "ground." and the ground.
var Rules = []Rule{
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
	all := make([]Ground, len(Rules))
	for i, g := range Rules {
		all[i] = g.Ground
	}
	return all
}

// Decision is the answer to a request.
type Decision struct {
	Outcome     Outcome   `json:"outcome"`
	Grounds     []Given   `json:"grounds,omitempty"`
	Explanation string    `json:"explanation,omitempty"` // the officer's own words to the person
	At          time.Time `json:"at"`
}

// Given is a ground with the clause that the letter cites.
type Given struct {
	Ground Ground `json:"ground" dynamodbav:"ground"`
	Clause string `json:"clause,omitempty" dynamodbav:"clause"` // empty: the letter cites none
}

// Facts are what a decision depends on.
type Facts struct {
	Place    deadline.Jurisdiction // whose law the clauses cite
	Repeated bool                  // the request is marked as repeated
	FeeAsked bool                  // the person was asked for a fee
}

// Check returns the decision as it stands in the records: with the clause of
// each ground, made at a time. A Clause must be given for an exemption alone.
// Invalid: an unknown outcome or ground, or one that the facts do not bear out.
func (d Decision) Check(f Facts, at time.Time) (*Decision, error) {
	if !slices.Contains(outcomes, d.Outcome) {
		return nil, fault.Unknown("outcome", "outcome", outcomes...)
	}
	if (d.Outcome == Grant) != (len(d.Grounds) == 0) {
		return nil, fault.Field("grounds", "missing", "a full or partial refusal needs grounds; a grant must have none")
	}
	checked := &Decision{Outcome: d.Outcome, Explanation: d.Explanation, At: at}
	for _, given := range d.Grounds {
		if slices.ContainsFunc(checked.Grounds, func(g Given) bool { return g.Ground == given.Ground }) {
			return nil, fault.Field("grounds", "twice", "a ground must be given once")
		}
		clause, err := f.clause(given, d.Outcome)
		if err != nil {
			return nil, err
		}
		checked.Grounds = append(checked.Grounds, Given{given.Ground, clause})
	}
	return checked, nil
}

// Citations are the grounds with their clauses, as one text.
func (d *Decision) Citations() string {
	var all []string
	for _, g := range d.Grounds {
		all = append(all, strings.TrimSpace(string(g.Ground)+" "+g.Clause))
	}
	return strings.Join(all, "; ")
}

const maxClause = 200 // bytes

// clause checks a ground against its rule and returns the clause to cite.
func (f Facts) clause(given Given, outcome Outcome) (clause string, err error) {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.Ground == given.Ground })
	if i < 0 {
		return "", fault.Unknown("grounds", "ground", grounds()...)
	}
	rule := Rules[i]
	clause = strings.TrimSpace(given.Clause)
	switch {
	case len(clause) > maxClause:
		return "", fault.Field("grounds", "too_long", fmt.Sprintf("a clause is a citation of at most %d bytes", maxClause))
	case rule.NeedsClause && clause == "":
		return "", fault.Field("grounds", "clause", "an exemption needs its clause")
	case rule.NeedsRepeat && !f.Repeated:
		return "", fault.Field("grounds", "not_repeated", "the request is not marked as repeated")
	case rule.NeedsFee && !f.FeeAsked:
		return "", fault.Field("grounds", "no_fee", "no fee was asked for")
	case rule.Refusal && outcome != Refuse:
		return "", fault.Field("grounds", "refusal_only", "this ground can refuse the whole request only")
	case clause == "":
		clause = rule.cite(f.Place)
	}
	return clause, nil
}

// cite returns the clause of a place's law. The UK GDPR has the GDPR's numbers.
// Where the table has no law of the place, the clause is empty: the law of
// another place would be wrong, and law.yaml is about periods alone.
func (g Rule) cite(p deadline.Jurisdiction) string {
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

var california = deadline.Jurisdiction{Country: "US", Region: "CA"}

// holds reports whether a law is that of a place's country.
func holds(regime string, p deadline.Jurisdiction) bool {
	return slices.ContainsFunc(deadline.Default().Regimes, func(r deadline.Regime) bool {
		return r.ID == regime && slices.Contains(r.Places, p.Country)
	})
}
