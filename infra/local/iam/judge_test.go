package iam

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
)

// What is denied goes no further where the judge enforces, and goes on where
// it only warns; either way it is told, with the statement that is missing.
func TestJudge(t *testing.T) {
	const get, body = "DynamoDB_20120810.GetItem", `{"TableName":"p-Things","Key":{"id":{"S":"private"}}}`
	grant := func(statement string) string {
		return strings.ReplaceAll(statement, "TABLE", `"arn:aws:dynamodb:*:*:table/p-Things"`)
	}
	cases := map[string]struct {
		statements string
		warn       bool
		status     int
		told       string
	}{
		"allowed":           {grant(`{Effect: Allow, Action: dynamodb:GetItem, Resource: TABLE}`), false, 200, ""},
		"denied":            {"", false, 400, "DoFunction may not dynamodb:GetItem on " + table + ": DoRole in template.yaml does not allow it"},
		"denied, a warning": {"", true, 200, "DoRole in template.yaml does not allow it"},
		"an index alone":    {`{Effect: Allow, Action: dynamodb:GetItem, Resource: "arn:aws:dynamodb:*:*:table/p-Things/index/*"}`, false, 400, "DoRole in template.yaml allows that action only on arn:aws:dynamodb:*:*:table/Things/index/*"},
		"a condition":       {grant(`{Effect: Allow, Action: "*", Resource: TABLE, Condition: {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "#x"}}}`), false, 400, `the Condition on dynamodb:LeadingKeys in statement 1 of the policy "do" of DoRole does not hold`},
		"a denial":          {grant(`{Effect: Deny, Action: "*", Resource: TABLE}`), false, 400, `statement 1 of the policy "do" of DoRole denies it`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			roles := rolesOf(t, c.statements)
			roles.tables[0].Name = "p-Things"
			var told string
			j := &Judge{Roles: roles, Enforce: !c.warn, Prefix: "p-", Tell: func(v Verdict) {
				if v.Denied != "" {
					told += v.String()
				}
			}}
			w := httptest.NewRecorder()
			j.Handler(echo).ServeHTTP(w, asked("POST", "/", get, body))
			if w.Code != c.status || !strings.Contains(told, c.told) || (told == "") != (c.told == "") {
				t.Errorf("got %d, told %q", w.Code, told)
			}
			if answer := w.Body.String(); w.Code == 200 && answer != body ||
				w.Code != 200 && !strings.Contains(answer, "is not authorized to perform: dynamodb:GetItem on resource: "+table+" because") {
				t.Errorf("answered %s", answer)
			}
			if strings.Contains(told, "private") {
				t.Errorf("it tells a key: %s", told)
			}
		})
	}
}

func TestResourcesAsShown(t *testing.T) {
	j := &Judge{Prefix: "p-"}
	for resource, want := range map[string]string{
		"arn:aws:dynamodb:us-east-1:0:table/p-Things":                "arn:aws:dynamodb:us-east-1:0:table/Things",
		"arn:aws:dynamodb:us-east-1:0:table/p-Things/stream/2026-11": "arn:aws:dynamodb:us-east-1:0:table/Things/stream/*",
		"arn:aws:s3:::bucket/imports/private.json":                   "arn:aws:s3:::bucket/imports/*",
		"*": "*",
	} {
		if got := j.shown(resource); got != want {
			t.Errorf("%s: %s", resource, got)
		}
	}
}

// echo stands for the service.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })

func TestWhoCalls(t *testing.T) {
	j := &Judge{Roles: rolesOf(t, `{Effect: Allow, Action: "*", Resource: "*"}`), Enforce: true, Tell: func(Verdict) {}}
	cases := map[string]struct {
		method, authorization string
		status                int
	}{
		"a function":              {"POST", "AWS4-HMAC-SHA256 Credential=DoFunction/20261127/us-east-1/dynamodb/aws4_request", 200},
		"another key":             {"POST", "AWS4-HMAC-SHA256 Credential=local/20261127/us-east-1/dynamodb/aws4_request", 400},
		"nobody":                  {"POST", "", 400},
		"one opening its channel": {"GET", "", 200},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := asked(c.method, "/", "DynamoDB_20120810.Scan", `{"TableName":"Things"}`)
			r.Header.Set("Authorization", c.authorization)
			w := httptest.NewRecorder()
			j.Handler(echo).ServeHTTP(w, r)
			if w.Code != c.status {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
}

// A service that gives no answer gives none through the judge.
func TestBeforeAServer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Lost") != "" {
			panic(http.ErrAbortHandler)
		}
		echo(w, r)
	}))
	defer server.Close()
	j := &Judge{Roles: rolesOf(t, `{Effect: Allow, Action: "*", Resource: "*"}`), Enforce: true, Tell: func(Verdict) {}}
	handler, err := j.Before(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(handler)
	defer front.Close()
	for _, lost := range []string{"", "yes"} {
		r := asked("POST", "/", "DynamoDB_20120810.Scan", `{"TableName":"Things"}`)
		r.URL.Host, r.RequestURI = strings.TrimPrefix(front.URL, "http://"), ""
		r.Header.Set("Lost", lost)
		answer, err := http.DefaultClient.Do(r)
		if lost != "" {
			if err == nil {
				t.Error("it was answered:", answer.Status)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		if _ = answer.Body.Close(); string(body) != `{"TableName":"Things"}` {
			t.Errorf("got %s", body)
		}
	}
}

// Every permission of every role in template.yaml is missed by one call at
// least, if each was called for: this is what the end-to-end tests hold their
// own calls against.
func TestRobbingAnyRole(t *testing.T) {
	roles, err := Read(testkit.Template(t))
	if err != nil {
		t.Fatal(err)
	}
	var record Record
	j := &Judge{Roles: roles, Enforce: true, Tell: record.Tell}
	for function, role := range roles.roles {
		for _, s := range role.apart().statements {
			for _, c := range callsFor(function, s) {
				j.ask(c)
			}
		}
	}
	if denied := record.Denied(); len(denied) > 0 {
		t.Fatal(denied)
	}
	calls := record.Calls()
	if left := Unnoticed(roles, calls); len(left) > 0 {
		t.Errorf("nobody would notice the loss of %s", strings.Join(left, "\n"))
	}
	if len(calls) < 100 {
		t.Errorf("%d calls are few for the roles of this template", len(calls))
	}
	for i, c := range calls {
		named := Unnoticed(roles, slices.Delete(slices.Clone(calls), i, i+1))
		if len(named) == 0 || !strings.Contains(fmt.Sprint(named), c.Action+" on ") {
			t.Errorf("without %s on %s of %s: named %v", c.Action, c.Resource, c.Function, named)
		}
	}
}

// callsFor are calls that a statement of one action and resource permits: one
// for each value of its condition.
func callsFor(function string, s statement) []Call {
	c := Call{Function: function, Action: s.actions[0], Resource: strings.ReplaceAll(s.resources[0], "/*", "/x")}
	if len(s.conditions) == 0 {
		return []Call{c}
	}
	var out []Call
	for _, value := range s.conditions[0].values {
		c.Context = map[string][]string{s.conditions[0].key: {value}}
		out = append(out, c)
	}
	return out
}

// BenchmarkJudge is what a call of 4 KB costs before it goes on.
func BenchmarkJudge(b *testing.B) {
	roles, err := Read(testkit.Template(b))
	if err != nil {
		b.Fatal(err)
	}
	var record Record
	j := &Judge{Roles: roles, Enforce: true, Tell: record.Tell}
	body := `{"TransactItems":[{"Put":{"TableName":"RequestsTable","Item":{"id":{"S":"1"},"text":{"S":"` + strings.Repeat("x", 4000) + `"}}}},{"ConditionCheck":{"TableName":"RequestsTable","Key":{"id":{"S":"1"}}}}]}`
	handler := j.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for b.Loop() {
		r := asked("POST", "/", "DynamoDB_20120810.TransactWriteItems", body)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=RetentionFunction/x")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	if denied := record.Denied(); len(denied) > 0 {
		b.Fatal(denied)
	}
}
