package stack

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/logs"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/template"
)

const day = 24 * time.Hour

// near tells whether the stack's time is so far from the machine's.
func near(s *Stack, offset time.Duration) bool {
	return (time.Until(s.Now()) - offset).Abs() < time.Minute
}

// The whole stack moves: functions, schedules, the gateway's events.
func TestMoveWhileItRuns(t *testing.T) {
	var out lockedBuffer
	s := mustStart(t, Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "clock-", Out: &out, ClockOffset: day})
	ticks := func() int { return strings.Count(out.String(), "tick") }
	if ticks() != 0 {
		t.Fatal("it ticked at once")
	}
	answer, said := post(t, s.AWS+"/clock", "text/plain", "+31d")
	if answer.StatusCode != 200 || !strings.Contains(said, ", 32 days after the machine's.") || !near(s, 32*day) {
		t.Fatalf("got %d %s", answer.StatusCode, said)
	}
	if got, _, err := s.Invoke(t.Context(), "echo", []byte(`{"do":"env","value":"CLOCK_OFFSET"}`)); err != nil || string(got) != `"768h0m0s"` {
		t.Errorf("functions are told %s, %v", got, err)
	}
	if _, body := post(t, s.URL+"/form/x", "text/plain", ""); !strings.Contains(body, `"time":"`+s.Now().UTC().Format("02/Jan/2006")) {
		t.Errorf("the event's time: %s", body)
	}
	waitFor(t, func() bool { return ticks() == 1 }) // of 44,640 that were due
	time.Sleep(200 * time.Millisecond)
	if n := ticks(); n != 1 {
		t.Errorf("it ticked %d times:\n%s", n, out.String())
	}
}

func TestClockAPI(t *testing.T) {
	s := mustStart(t, Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "clockapi-"})
	steps := []struct {
		method, body string
		header       [2]string
		host         string
		status       int
		said         string
		offset       time.Duration
	}{
		{"POST", "+2d", [2]string{}, "", 200, "2 days after the machine's", 2 * day},
		{"POST", "-36h\n", [2]string{}, "", 200, "12h0m0s after the machine's", 12 * time.Hour},
		{"POST", "-1d12h", [2]string{}, "", 200, "1 day before the machine's", -day},
		{"POST", "", [2]string{}, "", 200, "1 day before the machine's", -day},
		{"GET", "+9d", [2]string{}, "", 200, "1 day before the machine's", -day},
		{"POST", "soon", [2]string{}, "", 400, "must be like +400d", -day},
		{"POST", "+99999d", [2]string{}, "", 400, "too far", -day},
		{"POST", "now", [2]string{"Sec-Fetch-Site", "cross-site"}, "", 403, "", -day},
		{"POST", "now", [2]string{"Origin", "https://example.com"}, "", 403, "", -day},
		{"POST", "now", [2]string{"Origin", "http://rebound.example"}, "rebound.example", 403, "127.0.0.1", -day},
		{"POST", "now", [2]string{}, "localhost", 200, "the machine's own", 0},
	}
	for _, step := range steps {
		request, err := http.NewRequestWithContext(t.Context(), step.method, s.AWS+"/clock", strings.NewReader(step.body))
		if err != nil {
			t.Fatal(err)
		}
		if step.header[0] != "" {
			request.Header.Set(step.header[0], step.header[1])
		}
		request.Host = step.host
		answer := httptest.NewRecorder()
		if step.host == "" {
			request.Host = "127.0.0.1:3002"
		}
		s.aws.Handler.ServeHTTP(answer, request)
		if answer.Code != step.status || !strings.Contains(answer.Body.String(), step.said) || !near(s, step.offset) {
			t.Errorf("%s %q %v: got %d %s, offset %v", step.method, step.body, step.header, answer.Code, answer.Body, s.clock.Offset())
		}
	}
}

// What else changes something is kept from other sites too.
func TestOtherSitesMayNotInvoke(t *testing.T) {
	s := mustStart(t, Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "guard-"})
	for _, path := range []string{"/2015-03-31/functions/echo/invocations", "/redrive", "/clock"} {
		request := httptest.NewRequest("POST", s.AWS+path, strings.NewReader("{}"))
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		answer := httptest.NewRecorder()
		if s.aws.Handler.ServeHTTP(answer, request); answer.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, answer.Code)
		}
	}
}

// Schedules go on where an earlier run on the same tables has left off.
func TestLastUsed(t *testing.T) {
	s := &Stack{config: Config{Data: t.TempDir()}, clock: clock.New(40 * day)}
	if at, err := s.lastUsed(); err != nil || time.Until(at).Round(day) != 40*day {
		t.Errorf("new tables: %v, %v", at, err)
	}
	s.clock.Set(30 * day)
	s.writeLastUsed(s.besideTables("used.txt"))
	s.clock.Set(40 * day)
	if at, err := s.lastUsed(); err != nil || time.Until(at).Round(day) != 30*day {
		t.Errorf("it was used at %v, %v", at, err)
	}
	for name, config := range map[string]Config{"in memory": {Data: s.config.Data, Memory: true}, "elsewhere": {Data: s.config.Data, DynamoDB: "http://127.0.0.1:8000"}} {
		if at, err := (&Stack{config: config, clock: s.clock}).lastUsed(); err != nil || time.Until(at).Round(day) != 40*day {
			t.Errorf("%s: %v, %v", name, at, err)
		}
	}
	if err := os.WriteFile(filepath.Join(s.config.Data, "used.txt"), []byte("yesterday"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.lastUsed(); err == nil || !strings.Contains(err.Error(), "remove the file") {
		t.Errorf("got %v", err)
	}
}

// A start runs once what was due while the stack stood still.
func TestDueWhileItStoodStill(t *testing.T) {
	var out lockedBuffer
	config := Config{Root: root(t), Data: t.TempDir(), Out: &out}
	s := mustStart(t, config)
	s.Close()
	if strings.Contains(out.String(), "tick") {
		t.Fatal("new tables have missed nothing")
	}
	config.ClockOffset = 400 * day
	mustStart(t, config)
	waitFor(t, func() bool { return strings.Contains(out.String(), "tick") })
	time.Sleep(200 * time.Millisecond)
	if n := strings.Count(out.String(), "tick"); n != 1 {
		t.Errorf("it ticked %d times:\n%s", n, out.String())
	}
}

// Dead letters are kept as long as their queue keeps them, by the stack's time.
func TestOldDeadLettersGo(t *testing.T) {
	const arn = "arn:aws:sqs:us-east-1:000000000000:Dead"
	s := &Stack{config: Config{Data: t.TempDir()}, clock: clock.New(0), Logs: logs.New(logs.Config{Folder: t.TempDir()}),
		Template: &template.Template{Queues: []template.Queue{{LogicalID: "Dead", ARN: arn, Retention: 14 * day}, {LogicalID: "Empty"}}}}
	t.Cleanup(s.Logs.Close)
	file := filepath.Join(s.config.Data, "dead-letters", "Dead.jsonl")
	s.deadLetter(arn, []byte(`{"messageId":"old","sent":"`+time.Now().Add(-10*day).UTC().Format(time.RFC3339)+`"}`))
	s.deadLetter(arn, []byte(`{"version":"1.0"}`)) // has no time of its own: now
	for _, step := range []struct {
		offset time.Duration
		left   int
	}{{3 * day, 2}, {5 * day, 1}, {13 * day, 1}, {15 * day, 0}} {
		s.clock.Set(step.offset)
		s.expireLetters()
		kept, _ := os.ReadFile(file)
		if n := strings.Count(string(kept), "\n"); n != step.left {
			t.Errorf("after %v: %s", step.offset, kept)
		}
	}
}
