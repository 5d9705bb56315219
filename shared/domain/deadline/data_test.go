package deadline

import (
	"fmt"
	"strings"
	"testing"
)

// TestFigures repeats the figures of the issue, so that a slip of the pen in law.yaml does not pass.
func TestFigures(t *testing.T) {
	want := map[string]string{
		"gdpr/respond": "1 calendar_months +2", "uk-gdpr/respond": "1 calendar_months +2",
		"us-ca/acknowledge": "10 business_days +0", "us-ca/respond": "45 calendar_days +45", "us-ca/opt-out": "15 business_days +0",
		"us-ia/respond": "90 calendar_days +45", "us-fl/respond": "45 calendar_days +15", "us-nv/opt-out": "60 calendar_days +30",
		"us-co/appeal": "45 calendar_days +60", "us-mn/appeal": "45 calendar_days +60",
		"us-or/appeal": "45 calendar_days +0", "us-nj/appeal": "45 calendar_days +0",
		"br-lgpd/respond": "15 calendar_days +0", "ca-pipeda/respond": "30 calendar_days +30", "ca-qc/respond": "30 calendar_days +0",
		"uk-gdpr/acknowledge-complaint": "30 calendar_days +0", "uk-gdpr/answer-complaint": "1 calendar_months +0",
		"us-ca/acknowledge-automated": "10 business_days +0", "us-ca/respond-automated": "45 calendar_days +45", "us-ca/opt-out-automated": "15 business_days +0",
		"cl-21719/respond": "15 business_days +0", "cl-21719/block": "2 business_days +0",
		"us-can-spam/opt-out": "10 business_days +0", "ca-casl/opt-out": "10 business_days +0", "mail-senders/opt-out": "48 hours +0",
	}
	for _, s := range strings.Fields("va co ct ut tx or mt de ne nh nj tn mn md in ky ri") {
		want["us-"+s+"/respond"] = "45 calendar_days +45"
	}
	for _, s := range strings.Fields("va ct tx mt fl de ia ne nh tn md in ky ri") {
		want["us-"+s+"/appeal"] = "60 calendar_days +0"
	}
	for rule, figures := range want {
		c := clockOf(rule)
		if got := fmt.Sprintf("%d %s +%d", c.Length, c.Unit, c.Extension.Length); got != figures {
			t.Errorf("%s: %s, want %s", rule, got, figures)
		}
	}
}

func TestEveryMemberStateIsCovered(t *testing.T) {
	gdpr := " " + strings.Join(Default().Regimes[0].Places, " ") + " "
	for _, c := range strings.Fields("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO") {
		if !strings.Contains(gdpr, " "+c+" ") {
			t.Errorf("%s is missing", c)
		}
	}
}

func TestTable(t *testing.T) {
	text := &strings.Builder{}
	if err := Default().WriteTable(text); err != nil {
		t.Fatal(err)
	}
	rows := Default().rows()
	if lines := strings.Count(text.String(), "\n"); lines != len(rows)+len(Default().Calendars)+7 {
		t.Errorf("%d lines for %d rows", lines, len(rows))
	}
	for _, want := range []string{Default().Version, "+45 calendar days for complexity, number", "stop: identity (restart)", "1 calendar months, then next working day", "unchecked"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q", want)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(text.String()), "\n") {
		if strings.HasPrefix(line, "|") && strings.Count(line, "|") != 12 && strings.Count(line, "|") != 6 {
			t.Errorf("broken row: %s", line)
		}
	}
}

// The cases to measure: a usual one, one of every kind, and the dearest, for which all clocks are computed.
func BenchmarkDeadlines(b *testing.B) {
	received := local(b, west, "2026-11-20 12:00")
	extended := Case{Kinds: []Kind{Access}, ReceivedAt: received, Extension: &Grant{Reason: Complexity, NoticeSentAt: received.AddDate(0, 0, 3)},
		Pauses: []Pause{{Cause: Identity, From: received, Until: received.AddDate(0, 0, 2)}}}
	cases := map[string]Case{
		"known place":                  {Kinds: []Kind{Erasure}, Place: Jurisdiction{Country: "US", Region: "CA"}, ReceivedAt: received},
		"Germany":                      {Kinds: []Kind{Access, Erasure}, Place: Jurisdiction{Country: "DE"}, ReceivedAt: received},
		"unknown place":                {Kinds: []Kind{Access}, ReceivedAt: received},
		"unknown place, all that goes": extended,
		"unknown place, every kind":    {Kinds: Kinds(), ReceivedAt: received},
	}
	e := engine(b, west, "us-federal")
	for name, c := range cases {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Deadlines(c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
