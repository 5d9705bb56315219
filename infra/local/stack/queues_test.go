package stack

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/logs"
	"privacydesk/shared/testkit/template"
)

// Dead letters wait in a file, and make redrive puts them back.
func TestRedrive(t *testing.T) {
	const work, dead = "arn:aws:sqs:us-east-1:000000000000:Work", "arn:aws:sqs:us-east-1:000000000000:Dead"
	tpl := &template.Template{
		Queues:  []template.Queue{{LogicalID: "Work", ARN: work, DeadLetters: dead, MaxReceives: 1}, {LogicalID: "Dead", ARN: dead}},
		Pollers: []template.Poller{{Function: "F", Queue: work, BatchSize: 10}},
	}
	s := &Stack{Template: tpl, config: Config{Data: t.TempDir()}, clock: clock.New(0), Logs: logs.New(logs.Config{Folder: t.TempDir()})}
	t.Cleanup(s.Logs.Close)
	s.startQueues()
	for range 2 {
		s.deadLetter(dead, []byte(`{"messageId":"m-1","body":"{\"eventType\":","received":5}`))
	}
	file := filepath.Join(s.config.Data, "dead-letters", "Dead.jsonl")
	if kept, err := os.ReadFile(file); err != nil || strings.Count(string(kept), "\n") != 2 {
		t.Fatalf("%s, %v", kept, err)
	}
	for _, want := range []string{"Dead: 2 messages handed over again\n", "Dead: 0 messages handed over again\n"} {
		answer := httptest.NewRecorder()
		s.redriveAPI(answer, httptest.NewRequest(http.MethodPost, "/redrive", nil))
		if answer.Code != http.StatusOK || answer.Body.String() != want {
			t.Errorf("%d %q", answer.Code, answer.Body)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the letters are still in the file")
	}
}
