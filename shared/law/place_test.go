package law_test

import (
	"errors"
	"slices"
	"testing"

	"privacydesk/shared/fault"
	"privacydesk/shared/law"
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
			p, err := law.ParsePlace(tc.country, tc.region)
			if (err != nil) != tc.fails || p.String() != tc.want {
				t.Errorf("got %q, %v", p, err)
			}
			if tc.fails && (!errors.Is(err, law.ErrUnknownPlace) || fault.CodeOf(err) != fault.Invalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWhichLaw checks which clocks are chosen, and what is said about it.
func TestWhichLaw(t *testing.T) {
	tests := map[string]struct {
		kind            law.Kind
		country, region string
		first           string
		basis           law.Basis
		among           string
		not             string
	}{
		"state with a law":           {law.Access, "US", "VA", "us-va/respond", law.BasisPlace, "", "us-ca/respond"},
		"California":                 {law.Access, "US", "CA", "us-ca/acknowledge", law.BasisPlace, "us-ca/respond", "us-va/respond"},
		"state without a law":        {law.Access, "US", "WY", "us-ca/acknowledge", law.BasisCountry, "us-va/respond", "br-lgpd/respond"},
		"state not known":            {law.Access, "US", "", "us-ca/acknowledge", law.BasisRegionUnknown, "us-ia/respond", "gdpr/respond-access"},
		"kind unknown to the law":    {law.Objection, "US", "VA", "br-lgpd/respond", law.BasisWorld, "gdpr/respond", "us-va/respond"},
		"correction in Iowa":         {law.Correction, "US", "IA", "us-ca/acknowledge", law.BasisCountry, "us-va/respond", "us-ia/respond"},
		"country without a law here": {law.Access, "CN", "", "br-lgpd/respond", law.BasisWorld, "us-ca/acknowledge", ""},
		"place not known":            {law.Access, "", "", "br-lgpd/respond", law.BasisPlaceUnknown, "us-ca/acknowledge", ""},
		"kind that no law knows":     {law.PaperNotice, "DE", "", "br-lgpd/respond", law.BasisAnyKind, "gdpr/respond", "mail-senders/opt-out"},
		"Canada, province not known": {law.Access, "CA", "", "ca-pipeda/respond", law.BasisPlace, "ca-qc/respond", ""},
		"Quebec":                     {law.Access, "CA", "QC", "ca-pipeda/respond", law.BasisPlace, "ca-qc/respond", ""},
		"Ontario":                    {law.Access, "CA", "ON", "ca-pipeda/respond", law.BasisPlace, "", "ca-qc/respond"},
		"Bavaria":                    {law.Access, "DE", "BY", "gdpr/respond-access", law.BasisPlace, "", "uk-gdpr/respond-access"},
		"Réunion":                    {law.Access, "RE", "", "gdpr/respond-access", law.BasisPlace, "", "br-lgpd/respond"},
		"Norway":                     {law.Access, "NO", "", "gdpr/respond-access", law.BasisPlace, "", ""},
		"unsubscribe in Germany":     {law.MarketingOptOut, "DE", "", "mail-senders/opt-out", law.BasisPlace, "gdpr/respond-opt-out", "us-can-spam/opt-out"},
		"unsubscribe in Wyoming":     {law.MarketingOptOut, "US", "WY", "mail-senders/opt-out", law.BasisPlace, "us-can-spam/opt-out", "ca-casl/opt-out"},
		"unsubscribe, place unknown": {law.MarketingOptOut, "", "", "mail-senders/opt-out", law.BasisPlaceUnknown, "ca-casl/opt-out", ""},
		"consent taken back, Oregon": {law.WithdrawConsent, "US", "OR", "us-or/revoke", law.BasisPlace, "", "br-lgpd/respond"},
		"law not yet in force":       {law.Access, "US", "OK", "us-ca/acknowledge", law.BasisCountry, "", "us-ok/respond"},
	}
	e := engine(t, west, "weekends")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			all := deadlines(t, e, law.Case{Kinds: []law.Kind{tc.kind}, Place: law.Place{Country: tc.country, Region: tc.region}, ReceivedAt: local(t, west, "2026-11-23 12:00")})
			if all[0].Rule != tc.first || all[0].Basis != tc.basis {
				t.Errorf("first is %s by %s", all[0].Rule, all[0].Basis)
			}
			has := func(rule string) bool {
				return slices.ContainsFunc(all, func(d law.Deadline) bool { return d.Rule == rule })
			}
			if tc.among != "" && !has(tc.among) || tc.not != "" && has(tc.not) {
				t.Errorf("want %q, not %q, have %d", tc.among, tc.not, len(all))
			}
		})
	}
}

func TestOklahomaFromItsFirstDay(t *testing.T) {
	c := law.Case{Kinds: []law.Kind{law.Access}, Place: law.Place{Country: "US", Region: "OK"}, ReceivedAt: local(t, west, "2027-01-01 00:00")}
	if all := deadlines(t, engine(t, west, "weekends"), c); len(all) != 1 || all[0].Rule != "us-ok/respond" {
		t.Errorf("got %d due dates, first %s", len(all), all[0].Rule)
	}
}

func TestSeveralKindsShareAClock(t *testing.T) {
	c := law.Case{Kinds: []law.Kind{law.Access, law.Erasure, law.Correction, law.Erasure}, Place: law.Place{Country: "DE"}, ReceivedAt: local(t, berlin, "2027-03-05 10:00")}
	all := deadlines(t, engine(t, berlin, "weekends"), c)
	if d := byRule(t, all, "gdpr/respond"); len(all) != 2 || !slices.Equal(d.Kinds, []law.Kind{law.Erasure, law.Correction}) {
		t.Errorf("%d due dates; %v", len(all), d.Kinds)
	}
	if d, ok := law.Strictest(all, law.OptOut, law.Respond); !ok || d.Rule != "gdpr/respond" {
		t.Errorf("strictest is %s", d.Rule)
	}
	if _, ok := law.Strictest(all, law.Appeal); ok {
		t.Error("there is no appeal in it")
	}
}

func TestRefusals(t *testing.T) {
	e := engine(t, west, "weekends")
	now := local(t, west, "2026-11-23 12:00")
	tests := map[string]struct {
		c    law.Case
		want error
	}{
		"no kind":      {law.Case{ReceivedAt: now}, law.ErrUnknownKind},
		"unknown kind": {law.Case{Kinds: []law.Kind{"cake"}, ReceivedAt: now}, law.ErrUnknownKind},
		"bad place":    {law.Case{Kinds: []law.Kind{law.Access}, Place: law.Place{Country: "Germany"}, ReceivedAt: now}, law.ErrUnknownPlace},
		"before any":   {law.Case{Kinds: []law.Kind{law.Access}, ReceivedAt: local(t, west, "1980-01-01 12:00")}, law.ErrNoClock},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := e.Deadlines(tc.c); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	if _, err := law.New(law.Default(), location(t, west), "mars"); !errors.Is(err, law.ErrUnknownCalendar) {
		t.Errorf("got %v", err)
	}
}
