package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// captured is one row of the real inputs, which are not part of the project.
type captured struct {
	ID     string
	Expect struct{ Effect, Email, Note string }
	Event  json.RawMessage
}

func readCaptured(t *testing.T, file string) []captured {
	t.Helper()
	text, err := os.ReadFile("../../../shared/inputs/" + file)
	if err != nil {
		t.Skip("SKIPPED: ../shared/inputs is not here:", err)
	}
	var rows []captured
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		var row captured
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatalf("%s is empty", file)
	}
	return rows
}

// event fills the placeholders of a captured event.
func (c captured) event(t *testing.T, fill ...string) (e events.APIGatewayV2HTTPRequest) {
	t.Helper()
	fill = append(fill, "{{HOST}}", "privacy.example.com", "{{SITE_ORIGIN}}", "https://www.example.org", "{{TOKEN_QUERY}}", "", "{{ROUTE_KEY}}", "x")
	text := strings.NewReplacer(fill...).Replace(string(c.Event))
	if err := json.Unmarshal([]byte(text), &e); err != nil || strings.Contains(text, "{{") {
		t.Fatalf("%v in %.200s", err, text)
	}
	return e
}

func TestCapturedFormPosts(t *testing.T) {
	for _, row := range readCaptured(t, "form-posts.jsonl") {
		t.Run(row.ID, func(t *testing.T) {
			r := newRig(t)
			a := r.Invoke(row.event(t, "{{FORM_PATH}}", "/unsubscribe"))
			if json := strings.Contains(string(row.Event), "application/json, "); a.StatusCode == http.StatusOK && json && a.JSON(t).Code != 200 {
				t.Errorf("webflow.js would show a failure: %s", a.Body)
			}
			switch row.Expect.Effect {
			case "suppress", "suppress-if-mapped", "suppress-or-reject":
				if a.StatusCode != http.StatusOK {
					t.Errorf("status %d: %s", a.StatusCode, a.Brief())
				}
				r.wantRows(row.Expect.Email, "email=out@1")
			case "reject":
				if a.StatusCode != http.StatusUnprocessableEntity || r.store.writes != 0 {
					t.Errorf("status %d, %d writes", a.StatusCode, r.store.writes)
				}
			case "no-effect":
				if a.StatusCode != http.StatusOK || r.store.writes != 0 {
					t.Errorf("status %d, %d writes", a.StatusCode, r.store.writes)
				}
			case "preflight":
				if a.StatusCode/100 != 2 || a.Headers["access-control-allow-origin"] != "*" || r.store.writes != 0 {
					t.Errorf("status %d, %v", a.StatusCode, a.Headers)
				}
			default:
				t.Errorf("no test knows the effect %q", row.Expect.Effect)
			}
		})
	}
}

// All of them together are two people, each with one record.
func TestCapturedFormPostsAreTwoPeople(t *testing.T) {
	r := newRig(t)
	for _, row := range readCaptured(t, "form-posts.jsonl") {
		r.Invoke(row.event(t, "{{FORM_PATH}}", "/unsubscribe"))
	}
	for _, address := range []string{"zaphod@example.com", "zaphod@mañana.example"} {
		if known := r.records(address); len(known) != 1 || strings.ContainsAny(known[0].Name, "\x00\u202e") {
			t.Errorf("%d records", len(known))
		}
	}
}

func TestCapturedOneClicks(t *testing.T) {
	for _, row := range readCaptured(t, "one-click.jsonl") {
		t.Run(row.ID, func(t *testing.T) {
			r := newRig(t)
			e := row.event(t, "{{ONECLICK_PATH}}", r.link("unsubscribe", marvin, "newsletter"))
			a := r.Invoke(e)
			want := "email/newsletter=out@1"
			if row.Expect.Effect == "no-effect" {
				want = ""
			}
			if !slices.Contains([]string{"unsubscribe", "either", "no-effect"}, row.Expect.Effect) {
				t.Errorf("no test knows the effect %q", row.Expect.Effect)
			}
			if a.StatusCode != http.StatusOK || a.Headers["location"] != "" {
				t.Errorf("status %d to %q", a.StatusCode, a.Headers["location"])
			}
			if want != "" && !strings.HasPrefix(a.Headers["content-type"], "text/plain") {
				t.Errorf("answered in %s", a.Headers["content-type"])
			}
			r.wantRows(marvin, want)
		})
	}
}
