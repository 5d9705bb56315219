package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"privacydesk/shared/domain/settings"
)

// edit changes the tests' desk.yaml and returns the line where its first change is.
func edit(tb testing.TB, from, to string) (text string, line int) {
	tb.Helper()
	shipped, err := os.ReadFile("../../../testkit/desk.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	before, after, found := strings.Cut(string(shipped), from)
	if !found {
		tb.Fatalf("desk.yaml has no %q any more", from)
	}
	return before + to + after, 1 + strings.Count(before, "\n")
}

func run(tb testing.TB, text string) (code string, err error) {
	tb.Helper()
	from, to := filepath.Join(tb.TempDir(), "desk.yaml"), filepath.Join(tb.TempDir(), "desk_data.go")
	if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	template := filepath.Join(tb.TempDir(), "template.yaml")
	if err := os.WriteFile(template, nil, 0o600); err != nil {
		tb.Fatal(err)
	}
	err = generate(from, to, template)
	written, _ := os.ReadFile(to)
	return string(written), err
}

// What is refused at a build, with the line of the setting or, where it is missing, of what it is missing from.
func TestRefusedWithItsLine(t *testing.T) {
	const (
		closed = "{class: closed-request, after: 24 months,"
		why    = ` because: "11 CCR 7101(a): records of requests and answers"`
		log    = "{class: request-log, after: 10 years,"
	)
	for name, c := range map[string]struct{ from, to, want string }{
		"no address":            {"contact: info@biosero.com", "contact: info at biosero.com", "organisation.contact must be an e-mail address"},
		"no time zone":          {"time_zone: America/Los_Angeles", "time_zone: Mars/Olympus", `organisation.time_zone "Mars/Olympus" is not an IANA name such as America/Los_Angeles`},
		"a zone's short name":   {"time_zone: America/Los_Angeles", "time_zone: PST", "organisation.time_zone must be an IANA name such as America/Los_Angeles"},
		"no calendar":           {"  calendar: weekends", "  calendar: holidays", `requests.calendar "holidays" is none of `},
		"a name that is empty":  {"  name: Biosero", "  name: ''", "organisation.name is missing"},
		"a topic's id":          {"  - id: promotions", "  - id: Promotions", "topics[1].id must be lower-case letters"},
		"a topic twice":         {"  - id: events", "  - id: newsletter", `topics[2].id "newsletter" stands twice`},
		"a topic without name":  {"    name: {en: Product updates,", "    name: {", "topics[3].name needs at least en"},
		"a redirect":            {"    - https://biosero.com/", "    - http://biosero.com/", "forms.redirects[1] must be an https address"},
		"an unknown vendor":     {"    vendor: salesforce", "    vendor: salesfarce", `systems[2].vendor "salesfarce" is none of activecampaign, `},
		"a role that is none":   {"  auditor: auditor", "  auditor: inspector", `desk_roles.auditor: "inspector" is no role; must be one of [auditor viewer officer admin]`},
		"a group without role":  {"  auditor: auditor", "  auditor:", "desk_roles.auditor must be a group and its role"},
		"nobody answers":        {"desk_roles:\n  viewer: viewer\n  officer: officer\n  admin: admin\n  auditor: auditor", "desk_roles: {viewer: viewer, auditor: auditor}", "desk_roles must give a group the role officer or admin"},
		"nobody gets in":        {"desk_roles:\n  viewer: viewer\n  officer: officer\n  admin: admin\n  auditor: auditor", "desk_roles: {}", "desk_roles must give a group its role, or nobody gets in"},
		"no claim":              {"groups_claim: [groups,", "groups_claim: [' ',", `groups_claim must hold names of claims; " " is none`},
		"no claims":             {"groups_claim: [groups, \"cognito:groups\"]", "groups_claim: []", "groups_claim must name a claim"},
		"too many mails":        {"  resends: 3", "  resends: 11", "requests.resends must be 0 to 10"},
		"an unknown setting":    {"  phone: (858)", "  telephone: (858)", "organisation has no setting telephone"},
		"a misspelt setting":    {"  time_zone: America", "  timezone: America", "organisation has no setting timezone; did you mean time_zone?"},
		"another one":           {"  - id: events", "  - idd: events", "topics[2] has no setting idd"},
		"one of the top":        {"\nretention:", "\nretentions:", "the file has no setting retentions; did you mean retention?"},
		"a text for a list":     {"  remind_days: [", "  remind_days: some # [", "a list is expected here"},
		"no number":             {"  resends: 3", "  resends: three", "a whole number is expected here"},
		"a system's way":        {"    way: task", "    way: mail", `systems[2].way has "mail", which is none of event, webhook, task, hubspot, mailchimp, zendesk; did you mean task?`},
		"a system's address":    {"    url: https://crm.example.com/privacy", "    url: https://10.0.0.1/privacy", "systems[0].url must be an https address with a host name"},
		"a system told twice":   {"    told: [erasure, correction, restriction, objection, access]", "    told: [erasure, access, erasure]", `systems[0].told has "erasure" twice`},
		"a system's setting":    {"    answer_days: 10", "    answerdays: 10", "systems[2] has no setting answerdays; did you mean answer_days?"},
		"a period too short":    {closed, "{class: closed-request, after: 12 months,", "retention: closed-request must be kept 24 months at least (11 CCR 7101(a)"},
		"a period too long":     {log, "{class: request-log, after: 11 years,", "retention: request-log must be kept 10 years at most"},
		"an unknown class":      {log, "{class: request-logs, after: 10 years,", `retention: there is no class "request-logs"`},
		"a class twice":         {log, "{class: closed-request, after: 10 years,", "retention: closed-request stands twice, first in line "},
		"stage two before one":  {closed + why + "}\n  - " + log, "{class: closed-request, after: 60 months, because: x}\n  - {class: request-log, after: 36 months,", "retention: request-log comes after closed-request (line "},
		"no period":             {closed, "{class: closed-request,", `retention: closed-request: a period is such as "30 days"`},
		"a junk period":         {closed, "{class: closed-request, after: [24, months],", "a text is expected here"},
		"a period in words":     {closed, "{class: closed-request, after: two years,", `retention: closed-request: a period is such as "30 days", "24 months", "10 years" or "never", not "two years"`},
		"no reason":             {closed + why, "{class: closed-request, after: 24 months", "retention: closed-request must say because of what"},
		"an unknown word of it": {closed, "{class: closed-request, until: 2027-01-01, after: 24 months,", "retention[1] has no setting until"},
	} {
		t.Run(name, func(t *testing.T) {
			text, line := edit(t, c.from, c.to)
			line += strings.Count(c.to, "\n") // of two lines, the second is wrong
			code, err := run(t, text)
			if want := fmt.Sprintf("desk.yaml line %d: %s", line, c.want); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("want %q, got: %v", want, err)
			}
			if code != "" {
				t.Error("what is refused was generated all the same")
			}
		})
	}
}

func TestMissingIsToldWhereItBelongs(t *testing.T) {
	text, line := edit(t, "retention:\n", "retention:\n")
	at := strings.Index(text, "  - {class: logs,")
	text = text[:at] + text[at+strings.Index(text[at:], "\n")+1:]
	if _, err := run(t, text); err == nil || err.Error() != fmt.Sprintf("desk.yaml line %d: retention: the class logs is missing", line) {
		t.Error(err)
	}
	text, _ = edit(t, "  legal_name: Biosero, Inc.\n", "")
	_, line = edit(t, "organisation:\n", "")
	if _, err := run(t, text); err == nil || err.Error() != fmt.Sprintf("desk.yaml line %d: organisation.legal_name is missing", line) {
		t.Error(err)
	}
}

// All faults are told together, in the order of the file.
func TestFaultsAreSorted(t *testing.T) {
	_, err := run(t, "retention: [{class: a, after: b}]\n\n\norganisation: {name: X, contact: nobody}\n\n\ntopics:\n  - id: A B\n")
	last := 0
	for line := range strings.Lines(fmt.Sprint(err)) {
		var n int
		if _, err := fmt.Sscanf(line, "desk.yaml line %d:", &n); err != nil || n < last {
			t.Errorf("after line %d comes: %s", last, line)
		}
		last = n
	}
	if last != 8 {
		t.Errorf("the last fault is told in line %d: %v", last, err)
	}
	if _, ok := errors.AsType[*settings.Fault](err); !ok {
		t.Error("a fault is no *settings.Fault")
	}
}

func TestShippedIsGenerated(t *testing.T) {
	text, _ := edit(t, "", "")
	code, err := run(t, text)
	if err != nil || !strings.Contains(code, `Class:   "closed-request"`) {
		t.Error(err)
	}
}

func TestSchedulesFollowTheTimeZone(t *testing.T) {
	template := filepath.Join(t.TempDir(), "template.yaml")
	before := "a:\n  ScheduleExpression: cron(15 3 * * ? *)\n  ScheduleExpressionTimezone: America/Los_Angeles\nb: {ScheduleExpressionTimezone: kept}\n"
	if err := os.WriteFile(template, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := setZone(template, "Europe/Berlin"); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(template)
	if want := strings.Replace(before, "America/Los_Angeles", "Europe/Berlin", 1); err != nil || string(after) != want {
		t.Errorf("%v\n%s", err, after)
	}
	if err := setZone(filepath.Join(t.TempDir(), "none"), "Europe/Berlin"); err == nil {
		t.Error("a template that is not there")
	}
}
