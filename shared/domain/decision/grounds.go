package decision

import (
	"slices"
	"strings"

	"privacydesk/shared/domain/deadline"
)

// Ground is a coded reason for not doing all that was asked.
type Ground string

// The grounds. The text of a letter stands in the catalogue under "ground." and
// the ground.
const (
	NotVerified         Ground = "not_verified"
	RepeatedRequest     Ground = "repeated"
	Excessive           Ground = "excessive"
	Exemption           Ground = "exemption"
	NoDataFound         Ground = "no_data_found"
	OutsideJurisdiction Ground = "outside_jurisdiction"
	DisputedAccuracy    Ground = "disputed_accuracy"
	StillNeeded         Ground = "still_needed"
	LegalObligation     Ground = "legal_obligation"
	LegalClaims         Ground = "legal_claims"
	CompellingGrounds   Ground = "compelling_grounds"
	OtherBasis          Ground = "other_basis"
	NoCase              Ground = "no_case"
	RightsOfOthers      Ground = "rights_of_others"
	NotUpheld           Ground = "not_upheld"
	EvidenceMissing     Ground = "evidence_missing"
	FeeUnpaid           Ground = "fee_unpaid"
)

// clauses are what a ground rests on, by law. The UK GDPR has the clause of the
// GDPR. Where there is none, the letter cites the one that the officer names, or
// none: the law of another place would be wrong.
type clauses map[law]string

// rule says for which kinds of request a ground can be given, and where. A ground
// may have several rules, for different kinds.
type rule struct {
	ground  Ground
	kinds   []deadline.Kind // nil: any
	but     []deadline.Kind // not for these
	clauses clauses
	cited   bool // only where a law has a clause
	refusal bool // only for a refusal, not for a part
}

var erasures = []deadline.Kind{deadline.Erasure, deadline.ChildErasure}

// A complaint is no request under Art. 15 to 22 GDPR. What Art. 12 says of those
// does not hold for it, and no law has a clause on which it is turned down.
var complaints = []deadline.Kind{deadline.Complaint}

var rules = []rule{
	{ground: NotUpheld, kinds: complaints},
	{ground: NotVerified, kinds: complaints, refusal: true},
	{ground: EvidenceMissing, kinds: complaints, refusal: true},
	{ground: NotVerified, refusal: true, clauses: clauses{gdpr: "Art. 12(2), 12(6) GDPR", ccpa: "Cal. Civ. Code 1798.130(a)(2); 11 CCR 7060"}},
	{ground: RepeatedRequest, but: complaints, clauses: clauses{gdpr: "Art. 12(5)(b) GDPR", ccpa: "Cal. Civ. Code 1798.145(h)(3)"}},
	{ground: Excessive, but: complaints, clauses: clauses{gdpr: "Art. 12(5)(b) GDPR", ccpa: "Cal. Civ. Code 1798.145(h)(3)", fadp: "Art. 26(1)(c) FADP"}},
	{ground: Exemption},
	{ground: NoDataFound, kinds: []deadline.Kind{deadline.Access, deadline.Information}, clauses: clauses{gdpr: "Art. 15(1) GDPR", ccpa: "11 CCR 7024"}},
	{ground: NoDataFound, kinds: []deadline.Kind{deadline.Portability}, clauses: clauses{gdpr: "Art. 20(1) GDPR", ccpa: "11 CCR 7024"}},
	{ground: NoDataFound, kinds: erasures, clauses: clauses{gdpr: "Art. 17(1) GDPR", ccpa: "11 CCR 7022"}},
	{ground: NoDataFound, kinds: []deadline.Kind{deadline.Correction}, clauses: clauses{gdpr: "Art. 16 GDPR", ccpa: "11 CCR 7023"}},
	{ground: NoDataFound, kinds: []deadline.Kind{deadline.Restriction}, clauses: clauses{gdpr: "Art. 18(1) GDPR"}},
	{ground: NoDataFound, kinds: []deadline.Kind{deadline.Objection, deadline.WithdrawConsent}},
	{ground: OutsideJurisdiction, refusal: true, clauses: clauses{gdpr: "Art. 3 GDPR", ccpa: "Cal. Civ. Code 1798.140(i)"}},
	{ground: DisputedAccuracy, kinds: []deadline.Kind{deadline.Correction}, clauses: clauses{gdpr: "Art. 16 GDPR", ccpa: "Cal. Civ. Code 1798.106; 11 CCR 7023"}},
	{ground: StillNeeded, kinds: erasures, clauses: clauses{gdpr: "Art. 17(1)(a) GDPR", ccpa: "Cal. Civ. Code 1798.105(d)(1)"}},
	{ground: LegalObligation, kinds: erasures, clauses: clauses{gdpr: "Art. 17(3)(b) GDPR", ccpa: "Cal. Civ. Code 1798.105(d)(8)", lgpd: "Art. 16(I) LGPD"}},
	{ground: LegalClaims, kinds: erasures, clauses: clauses{gdpr: "Art. 17(3)(e) GDPR", ccpa: "Cal. Civ. Code 1798.145(a)(1)(E)"}},
	{ground: LegalClaims, kinds: []deadline.Kind{deadline.Restriction}, clauses: clauses{gdpr: "Art. 18(2) GDPR"}},
	{ground: LegalClaims, kinds: []deadline.Kind{deadline.Objection}, clauses: clauses{gdpr: "Art. 21(1) GDPR"}, cited: true},
	{ground: CompellingGrounds, kinds: []deadline.Kind{deadline.Objection}, clauses: clauses{gdpr: "Art. 21(1) GDPR"}, cited: true},
	{ground: OtherBasis, kinds: []deadline.Kind{deadline.Objection}, clauses: clauses{gdpr: "Art. 21(1) GDPR"}, cited: true},
	{ground: OtherBasis, kinds: []deadline.Kind{deadline.Portability}, clauses: clauses{gdpr: "Art. 20(1)(a) GDPR"}, cited: true},
	{ground: OtherBasis, kinds: []deadline.Kind{deadline.WithdrawConsent}, clauses: clauses{gdpr: "Art. 7(3) GDPR"}},
	{ground: NoCase, kinds: []deadline.Kind{deadline.Restriction}, clauses: clauses{gdpr: "Art. 18(1) GDPR"}},
	{ground: RightsOfOthers, kinds: []deadline.Kind{deadline.Access, deadline.Information}, clauses: clauses{gdpr: "Art. 15(4) GDPR", ccpa: "Cal. Civ. Code 1798.145(k)", fadp: "Art. 26(1)(b) FADP"}},
	{ground: RightsOfOthers, kinds: []deadline.Kind{deadline.Portability}, clauses: clauses{gdpr: "Art. 20(4) GDPR", ccpa: "Cal. Civ. Code 1798.145(k)", fadp: "Art. 29(1) FADP"}},
	{ground: EvidenceMissing, refusal: true, clauses: clauses{gdpr: "Art. 12(6) GDPR", ccpa: "11 CCR 7063, 7070"}},
	{ground: FeeUnpaid, but: complaints, refusal: true, clauses: clauses(fees), cited: true},
}

// find returns the rule of a ground for a kind of request at a place.
func find(g Ground, k deadline.Kind, p deadline.Jurisdiction) (rule, bool) {
	for _, r := range rules {
		if r.ground == g && r.fits(k, p) {
			return r, true
		}
	}
	return rule{}, false
}

func (r rule) fits(k deadline.Kind, p deadline.Jurisdiction) bool {
	if r.kinds != nil && !slices.Contains(r.kinds, k) || slices.Contains(r.but, k) {
		return false
	}
	l := lawOf(p)
	if l == ukGDPR {
		l = gdpr
	}
	_, known := r.clauses[l]
	return known || !r.cited
}

// cite returns the clause of a place's law, "" where the rule has none.
func (r rule) cite(p deadline.Jurisdiction) string {
	l := lawOf(p)
	if l == ukGDPR {
		return strings.ReplaceAll(r.clauses[gdpr], "GDPR", "UK GDPR")
	}
	return r.clauses[l]
}

// Grounds are those on which a kind of request can be refused at a place, or
// granted in part.
func Grounds(k deadline.Kind, p deadline.Jurisdiction, o Outcome) []Ground {
	var all []Ground
	for _, r := range rules {
		if r.fits(k, p) && (o == Refuse || !r.refusal) && !slices.Contains(all, r.ground) {
			all = append(all, r.ground)
		}
	}
	return all
}

// AllGrounds lists every ground.
func AllGrounds() []Ground {
	var all []Ground
	for _, r := range rules {
		if !slices.Contains(all, r.ground) {
			all = append(all, r.ground)
		}
	}
	return all
}
