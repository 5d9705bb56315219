package deadline

import (
	"strings"
	"testing"
	"time"
)

// TestLawThatHasChanged holds the dates of the laws that came into force in 2026 and 2027, counted by hand.
func TestLawThatHasChanged(t *testing.T) {
	tests := map[string]struct {
		kind     Kind
		place    Jurisdiction
		received string
		purpose  Purpose
		law      string // "" for a borrowed date
		want     string
		says     string
	}{
		"UK complaint, acknowledged":          {Complaint, Jurisdiction{Country: "GB"}, "2026-06-19 12:00", Acknowledge, "UK GDPR", "2026-07-18 23:59:59", "that day is the first"},
		"UK complaint, answered":              {Complaint, Jurisdiction{Country: "GB"}, "2026-06-19 12:00", Respond, "UK GDPR", "2026-07-19 23:59:59", "without undue delay. The law names no number of days"},
		"UK complaint before its law":         {Complaint, Jurisdiction{Country: "GB"}, "2026-06-18 12:00", Respond, "", "2026-07-03 23:59:59", "No law in our table"},
		"complaint in France":                 {Complaint, Jurisdiction{Country: "FR"}, "2026-07-01 12:00", Respond, "", "2026-08-01 23:59:59", "No law of FR"},
		"automated decision, Germany":         {AutomatedOptOut, Jurisdiction{Country: "DE"}, "2026-12-01 12:00", Respond, "GDPR", "2027-01-01 23:59:59", "Art. 12(3) GDPR"},
		"logic of a decision, Spain":          {AutomatedAccess, Jurisdiction{Country: "ES"}, "2026-12-01 12:00", Respond, "GDPR", "2027-01-01 23:59:59", "Art. 12(3) GDPR"},
		"ADMT, California, not yet":           {AutomatedOptOut, Jurisdiction{Country: "US", Region: "CA"}, "2026-12-31 12:00", Respond, "", "2027-02-14 23:59:59", "No law of US-CA"},
		"ADMT, California, from its day":      {AutomatedOptOut, Jurisdiction{Country: "US", Region: "CA"}, "2027-01-04 12:00", OptOut, "CCPA", "2027-01-26 23:59:59", "11 CCR 7221(n)"},
		"ADMT access, California":             {AutomatedAccess, Jurisdiction{Country: "US", Region: "CA"}, "2027-01-04 12:00", Respond, "CCPA", "2027-02-18 23:59:59", "11 CCR 7222"},
		"ADMT access, California, receipt":    {AutomatedAccess, Jurisdiction{Country: "US", Region: "CA"}, "2027-01-04 12:00", Acknowledge, "CCPA", "2027-01-19 23:59:59", "confirm receipt within 10 business days"},
		"profiling, Virginia":                 {AutomatedOptOut, Jurisdiction{Country: "US", Region: "VA"}, "2026-12-01 12:00", Respond, "Virginia CDPA", "2027-01-15 23:59:59", "45 days"},
		"Chile before the law":                {Access, Jurisdiction{Country: "CL"}, "2026-11-30 12:00", Respond, "", "2026-12-15 23:59:59", "No law of CL"},
		"Chile from its day":                  {Access, Jurisdiction{Country: "CL"}, "2026-12-01 12:00", Respond, "Ley 19.628", "2026-12-22 23:59:59", "Reports of this period differ; we keep to the stricter one"},
		"Chile, block":                        {Restriction, Jurisdiction{Country: "CL"}, "2026-12-04 12:00", Respond, "Ley 19.628", "2026-12-08 23:59:59", "2 business days"},
		"place not known":                     {Access, Jurisdiction{}, "2026-12-01 12:00", Respond, "", "2026-12-16 23:59:59", "no law can be named"},
		"state not known":                     {Access, Jurisdiction{Country: "US"}, "2026-12-01 12:00", Respond, "", "2027-01-15 23:59:59", "The state or province is not known"},
		"Japan":                               {Erasure, Jurisdiction{Country: "JP"}, "2026-12-01 12:00", Respond, "", "2026-12-16 23:59:59", "No law of JP"},
		"a state without a law, paper notice": {PaperNotice, Jurisdiction{Country: "US", Region: "WY"}, "2026-12-01 12:00", Respond, "", "2026-12-16 23:59:59", "No law in our table"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			zone := tc.place.zone()
			if zone == nil {
				zone = location(t, west)
			}
			e := engine(t, zone.String(), "weekends") // one zone, so that only the law is looked at
			all := deadlines(t, e, Case{Kinds: []Kind{tc.kind}, Place: tc.place, ReceivedAt: local(t, zone.String(), tc.received)})
			d, found := Strictest(all, tc.purpose)
			if want := local(t, zone.String(), tc.want); !found || !d.Due.Equal(want) || d.Law != tc.law {
				t.Errorf("%q by %s (%s), want %q by %s", d.Law, d.Due, d.origin, tc.law, want)
			}
			if words := Words(English, d.Explain()); !strings.Contains(words, tc.says) {
				t.Errorf("no %q in %s", tc.says, words)
			}
		})
	}
}

// TestNobodysLawIsCited: without a law of its own a place has one date a purpose, and no other place's law is named.
func TestNobodysLawIsCited(t *testing.T) {
	for name, place := range map[string]Jurisdiction{"unknown": {}, "Japan": {Country: "JP"}, "Wyoming": {Country: "US", Region: "WY"}, "some state": {Country: "US"}} {
		t.Run(name, func(t *testing.T) {
			seen := map[Purpose]bool{}
			for _, d := range deadlines(t, engine(t, west, "weekends"), Case{Kinds: []Kind{Access, Erasure, PaperNotice}, Place: place, ReceivedAt: local(t, west, "2026-12-01 12:00")}) {
				words := Words(English, d.Explain()) + Words(English, d.ExplainToPerson()) + d.Rule
				if seen[d.Purpose] && len(d.Kinds) == 3 || !d.borrowed() {
					t.Errorf("again %s: %s", d.Purpose, words)
				}
				seen[d.Purpose] = true
				for _, r := range Default().Regimes {
					if strings.Contains(words, r.Name) || strings.Contains(words, r.ID) {
						t.Errorf("names %s: %s", r.Name, words)
					}
				}
			}
		})
	}
}

// TestThePersonsDayCounts: the last day ends where the person is, when that is earlier than where the controller is.
func TestThePersonsDayCounts(t *testing.T) {
	tests := map[string]struct {
		controller string
		place      Jurisdiction
		received   string // there, at the controller
		zone, want string
	}{
		"San Diego answers Germany":              {west, Jurisdiction{Country: "DE"}, "2027-03-01 10:00", berlin, "2027-04-01 23:59:59"},
		"Germany answers California":             {berlin, Jurisdiction{Country: "US", Region: "CA"}, "2027-03-01 10:00", berlin, "2027-04-15 23:59:59"},
		"the person's day before, at midnight":   {berlin, Jurisdiction{Country: "US", Region: "VA"}, "2027-03-02 03:00", berlin, "2027-04-15 23:59:59"},
		"San Diego answers Ireland, a day ahead": {west, Jurisdiction{Country: "IE"}, "2027-03-08 23:59:59", west, "2027-04-08 23:59:59"},
		"the same zone":                          {berlin, Jurisdiction{Country: "DE"}, "2027-03-01 10:00", berlin, "2027-04-01 23:59:59"},
		"place not known":                        {west, Jurisdiction{}, "2027-03-01 10:00", west, "2027-03-16 23:59:59"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			all := deadlines(t, engine(t, tc.controller, "weekends"), Case{Kinds: []Kind{Erasure}, Place: tc.place, ReceivedAt: local(t, tc.controller, tc.received)})
			d, _ := Strictest(all, Respond)
			if want := local(t, tc.zone, tc.want); !d.Due.Equal(want) {
				t.Errorf("due %s, want %s", d.Due.In(location(t, tc.zone)), want)
			}
			if told, last := d.Due.In(location(t, tc.controller)).Format(time.DateOnly), d.course.last.UTC().Format(time.DateOnly); told > last {
				t.Errorf("people are told %s, the last day is %s", told, last)
			}
		})
	}
}

func TestEveryZoneIsThere(t *testing.T) {
	for country := range zoneOfCountry {
		if (Jurisdiction{Country: country}).zone() == nil {
			t.Errorf("%s: no zone %q", country, zoneOfCountry[country])
		}
	}
	for _, part := range zonesOfRegions {
		for _, region := range strings.Fields(part.regions) {
			if zone := (Jurisdiction{part.country, region}).zone(); zone == nil || zone.String() != part.zone {
				t.Errorf("%s-%s: %v", part.country, region, zone)
			}
		}
	}
}
