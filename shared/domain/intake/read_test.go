package intake_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
)

func TestTimes(t *testing.T) {
	havana, err := time.LoadLocation("America/Havana")
	if err != nil {
		t.Fatal(err)
	}
	moment := func(text string) (time.Time, error) { return intake.Moment("at", text, havana) }
	until := func(text string) (time.Time, error) { return intake.Until("at", text, havana) }
	for name, c := range map[string]struct {
		read       func(string) (time.Time, error)
		text, want string // no want: it is refused
	}{
		"a day begins":           {moment, "2026-12-24", "2026-12-24T00:00:00-05:00"},
		"midnight is left out":   {moment, "2026-03-08", "2026-03-08T01:00:00-04:00"},
		"a time":                 {moment, "2026-12-24T09:00:00Z", "2026-12-24T09:00:00Z"},
		"a time elsewhere":       {moment, "2026-12-24T09:00:00+01:00", "2026-12-24T09:00:00+01:00"},
		"a day ends":             {until, "2026-12-24", "2026-12-25T00:00:00-05:00"},
		"before one without one": {until, "2026-03-07", "2026-03-08T01:00:00-04:00"},
		"nothing":                {moment, "", time.Time{}.Format(time.RFC3339)},
		"until nothing":          {until, "", time.Time{}.Format(time.RFC3339)},
		"a day in words":         {moment, "24 December", ""},
		"no such day":            {moment, "2026-02-30", ""},
		"until a time":           {until, "2026-12-24T09:00:00Z", ""},
	} {
		got, err := c.read(c.text)
		if c.want == "" {
			if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Field != "at" || fields[0].Reason != "invalid" {
				t.Errorf("%s: %s, %v", name, got, err)
			}
		} else if err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s: %s, %v", name, got.Format(time.RFC3339), err)
		}
	}
}

func TestPlacesAndKinds(t *testing.T) {
	if place, err := intake.Place("us", "CA"); err != nil || place.String() != "US-CA" {
		t.Errorf("%s, %v", place, err)
	}
	for name, err := range map[string]error{
		"country": func() error { _, err := intake.Place("Bavaria", ""); return err }(),
		"kinds":   intake.CheckKinds([]intake.Kind{deadline.Access, "everything"}),
	} {
		if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Field != name || fields[0].Reason != "unknown" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := intake.CheckKinds(intake.Kinds()); err != nil {
		t.Error(err)
	}
}
