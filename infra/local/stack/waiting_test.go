package stack

import (
	"context"
	"log/slog"
	"testing"

	"privacydesk/infra/local/async"
	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/logs"
	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// Calls and messages that wait when the stack stops go on with the next start,
// once.
func TestWhatWaitsOutlivesTheStack(t *testing.T) {
	const work = "arn:aws:sqs:us-east-1:000000000000:Work"
	data, called := t.TempDir(), make(chan runtime.Call, 2)
	begin := func() *Stack {
		s := &Stack{config: Config{Data: data}, clock: clock.New(0), Logs: logs.New(logs.Config{Folder: t.TempDir()}),
			Template: &template.Template{Queues: []template.Queue{{LogicalID: "Work", ARN: work}}}}
		t.Cleanup(s.Logs.Close)
		s.startQueues()
		s.async = async.New(t.Context(), async.Config{Clock: s.clock, Log: slog.New(slog.DiscardHandler), Keep: s.keepCall, Go: s.work.Go,
			Do: func(_ context.Context, call runtime.Call) (runtime.Result, error) {
				called <- call
				return runtime.Result{}, nil
			}})
		if err := s.resumeWaiting(); err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := begin()
	if err := first.queues.Send(work, "a bounce"); err != nil {
		t.Fatal(err)
	}
	first.keepCall(async.Waiting{Call: runtime.Call{Function: "F", RequestID: "id-1", Payload: []byte(`{"mail":1}`)}})
	first.keepWaiting()

	second := begin()
	if call := <-called; call.RequestID != "id-1" || string(call.Payload) != `{"mail":1}` {
		t.Errorf("called with %+v", call)
	}
	if got := second.queues.Waiting()[work]; len(got) != 1 || got[0].Body != "a bounce" {
		t.Errorf("waiting: %+v", got)
	}
	second.work.Wait()
	if third := begin(); len(third.queues.Waiting())+len(called) != 0 {
		t.Error("it came again")
	}
}
