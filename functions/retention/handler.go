package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/schedule"
)

// margin is how long before Lambda's deadline no more is begun: enough for the
// slowest transactions of one page, with their repeats.
const margin = 60 * time.Second

type sweeper interface {
	Sweep(ctx context.Context, t disposal.Task, over func() bool) (disposal.Report, error)
	Forecast(context.Context) ([]disposal.Outlook, error)
}

// cleaner looks at the files that are due for it.
type cleaner interface {
	Clean(ctx context.Context, holds filing.Holds, over func() bool) (gone int, err error)
}

type handler struct {
	sweeper sweeper
	files   cleaner
	holds   filing.Holds
	zone    *time.Location
	figures *boot.Reporter
	log     *slog.Logger
	now     func() time.Time
}

// order is an event. {} is the nightly run.
type order struct {
	Task     string         `json:"task"`     // "" or "continue"
	DryRun   bool           `json:"dry_run"`  // count, and write nothing
	Class    schedule.Class `json:"class"`    // this one alone
	Until    string         `json:"until"`    // as if it were that day, such as 2026-01-01
	Forecast bool           `json:"forecast"` // count what is due soon
}

// answer is what a person sees who has invoked the function by hand.
type answer struct {
	*disposal.Report
	Forecast []disposal.Outlook `json:"forecast,omitempty"`
}

// handle takes the events of events/retention.
func (h *handler) handle(ctx context.Context, event json.RawMessage) (answer, error) {
	o, err := read(event)
	if err != nil {
		return answer{}, err
	}
	if o.Forecast {
		list, err := h.sweeper.Forecast(ctx)
		return answer{Forecast: list}, err
	}
	task, err := h.task(o)
	if err != nil {
		return answer{}, err
	}
	over, stop := boot.Margin(ctx, margin)
	defer stop()
	report, err := h.sweeper.Sweep(ctx, task, over)
	h.report(ctx, report)
	if task == (disposal.Task{}) {
		gone, failed := h.files.Clean(ctx, h.holds, over)
		h.log.InfoContext(ctx, "files looked at", "gone", gone)
		err = errors.Join(err, failed)
	}
	return answer{Report: &report}, err
}

// read reads an event strictly: a misspelt "dry_run" must not be a run.
func read(event json.RawMessage) (o order, err error) {
	in := json.NewDecoder(bytes.NewReader(event))
	in.DisallowUnknownFields()
	if err := in.Decode(&o); err != nil || !bytes.HasPrefix(bytes.TrimSpace(event), []byte("{")) {
		return o, fault.New(fault.Invalid, "the event is not one of those in events/retention")
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return o, fault.New(fault.Invalid, "the event is more than one")
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(event, &given); err != nil {
		return o, fault.New(fault.Invalid, "the event is not one of those in events/retention")
	}
	for name, value := range given { // a script whose variable is empty must not have all swept
		if text := string(value); text == "null" || text == `""` {
			return o, fault.Field(name, "empty", name+" is given, and empty")
		}
	}
	if o.Task != "" && o != (order{Task: "continue"}) || o.Forecast && o != (order{Forecast: true}) {
		return o, fault.New(fault.Invalid, `"task" is "continue", which stands alone, and so does "forecast"`)
	}
	return o, nil
}

func (h *handler) task(o order) (disposal.Task, error) {
	t := disposal.Task{DryRun: o.DryRun, Class: o.Class, Continue: o.Task == "continue"}
	if o.Until != "" {
		day, err := civil.Parse(o.Until)
		if err != nil || day < civil.Date(2000, time.January, 1) {
			return t, fault.Field("until", "invalid", "until must be a day such as 2026-01-01")
		}
		t.Until = (day - 1).End(h.zone)
	}
	return t, nil
}

// report logs what a call did of each class, and reports its figures. A dry run
// has none: nothing was disposed of.
func (h *handler) report(ctx context.Context, r disposal.Report) {
	for _, c := range r.Classes {
		h.log.InfoContext(ctx, "disposal class swept", "run", r.Run, "dryRun", r.DryRun, "ended", r.Ended, "class", c.Class, "cutoff", c.Cutoff,
			"due", c.Due, "deleted", c.Deleted, "reduced", c.Reduced, "held", c.Held, "waiting", c.Waiting, "changed", c.Changed,
			"gone", c.Gone, "failed", c.Failed, "certificates", c.Certificates, "error", c.Error)
	}
	if r.DryRun || r.Run == "" {
		return
	}
	figures := boot.Figures{}
	for _, c := range r.Classes {
		for name, n := range map[string]int{
			"RecordsDisposed": c.Deleted, "RecordsReduced": c.Reduced, "RecordsHeld": c.Held, "RecordsWaiting": c.Waiting,
			"RecordsChanged": c.Changed, "DisposalsFailed": c.Failed,
		} {
			figures[name] += float64(n)
		}
		if !c.Late.IsZero() {
			figures["OldestErasureSeconds"] = h.now().Sub(c.Late).Seconds()
		}
	}
	if r.Nightly && r.Whole {
		figures["NightlyDisposals"] = 1
	}
	h.figures.Report(figures)
}
