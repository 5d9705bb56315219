package decision

import (
	"slices"

	"privacydesk/shared/domain/deadline"
)

// law is a law whose clauses this package knows.
type law string

const (
	gdpr   law = "gdpr"
	ukGDPR law = "uk-gdpr" // it has the GDPR's numbers
	ccpa   law = "us-ca"
	fadp   law = "ch" // Federal Act on Data Protection, SR 235.1
	lgpd   law = "br" // Law 13.709/2018
	states law = "us" // of a State other than California
	pipeda law = "ca"
	chile  law = "cl" // Law 19.628 as amended by Law 21.719
	quebec law = "ca-qc"
)

// lawOf returns the law of a place, "" for one that this package does not know.
func lawOf(p deadline.Jurisdiction) law {
	for _, l := range []law{ccpa, quebec} {
		if p.String() == placeOf[l] {
			return l
		}
	}
	for _, l := range []law{states, pipeda, lgpd, fadp, ukGDPR, chile} {
		if p.Country == placeOf[l] {
			return l
		}
	}
	if inEurope(p) {
		return gdpr
	}
	return ""
}

var placeOf = map[law]string{ccpa: "US-CA", quebec: "CA-QC", states: "US", pipeda: "CA", lgpd: "BR", fadp: "CH", ukGDPR: "GB", chile: "CL"}

// inEurope reports whether the GDPR is the law of a place's country.
func inEurope(p deadline.Jurisdiction) bool {
	return slices.ContainsFunc(deadline.Default().Regimes, func(r deadline.Regime) bool {
		return r.ID == string(gdpr) && slices.Contains(r.Places, p.Country)
	})
}

// Authority says to whom a person can complain about a decision.
type Authority string

// The authorities; their names stand in the catalogue under "authority.".
const (
	DataProtectionAuthority Authority = "eu" // of the person's Member State (Art. 77 GDPR)
	InformationCommissioner Authority = "uk"
	CaliforniaAgency        Authority = "us-ca" // CalPrivacy and the Attorney General
	AttorneyGeneral         Authority = "us"    // of the person's State
	BrazilANPD              Authority = "br"
	SwissFDPIC              Authority = "ch"
	CanadaOPC               Authority = "ca"
	QuebecCAI               Authority = "ca-qc" // within 30 days of the refusal
	ChileAPDP               Authority = "cl"    // within 30 working days of the refusal (Art. 11)
	LocalAuthority          Authority = "other"
)

// Remedy is what a person can do outside about an answer that is not all that
// they asked for. A refusal must name it: complaint and court (Art. 12(4) GDPR
// and UK GDPR); in Québec the remedies and their time (Act respecting the
// protection of personal information in the private sector, section 34).
type Remedy struct {
	Authority Authority
	Complaint string // clause of the right to complain; may be empty
	Court     string // clause of the right to go to court; empty: the letter names none
}

var remedies = map[law]Remedy{
	gdpr:   {DataProtectionAuthority, "Art. 77 GDPR", "Art. 79 GDPR"},
	ukGDPR: {InformationCommissioner, "Art. 77 UK GDPR", "Art. 79 UK GDPR"},
	fadp:   {SwissFDPIC, "Art. 49 FADP", "Art. 32 FADP"},
	lgpd:   {BrazilANPD, "Art. 18(1) LGPD", "Art. 22 LGPD"},
	ccpa:   {Authority: CaliforniaAgency},
	states: {Authority: AttorneyGeneral},
	pipeda: {Authority: CanadaOPC},
	quebec: {Authority: QuebecCAI},
	chile:  {Authority: ChileAPDP},
}

// RemedyOf returns what a person of a place can do about a refusal.
func RemedyOf(p deadline.Jurisdiction) Remedy {
	if r, known := remedies[lawOf(p)]; known {
		return r
	}
	return Remedy{Authority: LocalAuthority}
}

// ComplaintClause is the duty to take complaints of people in the United Kingdom.
const ComplaintClause = "section 164A Data Protection Act 2018"

// ComplaintRoute reports whether every answer must name the way to complain to
// the organisation itself (section 164A Data Protection Act 2018; Art. 13(2)(ca)
// UK GDPR).
func ComplaintRoute(p deadline.Jurisdiction) bool { return lawOf(p) == ukGDPR }

// fees are the clauses under which a fee may be asked for, by law. Where the law
// is not known, or allows none (Art. 18(5) LGPD), none may be.
var fees = map[law]string{
	gdpr: "Art. 12(5)(a) GDPR", ukGDPR: "Art. 12(5)(a) UK GDPR", ccpa: "Cal. Civ. Code 1798.145(h)(3)", fadp: "Art. 25(6) FADP", states: "", pipeda: "",
}
