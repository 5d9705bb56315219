package rules

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// How long logs are kept may be chosen at a deployment, within the schedule's bounds.
func TestLogRetentionKeepsTheSchedule(t *testing.T) {
	var tpl struct {
		Parameters map[string]struct {
			Default       any   `yaml:"Default"`
			AllowedValues []any `yaml:"AllowedValues"`
		} `yaml:"Parameters"`
	}
	if err := yaml.Unmarshal([]byte(read(t, root+"/template.yaml")), &tpl); err != nil {
		t.Fatal(err)
	}
	p, rule := tpl.Parameters["LogRetentionDays"], shippedSchedule(t).Rule(schedule.Logs)
	if p.Default != rule.Period.Days {
		t.Errorf("LogRetentionDays is %v by default; desk.yaml line %d says %s", p.Default, rule.Line, rule.Period)
	}
	if len(p.AllowedValues) == 0 {
		t.Error("LogRetentionDays may be anything")
	}
	for _, v := range p.AllowedValues {
		if n, ok := v.(int); !ok || n < rule.Min.Days || n > rule.Max.Days {
			t.Errorf("LogRetentionDays may be %v; the schedule allows %s to %s", v, rule.Min, rule.Max)
		}
	}
}

// Two different things with days: the link of the mail, and the record of the request.
func TestLinkEndsBeforeTheRequest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{
			"America/Los_Angeles", "America/Havana", "America/Santiago", "Europe/Berlin", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC",
		}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		engine, err := deadline.New(deadline.Default(), zone, "weekends")
		if err != nil {
			t.Fatal(err)
		}
		mailed := time.Unix(rapid.Int64Range(17e8, 30e8).Draw(t, "mailed"), 0)
		ends := (&request.Service{Law: engine}).VerifyUntil(mailed)
		if gone, _ := (schedule.Period{Days: schedule.VerifyDays}).End(mailed, zone); gone.Before(ends) {
			t.Errorf("mailed %s, good until %s, and the request may be gone on %s", mailed.In(zone), ends.In(zone), gone)
		}
		if told := civil.Through(ends, zone); told != civil.Of(mailed, zone)+7 || !told.End(zone).Equal(ends) {
			t.Errorf("mailed %s, good until %s, told as %s", mailed.In(zone), ends.In(zone), told)
		}
	})
}

// What README tells of the schedule is what desk.yaml says.
func TestReadmeTellsTheSchedule(t *testing.T) {
	_, section, _ := strings.Cut(read(t, root+"/README.md"), "\n## How long things are kept\n")
	section, _, _ = strings.Cut(section, "\n## ")
	asShipped, err := schedule.New(testkit.Desk(t))
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for _, rule := range asShipped.Rules() {
			if strings.Contains(line, "`"+string(rule.Class)+"`") {
				told++
				if !strings.Contains(line, rule.Period.String()) {
					t.Errorf("%s is kept for %s (desk.yaml line %d); README says %s", rule.Class, rule.Period, rule.Line, line)
				}
			}
		}
	}
	if told < 10 {
		t.Errorf("README tells of %d classes", told)
	}
	if want := "the last " + asShipped.Rule(schedule.Backups).Period.String(); !strings.Contains(section, want) {
		t.Errorf("README does not say that backups reach back %q", want)
	}
}
