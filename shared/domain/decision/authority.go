package decision

import "privacydesk/shared/domain/deadline"

// Authority says to whom a person can complain about a decision.
type Authority string

// The authorities; their names stand in the catalogue under "authority.".
const (
	DataProtectionAuthority Authority = "eu" // of the person's Member State (Art. 77 GDPR)
	InformationCommissioner Authority = "uk"
	CaliforniaAgency        Authority = "us-ca" // CalPrivacy and the Attorney General
	AttorneyGeneral         Authority = "us"    // of the person's State
	BrazilANPD              Authority = "br"
	CanadaOPC               Authority = "ca"
	QuebecCAI               Authority = "ca-qc"
	LocalAuthority          Authority = "other"
)

// authorities go from the narrow place to the wide.
var authorities = []struct {
	place     string
	authority Authority
}{
	{"US-CA", CaliforniaAgency}, {"CA-QC", QuebecCAI}, {"US", AttorneyGeneral}, {"CA", CanadaOPC}, {"BR", BrazilANPD}, {"GB", InformationCommissioner},
}

// AuthorityOf returns where a person of a place can complain.
func AuthorityOf(p deadline.Jurisdiction) Authority {
	for _, a := range authorities {
		if a.place == p.String() || a.place == p.Country {
			return a.authority
		}
	}
	if holds("gdpr", p) {
		return DataProtectionAuthority
	}
	return LocalAuthority
}
