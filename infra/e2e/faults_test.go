package e2e

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"privacydesk/shared/testkit/standin"
)

// moods are the ways in which SES can fail a call.
var moods = map[string]standin.Fault{
	"500":                           {Status: http.StatusInternalServerError},
	"503":                           {Status: http.StatusServiceUnavailable},
	"500 after it took effect":      {Status: http.StatusInternalServerError, After: true},
	"429 after it took effect":      {Status: http.StatusTooManyRequests, After: true},
	"403, an operator's mistake":    {Status: http.StatusForbidden, Code: "AccessDeniedException"},
	"400 about something else":      {Status: http.StatusBadRequest, Code: "BadRequestException"},
	"gone before it took effect":    {Drop: true},
	"gone after it took effect":     {Drop: true, After: true},
	"too slow, and then it is gone": {Drop: true, Delay: 200 * time.Millisecond},
}

// While SES fails every call, everything stays pending; as soon as it does
// not, the list becomes equal to the table.
func TestSESFailsEveryCall(t *testing.T) {
	for name, mood := range moods {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Leaves a second for work before the function's margin.
			w := newWorld(t, worldConfig{timeout: 16 * time.Second})
			w.newPeople(t)
			calls := w.sesFails(mood)
			w.run(t)
			if due := w.due(t); due < 3 {
				t.Errorf("%d records are pending; SES took none of 3", due)
			}
			if n := calls.Load(); n == 0 || n > 6 { // one more pass, for what cannot be told has been settled
				t.Errorf("%d calls for 3 records are a storm", n)
			}
			w.settled(t)
		})
	}
}

// sesFails has SES fail every call in one way, and counts them.
func (w *world) sesFails(mood standin.Fault) *atomic.Int64 {
	var calls atomic.Int64
	fault := sesFault(func(*http.Request) *standin.Fault { calls.Add(1); return &mood })
	w.fault.Store(&fault)
	return &calls
}

// SES refuses for ten minutes, of which each is one run of the schedule with a
// second of time. People go on leaving meanwhile.
func TestTenMinutesOfTooManyRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldConfig{timeout: 16 * time.Second})
	calls := w.sesFails(standin.Fault{Status: http.StatusTooManyRequests})
	for minute := range 10 {
		before := calls.Load()
		w.newPeople(t)
		if !w.run(t) {
			t.Error("a run that is refused is no failed run")
		}
		if n := calls.Load() - before; n > 2 {
			t.Errorf("minute %d: %d calls in a second in which every call is refused", minute, n)
		}
		if due := w.due(t); due < 3*(minute+1) {
			t.Errorf("minute %d: %d pending, %d have chosen", minute, due, 3*(minute+1))
		}
	}
	w.settled(t)
	t.Logf("%d calls in ten minutes, none lost", calls.Load())
}

// A short refusal is waited out within one run.
func TestARefusalIsWaitedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldConfig{})
	w.newPeople(t)
	var calls atomic.Int64
	fault := sesFault(func(*http.Request) *standin.Fault {
		if calls.Add(1) > 2 {
			return nil
		}
		return &standin.Fault{Status: http.StatusTooManyRequests}
	})
	w.fault.Store(&fault)
	began := time.Now()
	w.run(t)
	if took := time.Since(began); took < 3*time.Second || calls.Load() != 6 || w.due(t) != 0 {
		t.Errorf("%d calls, %d pending, after %v; want 6 (who came back takes two), 0, after 1 s and 2 s of waiting", calls.Load(), w.due(t), took)
	}
	w.settled(t)
}
