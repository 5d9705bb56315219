package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// spy stands for the syncer.
type spy struct {
	runs   int
	stopAt time.Time
	report suppression.SyncReport
	err    error
}

func (s *spy) Drain(_ context.Context, stopAt time.Time) (suppression.SyncReport, error) {
	s.runs, s.stopAt = s.runs+1, stopAt
	return s.report, s.err
}

// walk stands for the reconciler.
type walk struct {
	asked []string
	drift *suppression.Drift // that ends with the next Work
	fault error              // of SinceWalk
}

func (w *walk) Start(_ context.Context, dryRun bool) error {
	w.asked = append(w.asked, fmt.Sprint("start dry=", dryRun))
	return nil
}

func (w *walk) Work(ctx context.Context, _ time.Time, between func(context.Context) error) (*suppression.Drift, error) {
	w.asked = append(w.asked, "work")
	return w.drift, nil
}

func (w *walk) SinceReconciliation(context.Context) (time.Duration, error) {
	return 50 * time.Hour, w.fault
}

func newHandler(s *spy) (h *handler, log, figures *bytes.Buffer) {
	log, figures = &bytes.Buffer{}, &bytes.Buffer{}
	return &handler{
		syncer: s, reconciler: &walk{}, log: slog.New(slog.NewJSONHandler(log, nil)),
		figures: &boot.Reporter{Function: "suppression", Out: figures, Now: time.Now},
	}, log, figures
}

// What each file in events/suppression is.
var eventCases = map[string]any{
	"scheduled":         &events.EventBridgeEvent{},
	"stream":            &events.DynamoDBEvent{},
	"reconcile":         &events.EventBridgeEvent{},
	"reconcile-dry-run": &events.EventBridgeEvent{},

	"stream-removed-by-ttl":  &events.DynamoDBEvent{},
	"stream-removed-by-hand": &events.DynamoDBEvent{},
	"stream-removed-by-us":   &events.DynamoDBEvent{},
}

// What each of them asks of the walk through SES's list.
var eventRuns = map[string]string{
	"scheduled":         "[work]",
	"stream":            "[]",
	"reconcile":         "[start dry=false work]",
	"reconcile-dry-run": "[start dry=true work]",

	"stream-removed-by-ttl": "[]", "stream-removed-by-hand": "[]", "stream-removed-by-us": "[]",
}

// All triggers tell SES what is pending: one run, no record failed, nothing of
// the event in the log.
func TestEvents(t *testing.T) {
	testkit.Events(t, "suppression", eventCases, func(t *testing.T, name string, event []byte) {
		s := &spy{report: suppression.SyncReport{Put: 1}}
		h, log, _ := newHandler(s)
		answer, err := lambda.NewHandler(h.handle).Invoke(t.Context(), event)
		if err != nil || string(answer) != `{"batchItemFailures":[]}` || s.runs != 1 {
			t.Errorf("%d runs, answer %s, error %v", s.runs, answer, err)
		}
		if asked := fmt.Sprint(h.reconciler.(*walk).asked); asked != eventRuns[name] {
			t.Error("asked of the walk:", asked)
		}
		if strings.Contains(log.String(), "example.com") {
			t.Error("the log holds the event:", log)
		}
	})
}

// The work stops in good time before Lambda would end it.
func TestStopsBeforeTheDeadline(t *testing.T) {
	s := &spy{}
	h, _, _ := newHandler(s)
	deadline := time.Now().Add(time.Minute)
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	if _, err := h.handle(ctx, hint{}); err != nil || !s.stopAt.Equal(deadline.Add(-margin)) {
		t.Errorf("stops at %v, deadline %v: %v", s.stopAt, deadline, err)
	}
}

// When the table does not answer, the whole batch fails and comes again.
func TestFailureOfTheTableFailsTheBatch(t *testing.T) {
	h, _, figures := newHandler(&spy{err: fault.New(fault.Unavailable, "no answer")})
	if _, err := h.handle(t.Context(), hint{}); !fault.Is(err, fault.Unavailable) {
		t.Error("the batch counts as done:", err)
	}
	if text := figures.String(); text != "" && !strings.HasPrefix(text, `{"Function":"suppression","SecondsSinceReconciliation"`) {
		t.Error("a run that did not count what is pending says:", text)
	}
}

// Who is called by the alarm finds in the log why SES refuses.
func TestRefusalOfSESIsTold(t *testing.T) {
	h, log, _ := newHandler(&spy{report: suppression.SyncReport{Failed: 2, Refused: "SES refused: AccessDeniedException", Pending: 2}})
	if _, err := h.handle(t.Context(), hint{}); err != nil || !strings.Contains(log.String(), "AccessDeniedException") {
		t.Errorf("%v, %s", err, log)
	}
}

// A walk that was given up must not read as one that has compared everything.
func TestAnAbandonedRunIsReported(t *testing.T) {
	for name, c := range map[string]struct {
		abandoned bool
		log       string
	}{
		"whole":    {false, `"level":"INFO","msg":"reconciliation finished"`},
		"given up": {true, `"level":"WARN","msg":"reconciliation abandoned`},
	} {
		t.Run(name, func(t *testing.T) {
			h, log, figures := newHandler(&spy{})
			h.reconciler = &walk{drift: &suppression.Drift{ID: "r", Restarts: 3, Abandoned: c.abandoned}}
			answer, err := h.handle(t.Context(), hint{})
			if err != nil || answer.Drift == nil || !strings.Contains(log.String(), c.log) || strings.Contains(figures.String(), "ReconciliationsAbandoned") != c.abandoned {
				t.Errorf("%v, %v\n%s\n%s", answer, err, log, figures)
			}
		})
	}
}

// A run with nothing to do reports its figures all the same: silence is what
// rings the alarm. It writes no other line, being one of a thousand a day.
func TestQuietRunReportsFigures(t *testing.T) {
	h, log, figures := newHandler(&spy{})
	if _, err := h.handle(t.Context(), hint{}); err != nil || log.Len() > 0 {
		t.Errorf("log %q: %v", log, err)
	}
	for _, figure := range []string{"Pending", "OldestPendingSeconds"} {
		if !strings.Contains(figures.String(), `"`+figure+`":0`) {
			t.Errorf("no %s in %s", figure, figures)
		}
	}
	if strings.Contains(figures.String(), "Suppression") {
		t.Errorf("a metric is paid by the hour in which it is reported: %s", figures)
	}
}

// Every scheduled run says how long no walk has ended; stream batches, which
// are many, do not. What is not known is not said.
func TestTheTimeSinceTheLastWalkIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		event hint
		fault error
		said  bool
	}{
		"a scheduled run":           {hint{}, nil, true},
		"a walk by hand":            {hint{Reconcile: true}, nil, true},
		"a stream batch":            {hint{Stream: true}, nil, false},
		"the table does not answer": {hint{}, fault.New(fault.Unavailable, "no answer"), false},
	} {
		t.Run(name, func(t *testing.T) {
			h, _, figures := newHandler(&spy{})
			h.reconciler = &walk{fault: c.fault}
			if _, err := h.handle(t.Context(), c.event); !errors.Is(err, c.fault) {
				t.Error(err)
			}
			if strings.Contains(figures.String(), `"SecondsSinceReconciliation":180000`) != c.said {
				t.Error(figures)
			}
		})
	}
}
