package deadline

import (
	"errors"
	"slices"
	"testing"

	"privacydesk/shared/domain/fault"
)

func TestParsePlace(t *testing.T) {
	tests := map[string]struct {
		country, region, want string
		fails                 bool
	}{
		"unknown":               {"", "", "", false},
		"lower case":            {" de ", "", "DE", false},
		"state":                 {"us", "ca", "US-CA", false},
		"state with country":    {"US", "us-ca", "US-CA", false},
		"United Kingdom":        {"uk", "", "GB", false},
		"Greece, as the EU has": {"EL", "", "GR", false},
		"digits":                {"AT", "9", "AT-9", false},
		"a name":                {"Germany", "", "", true},
		"region alone":          {"", "CA", "", true},
		"region names country":  {"", "us-ca", "US-CA", false},
		"too long":              {"US", "CALI", "", true},
		"markup":                {"<b", "", "", true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := ParseJurisdiction(tc.country, tc.region)
			if (err != nil) != tc.fails || p.String() != tc.want {
				t.Errorf("got %q, %v", p, err)
			}
			if tc.fails && (!errors.Is(err, errUnknownJurisdiction) || fault.CodeOf(err) != fault.Invalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWhichLaw checks which clocks are chosen, and what is said about it.
func TestWhichLaw(t *testing.T) {
	tests := map[string]struct {
		kind            Kind
		country, region string
		first           string
		basis           basis
		among           string
		not             string
	}{
		"state with a law":           {Access, "US", "VA", "us-va/respond", basisJurisdiction, "", "us-ca/respond"},
		"California":                 {Access, "US", "CA", "us-ca/acknowledge", basisJurisdiction, "us-ca/respond", "us-va/respond"},
		"state without a law":        {Access, "US", "WY", "us-ca/acknowledge", basisCountry, "us-va/respond", "br-lgpd/respond"},
		"state not known":            {Access, "US", "", "us-ca/acknowledge", basisRegionUnknown, "us-ia/respond", "gdpr/respond-access"},
		"kind unknown to the law":    {Objection, "US", "VA", "br-lgpd/respond", basisWorld, "gdpr/respond", "us-va/respond"},
		"correction in Iowa":         {Correction, "US", "IA", "us-ca/acknowledge", basisCountry, "us-va/respond", "us-ia/respond"},
		"country without a law here": {Access, "CN", "", "br-lgpd/respond", basisWorld, "us-ca/acknowledge", ""},
		"place not known":            {Access, "", "", "br-lgpd/respond", basisUnknown, "us-ca/acknowledge", ""},
		"kind that no law knows":     {PaperNotice, "DE", "", "br-lgpd/respond", basisAnyKind, "gdpr/respond", "mail-senders/opt-out"},
		"Canada, province not known": {Access, "CA", "", "ca-pipeda/respond", basisJurisdiction, "ca-qc/respond", ""},
		"Quebec":                     {Access, "CA", "QC", "ca-pipeda/respond", basisJurisdiction, "ca-qc/respond", ""},
		"Ontario":                    {Access, "CA", "ON", "ca-pipeda/respond", basisJurisdiction, "", "ca-qc/respond"},
		"Bavaria":                    {Access, "DE", "BY", "gdpr/respond-access", basisJurisdiction, "", "uk-gdpr/respond-access"},
		"Réunion":                    {Access, "RE", "", "gdpr/respond-access", basisJurisdiction, "", "br-lgpd/respond"},
		"Norway":                     {Access, "NO", "", "gdpr/respond-access", basisJurisdiction, "", ""},
		"unsubscribe in Germany":     {marketingOptOut, "DE", "", "mail-senders/opt-out", basisJurisdiction, "gdpr/respond-opt-out", "us-can-spam/opt-out"},
		"unsubscribe in Wyoming":     {marketingOptOut, "US", "WY", "mail-senders/opt-out", basisJurisdiction, "us-can-spam/opt-out", "ca-casl/opt-out"},
		"unsubscribe, place unknown": {marketingOptOut, "", "", "mail-senders/opt-out", basisJurisdiction, "au-spam/opt-out", ""},
		"consent taken back, Oregon": {WithdrawConsent, "US", "OR", "us-or/revoke", basisJurisdiction, "", "br-lgpd/respond"},
		"law not yet in force":       {Access, "US", "OK", "us-ca/acknowledge", basisCountry, "", "us-ok/respond"},
	}
	e := engine(t, west, "weekends")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			all := every(t, e, Case{Kinds: []Kind{tc.kind}, Place: Jurisdiction{Country: tc.country, Region: tc.region}, ReceivedAt: local(t, west, "2026-11-23 12:00")})
			if all[0].origin != tc.first || all[0].Basis != tc.basis {
				t.Errorf("first is %s by %s", all[0].origin, all[0].Basis)
			}
			has := func(rule string) bool {
				return slices.ContainsFunc(all, func(d Deadline) bool { return d.origin == rule })
			}
			if tc.among != "" && !has(tc.among) || tc.not != "" && has(tc.not) {
				t.Errorf("want %q, not %q, have %d", tc.among, tc.not, len(all))
			}
		})
	}
}

func TestOklahomaFromItsFirstDay(t *testing.T) {
	c := Case{Kinds: []Kind{Access}, Place: Jurisdiction{Country: "US", Region: "OK"}, ReceivedAt: local(t, west, "2027-01-01 00:00")}
	if all := deadlines(t, engine(t, west, "weekends"), c); len(all) != 1 || all[0].Rule != "us-ok/respond" {
		t.Errorf("got %d due dates, first %s", len(all), all[0].Rule)
	}
}

func TestSeveralKindsShareAClock(t *testing.T) {
	c := Case{Kinds: []Kind{Access, Erasure, Correction, Erasure}, Place: Jurisdiction{Country: "DE"}, ReceivedAt: local(t, berlin, "2027-03-05 10:00")}
	all := deadlines(t, engine(t, berlin, "weekends"), c)
	if d := byRule(t, all, "gdpr/respond"); len(all) != 2 || !slices.Equal(d.Kinds, []Kind{Erasure, Correction}) {
		t.Errorf("%d due dates; %v", len(all), d.Kinds)
	}
	if d, ok := Strictest(all, OptOut, Respond); !ok || d.Rule != "gdpr/respond" {
		t.Errorf("strictest is %s", d.Rule)
	}
	if _, ok := Strictest(all, Appeal); ok {
		t.Error("there is no appeal in it")
	}
}

func TestRefusals(t *testing.T) {
	e := engine(t, west, "weekends")
	now := local(t, west, "2026-11-23 12:00")
	tests := map[string]struct {
		c    Case
		want error
	}{
		"no kind":      {Case{ReceivedAt: now}, errUnknownKind},
		"unknown kind": {Case{Kinds: []Kind{"cake"}, ReceivedAt: now}, errUnknownKind},
		"bad place":    {Case{Kinds: []Kind{Access}, Place: Jurisdiction{Country: "Germany"}, ReceivedAt: now}, errUnknownJurisdiction},
		"before any":   {Case{Kinds: []Kind{Access}, ReceivedAt: local(t, west, "1980-01-01 12:00")}, ErrNoClock},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := e.Deadlines(tc.c); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	if _, err := New(Default(), location(t, west), "mars"); !errors.Is(err, errUnknownCalendar) {
		t.Errorf("got %v", err)
	}
}
