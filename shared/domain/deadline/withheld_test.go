package deadline_test

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
)

func TestWithholding(t *testing.T) {
	engine, err := deadline.New(deadline.Default(), time.UTC, "weekends")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		place string
		kind  deadline.Kind
		on    time.Time
		want  string
	}{
		"California":         {"US-CA", deadline.Access, now, "us-ca"},
		"what moves":         {"US-CA", deadline.Portability, now, "us-ca"},
		"no request to know": {"US-CA", deadline.Erasure, now, ""},
		"Minnesota":          {"US-MN", deadline.Access, now, "us-mn"},
		"Connecticut":        {"US-CT", deadline.Access, now, "us-ct"},
		"before its day":     {"US-CT", deadline.Access, now.AddDate(0, -6, 0), ""},
		"another State":      {"US-VA", deadline.Access, now, ""},
		"Germany":            {"DE", deadline.Access, now, ""},
		"some State":         {"US", deadline.Access, now, "us-ca us-ct us-mn"},
		"nobody knows":       {"", deadline.Access, now, "us-ca us-ct us-mn"},
	} {
		country, region, _ := strings.Cut(c.place, "-")
		var ids []string
		for _, r := range engine.Withholding([]deadline.Kind{c.kind}, deadline.Jurisdiction{Country: country, Region: region}, c.on) {
			if ids = append(ids, r.ID); len(r.Withholds.What) != 7 || r.Withholds.Clause == "" {
				t.Errorf("%s: %+v", name, r.Withholds)
			}
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
