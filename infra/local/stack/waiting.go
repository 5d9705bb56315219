package stack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"privacydesk/infra/local/async"
	"privacydesk/infra/local/queues"
)

// waiting is what was not done when the stack stopped. On AWS queues outlive
// everything; here they go into a file beside the tables. A stack that is
// killed cannot write it.
type waiting struct {
	Calls    []async.Waiting
	Messages map[string][]queues.Letter // by the ARN of the queue
}

// keepCall keeps each call that is not done.
func (s *Stack) keepCall(call async.Waiting) {
	s.letters.Lock()
	defer s.letters.Unlock()
	s.undone = append(s.undone, call)
}

// keepWaiting writes the file, where something waits.
func (s *Stack) keepWaiting() {
	path := s.besideTables("waiting.json")
	if path == "" || s.queues == nil {
		return
	}
	w := waiting{s.undone, s.queues.Waiting()}
	if len(w.Calls)+len(w.Messages) == 0 {
		return
	}
	data, err := json.Marshal(w)
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		s.logger("queues").Error("what waits is lost", "error", err)
	}
}

// resumeWaiting goes on with what the file has.
func (s *Stack) resumeWaiting() error {
	path := s.besideTables("waiting.json")
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var w waiting
	if err == nil {
		err = json.Unmarshal(data, &w)
	}
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		return fmt.Errorf("what waited when the stack stopped: %w; remove the file to forget it", err)
	}
	s.queues.Resume(w.Messages)
	for _, call := range w.Calls {
		s.async.Resume(call)
	}
	return nil
}
