package deadline_test

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
)

func TestLawsOfAPlace(t *testing.T) {
	engine, err := deadline.New(deadline.Default(), time.UTC, "weekends")
	if err != nil {
		t.Fatal(err)
	}
	on := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for place, want := range map[string]string{
		"DE": "gdpr own", "GB": "uk-gdpr own", "US-CA": "us-ca own", "US-VA": "us-va own", "CA-QC": "ca-pipeda ca-qc own", "CA-ON": "ca-pipeda own",
		"JP": "", "": "",
	} {
		country, region, _ := strings.Cut(place, "-")
		ids, own := engine.Laws(deadline.Access, deadline.Jurisdiction{Country: country, Region: region}, on)
		if got := strings.Join(ids, " "); got+map[bool]string{true: " own"}[own] != want {
			t.Errorf("%s: %s %v", place, got, own)
		}
	}
	for _, region := range []string{"", "WY"} { // not known, and without a law of its own
		ids, own := engine.Laws(deadline.Access, deadline.Jurisdiction{Country: "US", Region: region}, on)
		if all := " " + strings.Join(ids, " ") + " "; own || !strings.Contains(all, " us-ca ") || !strings.Contains(all, " us-or ") || strings.Contains(all, " gdpr ") {
			t.Errorf("US-%s: %v %v", region, ids, own)
		}
	}
}
