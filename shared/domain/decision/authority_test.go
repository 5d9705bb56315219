package decision_test

import (
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
)

func TestAuthority(t *testing.T) {
	for place, want := range map[deadline.Jurisdiction]decision.Authority{
		{Country: "DE"}: decision.DataProtectionAuthority, {Country: "IS"}: decision.DataProtectionAuthority, {Country: "DE", Region: "BY"}: decision.DataProtectionAuthority,
		{Country: "GB"}: decision.InformationCommissioner, {Country: "US", Region: "CA"}: decision.CaliforniaAgency, {Country: "US", Region: "VA"}: decision.AttorneyGeneral,
		{Country: "US"}: decision.AttorneyGeneral, {Country: "CA"}: decision.CanadaOPC, {Country: "CA", Region: "ON"}: decision.CanadaOPC,
		{Country: "CA", Region: "QC"}: decision.QuebecCAI, {Country: "BR"}: decision.BrazilANPD, {Country: "JP"}: decision.LocalAuthority, {}: decision.LocalAuthority,
	} {
		if got := decision.AuthorityOf(place); got != want {
			t.Errorf("%q: %s, want %s", place, got, want)
		}
	}
}
