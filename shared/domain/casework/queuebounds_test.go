package casework_test

import (
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// Two reads make the first page, however many requests are open.
func TestManyRequests(t *testing.T) {
	r := newRig(t)
	r.queue(casework.Query{}) // counts what nobody confirmed
	r.lists.reads = 0
	for i := range 700 {
		bulk(r, fmt.Sprintf("PD-%03d", i), r.now.AddDate(0, 0, 1+i/10))
	}
	page := r.queue(casework.Query{})
	if len(page.Rows) != 50 || page.Next == "" || r.lists.reads != 2 {
		t.Errorf("%d rows in %d reads", len(page.Rows), r.lists.reads)
	}
	if c := page.Counts; c.New != (casework.Count{N: 250, More: true}) || c.Overdue != (casework.Count{}) || c.Week.More {
		t.Errorf("%+v", c)
	}
	seen := map[string]bool{}
	for _, row := range page.Rows {
		seen[row.Reference] = true
	}
	for page.Next != "" {
		page = r.queue(casework.Query{After: page.Next})
		for _, row := range page.Rows {
			if seen[row.Reference] {
				t.Fatalf("%s twice", row.Reference)
			}
			seen[row.Reference] = true
		}
	}
	if len(seen) != 700 {
		t.Errorf("%d of 700", len(seen))
	}
	bulk(r, "PD-last", r.now.AddDate(1, 0, 0))
	r.must(r.rights.Assign(background, "PD-last", officer, officer))
	r.lists.reads = 0
	if mine := r.queue(casework.Query{View: casework.ViewMine, Officer: officer}); references(mine.Rows) != "PD-last" || mine.Next != "" || r.lists.reads != 3 || mine.Counts == nil || !mine.Counts.New.More {
		t.Errorf("%s in %d reads", references(mine.Rows), r.lists.reads)
	}
}

// What is far behind is found page by page; where a view is of few, at once.
func TestAFilterReadsNoFurtherThanItMay(t *testing.T) {
	r := newRig(t)
	for i := range 9000 {
		bulk(r, fmt.Sprintf("PD-%04d", i), r.now.AddDate(0, 0, 1+i/100))
	}
	bulk(r, "PD-last", r.now.AddDate(1, 0, 0), intake.Agent)
	first := r.queue(casework.Query{Place: "US"})
	if len(first.Rows) != 0 || !first.Partly || first.Next == "" {
		t.Fatalf("%d rows, partly %v", len(first.Rows), first.Partly)
	}
	if second := r.queue(casework.Query{Place: "US", After: first.Next}); references(second.Rows) != "PD-last" || second.Counts != nil {
		t.Errorf("%+v", second)
	}
	for _, view := range []casework.View{casework.ViewWaiting, casework.ViewAppeals, casework.ViewChildrenAgents, casework.ViewToSign} {
		r.lists.reads = 0
		page := r.queue(casework.Query{View: view})
		if want := view == casework.ViewChildrenAgents; (references(page.Rows) == "PD-last") != want || page.Partly || page.Next != "" || r.lists.reads != 2 {
			t.Errorf("%s: %q in %d reads", view, references(page.Rows), r.lists.reads)
		}
		if c := page.Counts; c.Appeals != (casework.Count{}) || c.Waiting != (casework.Count{}) || c.New != (casework.Count{N: 251, More: true}) { // the soonest, and PD-last
			t.Errorf("%s: %+v", view, c)
		}
	}
}

// bulk stores an open request as it is, due at a time: of somebody in Germany, or by an agent in California.
func bulk(r *rig, id string, due time.Time, onBehalf ...intake.Behalf) {
	r.Helper()
	q := request.Request{
		ID: id, Ref: "r", Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Open, Address: testkit.Address(r, "z@example.com"),
		Place: germany, ReceivedAt: r.now, ClockFrom: r.now, VerifiedAt: r.now, DueAt: due, DueRule: "gdpr/respond",
	}
	q.Head.Subject = id
	for _, b := range onBehalf {
		q.OnBehalfOf, q.Place = b, california
	}
	if err := r.table.Create(background, request.Creation{Step: request.Step{Request: q}}); err != nil {
		r.Fatal(err)
	}
}
