package activity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/activity"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

var now = time.Date(2026, time.November, 28, 9, 0, 0, 0, time.UTC)

// desk has the same requests in every view, each with a history.
type desk struct {
	ids   []string
	asked []casework.Query
	files map[string]request.File
	down  error
}

func (d *desk) Queue(_ context.Context, q casework.Query) (page casework.Page, err error) {
	d.asked = append(d.asked, q)
	for _, id := range d.ids {
		page.Rows = append(page.Rows, casework.Row{Reference: id})
	}
	return page, d.down
}

func (d *desk) File(_ context.Context, id string) (request.File, error) {
	f, there := d.files[id]
	if !there {
		return f, fault.New(fault.NotFound, "There is no such request.")
	}
	return f, nil
}

func (d *desk) HoldsHistory(context.Context) (audit.History, error) {
	return audit.History{Entries: entries(disposal.HoldsSubject, "hold_placed officer Anna/a1 9")}, nil
}

// entries are drawn: kind, actor, who, minutes ago.
func entries(subject string, drawn ...string) (all []audit.Entry) {
	head := audit.Genesis(subject)
	for _, d := range drawn {
		var kind, actor, who string
		var ago int
		_, _ = fmt.Sscan(d, &kind, &actor, &who, &ago)
		e, err := audit.Append(head, audit.Entry{At: now.Add(-time.Duration(ago) * time.Minute), Kind: kind, Actor: actor, Facts: map[string]string{"hold": "H-1"}, Private: map[string]audit.Private{
			audit.FactOfficer: audit.Personal(who), "note": audit.Personal("zoe@example.com called"),
		}}, &testkit.Random{})
		if err != nil {
			panic(err)
		}
		all, head = append(all, e), e.Head()
	}
	return all
}

func newDesk() *desk {
	return &desk{ids: []string{"PD-2", "PD-1", "PD-gone"}, files: map[string]request.File{
		"PD-1": {Events: entries("PD-1", "received person - 60", "looked officer Anna/a1 5", "noted officer Anna/a1 4")},
		"PD-2": {Events: entries("PD-2", "revealed officer Bruno/b2 3", "mailed system - 2", "refused officer Bruno/b2 1")},
	}}
}

func (d *desk) recent(t *testing.T, only activity.Only) activity.Report {
	t.Helper()
	report, err := activity.Reader{Cases: d, Requests: d, Holds: d}.Recent(t.Context(), only)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func drawn(r activity.Report) (all []string) {
	for _, l := range r.Lines {
		all = append(all, fmt.Sprint(l.What, " ", l.Officer, " ", l.Request+l.Hold, " ", l.Saw))
	}
	return all
}

func TestWhoDidAndWhoSaw(t *testing.T) {
	saw, did := []string{"revealed Bruno/b2 PD-2 true", "looked Anna/a1 PD-1 true"}, []string{"refused Bruno/b2 PD-2 false", "noted Anna/a1 PD-1 false", "hold_placed Anna/a1 H-1 false"}
	for only, want := range map[activity.Only][]string{
		activity.Saw: saw, activity.Did: did, "": {did[0], saw[0], did[1], saw[1], did[2]},
	} {
		d := newDesk()
		report := d.recent(t, only)
		if got := drawn(report); !slices.Equal(got, want) || report.Requests != 3 || report.More {
			t.Errorf("%q: %q, %+v", only, got, report)
		}
		if len(d.asked) != 3 || d.asked[0].Size != 40 {
			t.Errorf("it reads %+v", d.asked)
		}
	}
}

func TestOnlyTheLatestAreTold(t *testing.T) {
	d := newDesk()
	var many []string
	for i := range 250 {
		many = append(many, fmt.Sprint("noted officer Anna/a1 ", 1000-i))
	}
	d.files["PD-1"] = request.File{Events: entries("PD-1", many...)}
	if r := d.recent(t, ""); len(r.Lines) != 200 || !r.More || r.Lines[0].What != "refused" {
		t.Errorf("%d lines, %t", len(r.Lines), r.More)
	}
}

func TestAForgottenNameIsNone(t *testing.T) {
	d := newDesk()
	f := d.files["PD-1"]
	for i := range f.Events {
		f.Events[i] = audit.Blank(f.Events[i])
	}
	if got := drawn(d.recent(t, activity.Saw)); !slices.Contains(got, "looked  PD-1 true") {
		t.Errorf("%q", got)
	}
}

func TestATableThatIsDownIsSaid(t *testing.T) {
	d := newDesk()
	d.down = errors.New("throttled")
	if _, err := (activity.Reader{Cases: d, Requests: d, Holds: d}).Recent(t.Context(), ""); !errors.Is(err, d.down) {
		t.Errorf("%v", err)
	}
}
