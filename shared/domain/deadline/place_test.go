package deadline_test

import (
	"errors"
	"slices"
	"testing"

	"privacydesk/shared/domain/deadline"
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
			p, err := deadline.ParsePlace(tc.country, tc.region)
			if (err != nil) != tc.fails || p.String() != tc.want {
				t.Errorf("got %q, %v", p, err)
			}
			if tc.fails && (!errors.Is(err, deadline.ErrUnknownPlace) || fault.CodeOf(err) != fault.Invalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWhichLaw checks which clocks are chosen, and what is said about it.
func TestWhichLaw(t *testing.T) {
	tests := map[string]struct {
		kind            deadline.Kind
		country, region string
		first           string
		basis           deadline.Basis
		among           string
		not             string
	}{
		"state with a law":           {deadline.Access, "US", "VA", "us-va/respond", deadline.BasisPlace, "", "us-ca/respond"},
		"California":                 {deadline.Access, "US", "CA", "us-ca/acknowledge", deadline.BasisPlace, "us-ca/respond", "us-va/respond"},
		"state without a law":        {deadline.Access, "US", "WY", "us-ca/acknowledge", deadline.BasisCountry, "us-va/respond", "br-lgpd/respond"},
		"state not known":            {deadline.Access, "US", "", "us-ca/acknowledge", deadline.BasisRegionUnknown, "us-ia/respond", "gdpr/respond-access"},
		"kind unknown to the law":    {deadline.Objection, "US", "VA", "br-lgpd/respond", deadline.BasisWorld, "gdpr/respond", "us-va/respond"},
		"correction in Iowa":         {deadline.Correction, "US", "IA", "us-ca/acknowledge", deadline.BasisCountry, "us-va/respond", "us-ia/respond"},
		"country without a law here": {deadline.Access, "CN", "", "br-lgpd/respond", deadline.BasisWorld, "us-ca/acknowledge", ""},
		"place not known":            {deadline.Access, "", "", "br-lgpd/respond", deadline.BasisPlaceUnknown, "us-ca/acknowledge", ""},
		"kind that no law knows":     {deadline.PaperNotice, "DE", "", "br-lgpd/respond", deadline.BasisAnyKind, "gdpr/respond", "mail-senders/opt-out"},
		"Canada, province not known": {deadline.Access, "CA", "", "ca-pipeda/respond", deadline.BasisPlace, "ca-qc/respond", ""},
		"Quebec":                     {deadline.Access, "CA", "QC", "ca-pipeda/respond", deadline.BasisPlace, "ca-qc/respond", ""},
		"Ontario":                    {deadline.Access, "CA", "ON", "ca-pipeda/respond", deadline.BasisPlace, "", "ca-qc/respond"},
		"Bavaria":                    {deadline.Access, "DE", "BY", "gdpr/respond-access", deadline.BasisPlace, "", "uk-gdpr/respond-access"},
		"Réunion":                    {deadline.Access, "RE", "", "gdpr/respond-access", deadline.BasisPlace, "", "br-lgpd/respond"},
		"Norway":                     {deadline.Access, "NO", "", "gdpr/respond-access", deadline.BasisPlace, "", ""},
		"unsubscribe in Germany":     {deadline.MarketingOptOut, "DE", "", "mail-senders/opt-out", deadline.BasisPlace, "gdpr/respond-opt-out", "us-can-spam/opt-out"},
		"unsubscribe in Wyoming":     {deadline.MarketingOptOut, "US", "WY", "mail-senders/opt-out", deadline.BasisPlace, "us-can-spam/opt-out", "ca-casl/opt-out"},
		"unsubscribe, place unknown": {deadline.MarketingOptOut, "", "", "mail-senders/opt-out", deadline.BasisPlaceUnknown, "ca-casl/opt-out", ""},
		"consent taken back, Oregon": {deadline.WithdrawConsent, "US", "OR", "us-or/revoke", deadline.BasisPlace, "", "br-lgpd/respond"},
		"law not yet in force":       {deadline.Access, "US", "OK", "us-ca/acknowledge", deadline.BasisCountry, "", "us-ok/respond"},
	}
	e := engine(t, west, "weekends")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			all := deadlines(t, e, deadline.Case{Kinds: []deadline.Kind{tc.kind}, Place: deadline.Place{Country: tc.country, Region: tc.region}, ReceivedAt: local(t, west, "2026-11-23 12:00")})
			if all[0].Rule != tc.first || all[0].Basis != tc.basis {
				t.Errorf("first is %s by %s", all[0].Rule, all[0].Basis)
			}
			has := func(rule string) bool {
				return slices.ContainsFunc(all, func(d deadline.Deadline) bool { return d.Rule == rule })
			}
			if tc.among != "" && !has(tc.among) || tc.not != "" && has(tc.not) {
				t.Errorf("want %q, not %q, have %d", tc.among, tc.not, len(all))
			}
		})
	}
}

func TestOklahomaFromItsFirstDay(t *testing.T) {
	c := deadline.Case{Kinds: []deadline.Kind{deadline.Access}, Place: deadline.Place{Country: "US", Region: "OK"}, ReceivedAt: local(t, west, "2027-01-01 00:00")}
	if all := deadlines(t, engine(t, west, "weekends"), c); len(all) != 1 || all[0].Rule != "us-ok/respond" {
		t.Errorf("got %d due dates, first %s", len(all), all[0].Rule)
	}
}

func TestSeveralKindsShareAClock(t *testing.T) {
	c := deadline.Case{Kinds: []deadline.Kind{deadline.Access, deadline.Erasure, deadline.Correction, deadline.Erasure}, Place: deadline.Place{Country: "DE"}, ReceivedAt: local(t, berlin, "2027-03-05 10:00")}
	all := deadlines(t, engine(t, berlin, "weekends"), c)
	if d := byRule(t, all, "gdpr/respond"); len(all) != 2 || !slices.Equal(d.Kinds, []deadline.Kind{deadline.Erasure, deadline.Correction}) {
		t.Errorf("%d due dates; %v", len(all), d.Kinds)
	}
	if d, ok := deadline.Strictest(all, deadline.OptOut, deadline.Respond); !ok || d.Rule != "gdpr/respond" {
		t.Errorf("strictest is %s", d.Rule)
	}
	if _, ok := deadline.Strictest(all, deadline.Appeal); ok {
		t.Error("there is no appeal in it")
	}
}

func TestRefusals(t *testing.T) {
	e := engine(t, west, "weekends")
	now := local(t, west, "2026-11-23 12:00")
	tests := map[string]struct {
		c    deadline.Case
		want error
	}{
		"no kind":      {deadline.Case{ReceivedAt: now}, deadline.ErrUnknownKind},
		"unknown kind": {deadline.Case{Kinds: []deadline.Kind{"cake"}, ReceivedAt: now}, deadline.ErrUnknownKind},
		"bad place":    {deadline.Case{Kinds: []deadline.Kind{deadline.Access}, Place: deadline.Place{Country: "Germany"}, ReceivedAt: now}, deadline.ErrUnknownPlace},
		"before any":   {deadline.Case{Kinds: []deadline.Kind{deadline.Access}, ReceivedAt: local(t, west, "1980-01-01 12:00")}, deadline.ErrNoClock},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := e.Deadlines(tc.c); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	if _, err := deadline.New(deadline.Default(), location(t, west), "mars"); !errors.Is(err, deadline.ErrUnknownCalendar) {
		t.Errorf("got %v", err)
	}
}
