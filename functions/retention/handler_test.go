package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/schedule"
)

// played is a sweeper that remembers what it was asked.
type played struct {
	asked    []disposal.Task
	forecast int
	cleaned  int
	over     bool // when it was asked
	report   disposal.Report
	err      error
}

func (p *played) Sweep(_ context.Context, t disposal.Task, over func() bool) (disposal.Report, error) {
	p.asked, p.over = append(p.asked, t), over()
	return p.report, p.err
}

func (p *played) Forecast(context.Context) ([]disposal.Outlook, error) {
	p.forecast++
	return []disposal.Outlook{{Class: schedule.SoftBounces, Due: 7}}, p.err
}

func (p *played) Clean(context.Context, filing.Holds, func() bool) (int, error) {
	p.cleaned++
	return 3, nil
}

func newHandler(p *played) (*handler, *bytes.Buffer) {
	var out bytes.Buffer
	berlin, _ := time.LoadLocation("Europe/Berlin")
	return &handler{
		sweeper: p, files: p, zone: berlin, now: time.Now, log: slog.New(slog.NewJSONHandler(&out, nil)),
		figures: &boot.Reporter{Function: "retention", Out: &out, Now: time.Now},
	}, &out
}

// What each file of events/retention asks for.
var eventCases = map[string]*disposal.Task{
	"nightly":  {},
	"dry-run":  {DryRun: true},
	"class":    {Class: schedule.OptOutEvidence},
	"until":    {Until: time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC)},
	"continue": {Continue: true},
	"forecast": nil,
}

func TestEvents(t *testing.T) {
	files, err := filepath.Glob("../../events/retention/*.json")
	if err != nil || len(files) != len(eventCases) {
		t.Fatalf("%d files, %d cases, %v", len(files), len(eventCases), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		want, known := eventCases[name]
		if !known {
			t.Errorf("no test runs %s", file)
			continue
		}
		event, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p := &played{report: disposal.Report{Run: "r1", Ended: true, Classes: []disposal.ClassLine{}}}
		h, _ := newHandler(p)
		a, err := h.handle(t.Context(), event)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text, _ := json.Marshal(a)
		if want == nil {
			if p.forecast != 1 || len(p.asked) > 0 || !strings.Contains(string(text), `"due":7`) || strings.Contains(string(text), `"ended"`) {
				t.Errorf("%s: %+v, %s", name, p, text)
			}
			continue
		}
		if (p.cleaned == 1) != (name == "nightly") {
			t.Errorf("%s looks at files %d times", name, p.cleaned)
		}
		if len(p.asked) != 1 || p.asked[0].DryRun != want.DryRun || p.asked[0].Class != want.Class || p.asked[0].Continue != want.Continue || !p.asked[0].Until.Equal(want.Until) {
			t.Errorf("%s asks for %+v", name, p.asked)
		}
		if !strings.Contains(string(text), `"run":"r1"`) || strings.Contains(string(text), "forecast") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// What is not understood is no run.
func TestOtherEvents(t *testing.T) {
	for _, event := range []string{
		``, `null`, `[]`, `"x"`, `{"dry_rum":true}`, `{"dry_run":"yes"}`, `{"dry_run":true}{}`, `{"until":"yesterday"}`, `{"until":"2026-02-30"}`,
		`{"task":"sweep"}`, `{"task":"continue","dry_run":true}`, `{"forecast":true,"class":"soft-bounces"}`,
		`{"version":"0","source":"aws.scheduler","detail":"{}"}`, `{"Records":[]}`,
		`{"dry_run":null}`, `{"class":null}`, `{"class":""}`, `{"until":null}`, `{"until":""}`, `{"task":null}`, `{"until":"0001-01-01"}`,
	} {
		p := &played{}
		h, _ := newHandler(p)
		if _, err := h.handle(t.Context(), json.RawMessage(event)); !fault.Is(err, fault.Invalid) || len(p.asked) > 0 || p.forecast > 0 {
			t.Errorf("%s: %v, asked %+v", event, err, p.asked)
		}
	}
}

// No more is begun a minute before Lambda's deadline.
func TestDeadline(t *testing.T) {
	for left, want := range map[time.Duration]bool{margin + time.Minute: false, margin - time.Second: true} {
		p := &played{}
		h, _ := newHandler(p)
		ctx, cancel := context.WithTimeout(t.Context(), left)
		_, _ = h.handle(ctx, json.RawMessage(`{}`))
		if p.over != want {
			t.Errorf("%s before the deadline: %v", left, !want)
		}
		cancel()
	}
	p := &played{}
	h, _ := newHandler(p)
	if _, _ = h.handle(t.Context(), json.RawMessage(`{}`)); p.over {
		t.Error("without a deadline nothing is over")
	}
}

// Figures are those of the call, whether the run has ended or not; only a whole
// nightly run counts as one.
func TestFigures(t *testing.T) {
	at := time.Date(2027, 1, 2, 3, 15, 0, 0, time.UTC)
	lines := []disposal.ClassLine{{Class: schedule.SoftBounces, Due: 5, Counts: disposal.Counts{Deleted: 2, Reduced: 1, Held: 1, Failed: 1}}}
	for name, c := range map[string]struct {
		report disposal.Report
		has    []string
		hasNot []string
	}{
		"nightly":   {disposal.Report{Run: "r", Ended: true, Whole: true, Nightly: true, Classes: lines}, []string{`"RecordsDisposed":2`, `"RecordsReduced":1`, `"RecordsHeld":1`, `"DisposalsFailed":1`, `"NightlyDisposals":1`}, nil},
		"one class": {disposal.Report{Run: "r", Ended: true, Whole: true, Classes: lines}, []string{`"RecordsDisposed":2`}, []string{"NightlyDisposals"}},
		"not whole": {disposal.Report{Run: "r", Ended: true, Nightly: true, Classes: lines}, []string{`"RecordsDisposed":2`}, []string{"NightlyDisposals"}},
		"goes on":   {disposal.Report{Run: "r", Nightly: true, Classes: lines}, []string{`"deleted":2`, `"RecordsDisposed":2`}, []string{"NightlyDisposals"}},
		"dry":       {disposal.Report{Run: "r", Ended: true, DryRun: true, Classes: lines}, []string{`"dryRun":true`}, []string{"RecordsDisposed"}},
		"an order waits": {disposal.Report{Run: "r", Ended: true, Classes: []disposal.ClassLine{{
			Class: schedule.ErasureOrder, Counts: disposal.Counts{Waiting: 1}, Late: at.Add(-time.Hour),
		}}}, []string{`"OldestErasureSeconds":3600`}, nil},
		"one waits behind one that is held": {disposal.Report{Run: "r", Ended: true, Classes: []disposal.ClassLine{{
			Class: schedule.ErasureOrder, Counts: disposal.Counts{Held: 1, Waiting: 1}, Late: at.Add(-time.Hour),
		}}}, []string{`"OldestErasureSeconds":3600`}, nil},
		"an order is held": {disposal.Report{Run: "r", Ended: true, Classes: []disposal.ClassLine{{
			Class: schedule.ErasureOrder, Counts: disposal.Counts{Held: 1},
		}}}, []string{`"RecordsHeld":1`}, []string{"OldestErasureSeconds"}},
		"nothing to do": {disposal.Report{Ended: true}, nil, []string{"RecordsDisposed", "disposal class swept"}},
	} {
		h, out := newHandler(&played{report: c.report})
		h.now = func() time.Time { return at }
		if _, err := h.handle(t.Context(), json.RawMessage(`{}`)); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.has {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %s in %s", name, want, out)
			}
		}
		for _, not := range c.hasNot {
			if strings.Contains(out.String(), not) {
				t.Errorf("%s: %s in %s", name, not, out)
			}
		}
	}
}

// A run that fails fails loudly, and tells what it did all the same.
func TestFailure(t *testing.T) {
	p := &played{err: errors.New("a class failed"), report: disposal.Report{Run: "r1", Classes: []disposal.ClassLine{{Class: schedule.SoftBounces}}}}
	h, out := newHandler(p)
	if _, err := h.handle(t.Context(), json.RawMessage(`{}`)); err == nil || !strings.Contains(out.String(), `"class":"soft-bounces"`) {
		t.Errorf("%v, %s", err, out)
	}
}
