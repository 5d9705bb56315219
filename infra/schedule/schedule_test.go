package main

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
)

func printed(tb testing.TB, file, format string) string {
	tb.Helper()
	var b strings.Builder
	if err := run(&b, file, format); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// nobody makes PORT one on which no stack runs.
func nobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PORT", strconv.Itoa(l.Addr().(*net.TCPAddr).Port-2))
	_ = l.Close()
}

var spaces = regexp.MustCompile(`\s+`)

func TestScheduleIsPrintedWhole(t *testing.T) {
	nobody(t)
	text := printed(t, "", "")
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > pageWidth {
			t.Errorf("a line has %d columns: %s", n, line)
		}
	}
	markdown := printed(t, "", "md")
	desk, err := settings.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range desk.Retention {
		if strings.Count(text, r.Class) < 2 || !strings.Contains(markdown, "("+r.Class+")") {
			t.Errorf("%s is not in the tables", r.Class)
		}
		if !strings.Contains(markdown, "| "+r.Because+" |") || r.After != "never" && !strings.Contains(markdown, "| "+r.After+" from ") {
			t.Errorf("%s: its period or reason is not in the table", r.Class)
		}
	}
	for _, want := range []string{"need a running stack: `make run`", "aws lambda invoke", "for 14 days more"} {
		if !strings.Contains(spaces.ReplaceAllString(text, " "), want) {
			t.Errorf("%q is not said", want)
		}
	}
}

var outlook = []disposal.Outlook{
	{Class: schedule.ErasureOrder},
	{Class: schedule.ClosedRequest, Next: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), Due: 12, Soon: 345},
	{Class: schedule.RequestLog, Error: "not known"},
}

func answer(tb testing.TB) []byte {
	tb.Helper()
	text, err := json.Marshal(map[string]any{"forecast": outlook})
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// ruleOf is a line of desk.yaml, whatever an adopter has made of it.
func ruleOf(tb testing.TB, class schedule.Class) schedule.Rule {
	tb.Helper()
	desk, err := settings.Load()
	if err != nil {
		tb.Fatal(err)
	}
	schedule, err := schedule.New(desk)
	if err != nil {
		tb.Fatal(err)
	}
	return schedule.Rule(class)
}

func TestCountsOfARunningStack(t *testing.T) {
	var asked []string
	stack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := json.Marshal(r.Header.Get("Content-Type"))
		asked = append(asked, r.Method+" "+r.URL.Path+" "+string(body))
		_, _ = w.Write(answer(t))
	}))
	defer stack.Close()
	port := stack.Listener.Addr().(*net.TCPAddr).Port - 2
	t.Setenv("PORT", strconv.Itoa(port))
	text := printed(t, "", "md")
	closed := ruleOf(t, schedule.ClosedRequest)
	for _, want := range []string{
		"(closed-request) | " + closed.Period.String() + " from its closing | reduced: who they are and what they wrote goes, by the nightly sweep, with a certificate | " + closed.Why + " | 2026-12-01 | 12 | 345 |",
		"(erasure) | at once from", "| none | 0 | 0 |", "| ? | ? | ? |", "are of the stack on port " + strconv.Itoa(port),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if len(asked) != 1 || asked[0] != `POST /2015-03-31/functions/retention/invocations "application/json"` {
		t.Errorf("asked %q", asked)
	}
}

func TestCountsOfASavedAnswer(t *testing.T) {
	nobody(t)
	file := filepath.Join(t.TempDir(), "answer.json")
	if err := os.WriteFile(file, answer(t), 0o600); err != nil {
		t.Fatal(err)
	}
	if text := printed(t, file, "md"); !strings.Contains(text, "| 2026-12-01 | 12 | 345 |") || !strings.Contains(text, "are of "+file) {
		t.Error(text)
	}
	for _, junk := range []string{"", "{}", `{"forecast":[]}`, `{"errorMessage":"Task timed out"}`, "null"} {
		if err := os.WriteFile(file, []byte(junk), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := run(&strings.Builder{}, file, ""); err == nil {
			t.Errorf("%q counts as a forecast", junk)
		}
	}
}

func TestOtherFormatsAreRefused(t *testing.T) {
	nobody(t)
	if printed(t, "", "text") != printed(t, "", "") {
		t.Error("text is not text")
	}
	var out strings.Builder
	if err := run(&out, "", "pdf"); err == nil || !strings.Contains(err.Error(), "md for Markdown") || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestWrap(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a b c": "a b c", "one two three": "one two|three", "abcdefghij": "abcdefg|hij", "ab abcdefghij": "ab|abcdefg|hij", "äöü äöü äöü": "äöü äöü|äöü",
	} {
		if got := strings.Join(wrap(text, 7), "|"); got != want {
			t.Errorf("wrap(%q) = %q, want %q", text, got, want)
		}
	}
}
