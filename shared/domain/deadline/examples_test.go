package deadline

import (
	"strings"
	"testing"
)

const (
	west   = "America/Los_Angeles"
	berlin = "Europe/Berlin"
	london = "Europe/London"
)

// TestWorkedExamples holds dates that were counted by hand on a calendar.
func TestWorkedExamples(t *testing.T) {
	tests := map[string]struct {
		kind     Kind
		place    Jurisdiction
		zone     string
		calendar string // "" is weekends
		received string
		rule     string
		want     string
	}{
		"5 March gives 5 April":              {Access, Jurisdiction{Country: "DE"}, berlin, "", "2027-03-05 10:00", "gdpr/respond-access", "2027-04-05 23:59:59"},
		"31 January, leap year":              {Access, Jurisdiction{Country: "DE"}, berlin, "", "2028-01-31 10:00", "gdpr/respond-access", "2028-02-29 23:59:59"},
		"31 January, then over a Sunday":     {Access, Jurisdiction{Country: "DE"}, berlin, "", "2027-01-31 10:00", "gdpr/respond-access", "2027-03-01 23:59:59"},
		"30 August":                          {Erasure, Jurisdiction{Country: "FR"}, berlin, "", "2027-08-30 10:00", "gdpr/respond", "2027-09-30 23:59:59"},
		"31 August":                          {Erasure, Jurisdiction{Country: "FR"}, berlin, "", "2027-08-31 10:00", "gdpr/respond", "2027-09-30 23:59:59"},
		"29 February":                        {Erasure, Jurisdiction{Country: "FR"}, berlin, "", "2028-02-29 10:00", "gdpr/respond", "2028-03-29 23:59:59"},
		"23:59 is still that day":            {Access, Jurisdiction{Country: "IE"}, west, "", "2027-03-04 23:59:59", "gdpr/respond-access", "2027-04-05 23:59:59"}, // the 4th is a Sunday
		"00:00 is the next day":              {Access, Jurisdiction{Country: "IE"}, west, "", "2027-03-05 00:00", "gdpr/respond-access", "2027-04-05 23:59:59"},
		"23:59 and 00:00 differ by a day":    {Access, Jurisdiction{Country: "US", Region: "CA"}, west, "", "2027-03-08 23:59:59", "us-ca/respond", "2027-04-22 23:59:59"},
		"due on Christmas, German calendar":  {Access, Jurisdiction{Country: "DE"}, berlin, "de", "2026-11-25 09:00", "gdpr/respond-access", "2026-12-28 23:59:59"},
		"due on Christmas, weekends only":    {Access, Jurisdiction{Country: "DE"}, berlin, "", "2026-11-25 09:00", "gdpr/respond-access", "2026-12-25 23:59:59"},
		"due on Christmas, England":          {Access, Jurisdiction{Country: "GB"}, london, "", "2026-11-25 09:00", "uk-gdpr/respond-access", "2026-12-29 23:59:59"},
		"45 days over the spring change":     {Access, Jurisdiction{Country: "US", Region: "CA"}, west, "", "2027-02-10 12:00", "us-ca/respond", "2027-03-27 23:59:59"},
		"due on the day of the spring jump":  {Access, Jurisdiction{Country: "US", Region: "VA"}, west, "", "2027-01-28 12:00", "us-va/respond", "2027-03-14 23:59:59"},
		"due on the day of the autumn jump":  {Access, Jurisdiction{Country: "US", Region: "VA"}, west, "", "2027-09-23 12:00", "us-va/respond", "2027-11-07 23:59:59"},
		"48 hours over the spring change":    {marketingOptOut, Jurisdiction{Country: "US"}, west, "", "2027-03-13 12:00", "mail-senders/opt-out", "2027-03-15 13:00:00"},
		"10 business days over Thanksgiving": {Access, Jurisdiction{Country: "US", Region: "CA"}, west, "", "2026-11-20 12:00", "us-ca/acknowledge", "2026-12-07 23:59:59"},
		"15 business days, no sale":          {OptOutOfSale, Jurisdiction{Country: "US", Region: "CA"}, west, "", "2026-12-18 12:00", "us-ca/opt-out", "2027-01-12 23:59:59"},
		"CAN-SPAM from a Saturday":           {marketingOptOut, Jurisdiction{Country: "US"}, west, "", "2027-06-12 12:00", "us-can-spam/opt-out", "2027-06-28 23:59:59"}, // 18 June: Juneteenth in lieu
		"CASL over Canada Day":               {marketingOptOut, Jurisdiction{Country: "CA"}, west, "", "2027-06-25 12:00", "ca-casl/opt-out", "2027-07-12 23:59:59"},
		"Brazil":                             {Access, Jurisdiction{Country: "BR"}, west, "", "2026-12-01 12:00", "br-lgpd/respond", "2026-12-16 23:59:59"},
		"Iowa":                               {Access, Jurisdiction{Country: "US", Region: "IA"}, west, "", "2026-12-01 12:00", "us-ia/respond", "2027-03-01 23:59:59"},
		"Quebec":                             {Access, Jurisdiction{Country: "CA", Region: "QC"}, west, "", "2026-12-01 12:00", "ca-qc/respond", "2026-12-31 23:59:59"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.calendar == "" {
				tc.calendar = "weekends"
			}
			c := Case{Kinds: []Kind{tc.kind}, Place: tc.place, ReceivedAt: local(t, tc.zone, tc.received)}
			d := byRule(t, deadlines(t, engine(t, tc.zone, tc.calendar), c), tc.rule)
			want := local(t, tc.zone, tc.want)
			if there := tc.place.zone(); there != nil && d.clock.Unit != Hours {
				want = earlier(want, local(t, there.String(), tc.want)) // the day ends where it ends first
			}
			if !d.Due.Equal(want) {
				t.Errorf("due %s, want %s\n%s", d.Due, want, Words(English, d.Explain()))
			}
		})
	}
}

func TestAppeals(t *testing.T) {
	tests := map[string]struct{ place, rule, want string }{
		"Virginia":                  {"US-VA", "us-va/appeal", "2027-01-30 23:59:59"},
		"Oregon":                    {"US-OR", "us-or/appeal", "2027-01-15 23:59:59"},
		"a State that is not known": {"US", "us-co/appeal", "2027-01-15 23:59:59"},
		"Utah has none: a review":   {"US-UT", "own/review", "2026-12-31 23:59:59"},
		"California has none":       {"US-CA", "own/review", "2026-12-31 23:59:59"},
		"Germany has none":          {"DE", "own/review", "2026-12-31 23:59:59"},
		"no place: nobody's law":    {"", "own/review", "2026-12-31 23:59:59"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			country, region, _ := strings.Cut(tc.place, "-")
			c := Case{Kinds: []Kind{Access}, Place: Jurisdiction{Country: country, Region: region}, ReceivedAt: local(t, west, "2026-12-01 12:00"), Appeal: true}
			all := deadlines(t, engine(t, west, "weekends"), c)
			if own := strings.HasPrefix(tc.rule, "own/"); own == Appeals(c.Place) || own && len(all) != 1 {
				t.Errorf("appeals %v, %d dates", Appeals(c.Place), len(all))
			}
			if words := Words(English, all[0].Explain()); strings.HasPrefix(tc.rule, "own/") && !strings.HasPrefix(words, "We have set ourselves 30 days for a review. It counts from 1 December 2026") {
				t.Error(words)
			}
			want := local(t, west, tc.want)
			if there := c.Place.zone(); there != nil {
				want = earlier(want, local(t, there.String(), tc.want))
			}
			if first := all[0]; first.origin != tc.rule || !first.Due.Equal(want) {
				t.Errorf("first is %s on %s, want %s on %s", first.origin, first.Due, tc.rule, want)
			}
		})
	}
}

// TestComplaintInTheUnitedKingdom counts the day of the complaint, as "beginning with" would have it.
func TestComplaintInTheUnitedKingdom(t *testing.T) {
	c := Case{Kinds: []Kind{Erasure}, Place: Jurisdiction{Country: "GB"}, ReceivedAt: local(t, london, "2026-07-01 12:00"), Appeal: true}
	d := byRule(t, deadlines(t, engine(t, london, "weekends"), c), "uk-gdpr/complaint")
	if want := local(t, london, "2026-07-30 23:59:59"); !d.Due.Equal(want) || d.Purpose != Acknowledge {
		t.Errorf("%s due %s, want %s", d.Purpose, d.Due, want)
	}
	c.ReceivedAt = local(t, london, "2026-06-18 12:00")
	for _, d := range deadlines(t, engine(t, london, "weekends"), c) {
		if d.origin == "uk-gdpr/complaint" {
			t.Error("section 164A is in force since 19 June 2026 only")
		}
	}
}
