//go:build secondaws

package secondaws

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// The steps of the life of a stack, each on what the ones before it left.
func TestSecondAWS(t *testing.T) {
	must(t, testkit.Sources("infra/deploy"))
	for _, step := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"deploy", func(t *testing.T) {
			aws.deploy(t, "SesRequestsPerSecond=20")
			aws.copySets(t)
			aws.sweep(t, "DISABLED")
		}},
		{"policies", letPeopleIn},
		{"requests", visitAll},
		{"rights", askRights},
		{"feedback", complain},
		{"mailbox", readMail},
		{"disposal", dispose},
		{"clock", func(t *testing.T) { aws.invoke(t, "ClockFunction", event(t, "clock/hourly")) }},
		{"emulator", startEach},
		{"update and schedule", update},
		{"another provider", nameProvider},
		{"logs", readLogs},
		{"teardown", tearDown},
	} {
		if !t.Run(step.name, step.run) && step.name == "deploy" {
			return
		}
	}
}

// A complaint comes back by topic, queue and mapping.
func complain(t *testing.T) {
	const address = "complaint@simulator.amazonses.com"
	text := func(s string) map[string]string { return map[string]string{"Data": s} }
	aws.standIn(t, http.MethodPost, "/v2/email/outbound-emails", map[string]any{
		"FromEmailAddress": "news@example.com", "ConfigurationSetName": aws.outputs["MarketingConfigurationSetName"], "Destination": map[string]any{"ToAddresses": []string{address}},
		"Content": map[string]any{"Simple": map[string]any{"Subject": text("Autumn"), "Body": map[string]any{"Text": text("Hello")}}},
	}, nil)
	wait(t, "the complaint is recorded", func() bool { return aws.states(t, address) == "complaint=out" })
	wait(t, "SES is told", func() bool { return aws.listed(t)[address] == "COMPLAINT" })
}

// MiniStack has no receipt rules: SES's event goes to the function itself.
func readMail(t *testing.T) {
	aws.invoke(t, "MailboxFunction", event(t, "mailbox/author"))
	if got := aws.states(t, "marvin@example.com"); got != "email=out" {
		t.Errorf("rows after a mail to unsubscribe@: %q, want email=out", got)
	}
}

// The night's run takes the address of who left a topic more than 36 months ago, and the officer gets a signed
// certificate. MiniStack's time cannot be moved, so the row is made older.
func dispose(t *testing.T) {
	aws.ask(t, visit{path: "/unsubscribe", kind: form, body: "topic=newsletter&email=old%40example.com"})
	for _, r := range aws.rows(t, "OptOutsTable") {
		if r.text("address") == "old@example.com" {
			aws.target(t, "dynamodb", "DynamoDB_20120810.UpdateItem", "1.0", map[string]any{"TableName": aws.resources["OptOutsTable"], "Key": map[string]any{"ref": r["ref"], "scope": r["scope"]},
				"UpdateExpression": "SET disposal_at = :at", "ExpressionAttributeValues": map[string]any{":at": map[string]string{"S": "2019-02-28T08:00:00.000Z"}}}, nil)
		}
	}
	aws.invoke(t, "RetentionFunction", event(t, "retention/nightly"))
	if got := aws.states(t, "old@example.com"); got != "" {
		t.Errorf("the address is still there: %q", got)
	}
	aws.ask(t, visit{who: &campaigns, path: "/suppressions/check", kind: asJSON, body: `{"addresses":["old@example.com"],"channel":"email","topic":"newsletter"}`, says: `"suppressed":true`})
	keys := aws.ask(t, visit{method: "GET", path: "/.well-known/privacy-desk-keys.json"})
	var page struct {
		Certificates []struct{ Signed json.RawMessage }
	}
	must(t, json.Unmarshal([]byte(aws.ask(t, visit{who: &officer, method: "GET", path: "/api/certificates"}).body), &page))
	reduced := 0
	for _, p := range page.Certificates {
		certificate, err := disposal.CheckCertificate(p.Signed, []byte(keys.body))
		must(t, err)
		if certificate.Class == schedule.OptOutEvidence {
			reduced += certificate.Reduced
		}
	}
	if reduced != 1 {
		t.Errorf("the certificates prove %d opt-outs reduced, want 1", reduced)
	}
}

// sweep switches the two schedules of each minute. While they are off, the streams have to do.
func (c *cloud) sweep(t *testing.T, state string) {
	t.Helper()
	for _, name := range []string{"SuppressionFunctionSweep", "NoticesFunctionSweep"} {
		var schedule map[string]any
		path := "/schedules/" + c.resources[name]
		c.rest(t, "scheduler", http.MethodGet, path, nil, &schedule)
		schedule["State"] = state
		c.rest(t, "scheduler", http.MethodPut, path, schedule, nil)
	}
}

// update deploys a changed environment and a changed function. Meanwhile the stream is off and the schedules are on
// again: that of each minute has to find an opt-out by itself.
func update(t *testing.T) {
	aws.sweep(t, "ENABLED")
	mapping := "/2015-03-31/event-source-mappings/" + aws.resources["SuppressionFunctionOptOuts"]
	aws.rest(t, "lambda", http.MethodPut, mapping, map[string]any{"Enabled": false}, nil)
	aws.ask(t, visit{path: "/unsubscribe", kind: form, body: "email=schedule%40example.com"})
	link := aws.linkOf(t, "before@example.com")
	before, secrets, resources := aws.kept(t), aws.secrets(t), aws.resources

	aws.deploy(t, "SesRequestsPerSecond=10", "LogLevel=DEBUG")

	if names := changed(resources, aws.resources); len(names) > 0 {
		t.Errorf("the update has made, replaced or removed %q", names)
	}
	for name, want := range map[string]map[string]string{"UnsubscribeFunction": {"LOG_LEVEL": "DEBUG"}, "SuppressionFunction": {"LOG_LEVEL": "DEBUG", "SES_REQUESTS_PER_SECOND": "10"}} {
		for variable, value := range want {
			if got := aws.environment(t, name)[variable]; got != value {
				t.Errorf("%s of %s is %q after the update, want %q", variable, name, got, value)
			}
		}
	}
	if rows := changed(before, aws.kept(t)); len(rows) > 0 {
		t.Errorf("the update has written or lost the rows %q", rows)
	}
	if after := aws.secrets(t); after != secrets {
		t.Error("the update has changed a secret")
	}
	aws.ask(t, visit{path: link, kind: form, body: oneClick})
	aws.ask(t, visit{path: "/unsubscribe", kind: form, body: "email=after%40example.com"})
	aws.ask(t, visit{who: &officer, method: "GET", path: "/api/requests", says: `"requests"`})
	for _, address := range []string{"schedule@example.com", "before@example.com", "after@example.com"} {
		wait(t, "the schedule has SES told of "+address, func() bool { return aws.listed(t)[address] == "COMPLAINT" })
	}
}

// nameProvider gives the desk another OpenID provider. The pool goes out of the stack, with all its accounts.
func nameProvider(t *testing.T) {
	pool, resources := aws.resources["StaffPool"], aws.resources
	aws.deploy(t, "SesRequestsPerSecond=10", "LogLevel=DEBUG", "OidcIssuer=https://id.example.com", "OidcClientId=desk",
		"OidcClientSecretArn=arn:aws:secretsmanager:us-east-1:000000000000:secret:ours-AbCdEf")
	want := []string{"AdminGroup", "AuditorGroup", "OfficerGroup", "StaffClient", "StaffClientSecret", "StaffDomain", "StaffPool", "ViewerGroup"}
	if names := changed(resources, aws.resources); !slices.Equal(names, want) {
		t.Errorf("the update has changed %q, want %q", names, want)
	}
	if got := aws.environment(t, "DeskFunction")["OIDC_ISSUER"]; got != "https://id.example.com" {
		t.Errorf("the desk asks %q who somebody is", got)
	}
	if !slices.Contains(aws.left(t), pool) {
		t.Error("the pool is deleted, and all accounts with it")
	}
	aws.resources["StaffPool"] = pool // outside the stack now
}

// changed names what differs.
func changed[V comparable](was, is map[string]V) (names []string) {
	both := maps.Clone(was)
	maps.Copy(both, is)
	for name := range both {
		if was[name] != is[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// readLogs looks through what every function has logged: no error, and nobody's address.
func readLogs(t *testing.T) {
	for name, group := range aws.resources {
		if !strings.HasPrefix(group, "/aws/lambda/") {
			continue
		}
		var page struct {
			Events []struct{ Message string }
		}
		aws.target(t, "logs", "Logs_20140328.FilterLogEvents", "1.1", map[string]any{"logGroupName": group, "limit": 10000}, &page)
		if len(page.Events) == 0 {
			t.Errorf("%s: nothing was logged", name)
		}
		for _, e := range page.Events {
			if strings.Contains(e.Message, "level=ERROR") || strings.Contains(e.Message, "cannot start") || strings.Contains(e.Message, "@example.com") {
				t.Errorf("%s: %s", name, e.Message)
			}
		}
	}
}

// tearDown deletes the stack. What is left is what the template retains.
func tearDown(t *testing.T) {
	var want []string
	for _, name := range aws.retained {
		want = append(want, aws.resources[name])
	}
	secrets, rows := aws.secrets(t), aws.kept(t)
	aws.sam(t, "delete", "--no-prompts", "--stack-name", stackName)
	if err := aws.query("cloudformation", "DescribeStacks", url.Values{"StackName": {stackName}}, nil); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("the stack is still there: %v", err)
	}
	left := aws.left(t)
	slices.Sort(want)
	slices.Sort(left)
	if !slices.Equal(left, want) {
		t.Errorf("left of the stack: %q, want what template.yaml retains: %q", left, want)
	}
	if aws.secrets(t) != secrets || !maps.Equal(aws.kept(t), rows) {
		t.Error("what was retained has changed")
	}
}
