package decision_test

import (
	"slices"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
)

// Art. 12(4) GDPR and UK GDPR want complaint and court in a refusal.
func TestRemedy(t *testing.T) {
	for place, want := range map[deadline.Jurisdiction]decision.Remedy{
		{Country: "DE"}:               {Authority: decision.DataProtectionAuthority, Complaint: "Art. 77 GDPR", Court: "Art. 79 GDPR"},
		{Country: "IS"}:               {Authority: decision.DataProtectionAuthority, Complaint: "Art. 77 GDPR", Court: "Art. 79 GDPR"},
		{Country: "DE", Region: "BY"}: {Authority: decision.DataProtectionAuthority, Complaint: "Art. 77 GDPR", Court: "Art. 79 GDPR"},
		{Country: "GB"}:               {Authority: decision.InformationCommissioner, Complaint: "Art. 77 UK GDPR", Court: "Art. 79 UK GDPR"},
		{Country: "CH"}:               {Authority: decision.SwissFDPIC, Complaint: "Art. 49 FADP", Court: "Art. 32 FADP"},
		{Country: "BR"}:               {Authority: decision.BrazilANPD, Complaint: "Art. 18(1) LGPD", Court: "Art. 22 LGPD"},
		{Country: "US", Region: "CA"}: {Authority: decision.CaliforniaAgency},
		{Country: "US", Region: "VA"}: {Authority: decision.AttorneyGeneral},
		{Country: "US"}:               {Authority: decision.AttorneyGeneral},
		{Country: "CA"}:               {Authority: decision.CanadaOPC},
		{Country: "CL"}:               {Authority: decision.ChileAPDP},
		{Country: "CA", Region: "ON"}: {Authority: decision.CanadaOPC},
		{Country: "CA", Region: "QC"}: {Authority: decision.QuebecCAI},
		{Country: "JP"}:               {Authority: decision.LocalAuthority},
		{}:                            {Authority: decision.LocalAuthority},
	} {
		if got := decision.RemedyOf(place); got != want {
			t.Errorf("%q: %+v, want %+v", place, got, want)
		}
	}
}

// A fee that is not paid is a ground where the law knows fees.
func TestFees(t *testing.T) {
	for place, want := range map[string]bool{"DE": true, "GB": true, "US-CA": true, "US-VA": true, "CH": true, "CA": true, "CA-QC": false, "BR": false, "JP": false, "": false} {
		p, err := deadline.ParseJurisdiction("", place)
		if len(place) == 2 {
			p, err = deadline.ParseJurisdiction(place, "")
		}
		if got := slices.Contains(decision.Grounds(deadline.Access, p, decision.Refuse), decision.FeeUnpaid); got != want || err != nil {
			t.Errorf("%q: %v, %v", place, got, err)
		}
	}
}

func TestComplaintRoute(t *testing.T) {
	for place, want := range map[deadline.Jurisdiction]bool{{Country: "GB"}: true, {Country: "GB", Region: "SCT"}: true, {Country: "DE"}: false, {}: false} {
		if decision.ComplaintRoute(place) != want {
			t.Errorf("%q: %v", place, !want)
		}
	}
}
