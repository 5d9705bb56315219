package sample

import (
	"cmp"
	"fmt"
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/staff"
)

var (
	today = civil.Of(Now, time.UTC)
	gdpr  = casework.Law{ID: "gdpr", Name: "GDPR", Clause: "Art. 12(3) GDPR"}
)

func ago(days int) time.Time { return Now.AddDate(0, 0, -days) }

func rows() []casework.Row {
	california := deadline.Jurisdiction{Country: "US", Region: "CA"}
	ccpa := casework.Law{ID: "ccpa", Name: "CCPA", Clause: "Cal. Civ. Code 1798.130(a)(2)"}
	return []casework.Row{
		{Reference: "PD-7K3M-9QXT-40BZ-1HNE", Person: "m***@e***.com", Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Open, Place: germany, Law: gdpr, ReceivedAt: ago(33), Due: today - 2, Late: 2, Assignee: Bruno, LetterFailed: true},
		{Reference: "PD-2V8P-QQ1A-7J2K-93XM", Person: "j***@w***.org", Kinds: []intake.Kind{deadline.Erasure, deadline.Objection}, State: lifecycle.Open, Place: germany, Law: gdpr, ReceivedAt: ago(30), Due: today, Assignee: Anna, Held: true},
		{Reference: "PD-5TT0-M4WE-YB8C-0R6H", Person: "l***@a***.es", Kinds: []intake.Kind{deadline.Correction}, State: lifecycle.Open, Place: deadline.Jurisdiction{Country: "ES"}, Law: gdpr, ReceivedAt: ago(27), Due: today + 3, Left: 1, Look: &lifecycle.Look{Why: lifecycle.LookReply}},
		{Reference: "PD-9ZDK-1C3S-XV5N-66QA", Person: "t***@m***.net", Kinds: []intake.Kind{deadline.Access, deadline.Erasure}, State: lifecycle.Open, Place: california, OnBehalfOf: intake.Agent, Law: ccpa, ReceivedAt: ago(37), Due: today + 7, Left: 5, Extended: true, Draft: draft.StageToSign},
		{Reference: "PD-0HWB-RT72-K9PE-M1J4", Person: "z***@e***.com", Kinds: []intake.Kind{deadline.Complaint}, State: lifecycle.Open, Place: deadline.Jurisdiction{Country: "GB"}, Law: casework.Law{ID: "uk_gdpr", Name: "UK GDPR"}, ReceivedAt: ago(9), Due: today + 21, Left: 15, New: true},
		{Reference: "PD-3XC9-7NAF-2SQ8-T0VY", Person: "a***@b***.de", Kinds: []intake.Kind{deadline.Erasure}, AppealOf: "PD-8888-8888-8888-8888", State: lifecycle.Open, Place: germany, Law: gdpr, ReceivedAt: ago(3), Due: today + 28, Left: 19, New: true},
		{Reference: "PD-6P2G-0KJD-W4RM-B7ZT", Person: "s***@c***.com", Kinds: []intake.Kind{deadline.ChildErasure}, OnBehalfOf: intake.Parent, State: lifecycle.WaitingForPerson, Place: germany, Law: gdpr, ReceivedAt: ago(12), Due: today + 32, Left: 22, Paused: true, Until: today + 18},
		{Reference: "PD-1YEQ-H5TN-8DXA-C93K", Person: "r***@k***.com", Unsure: true, State: lifecycle.Open, Law: casework.Law{ID: "strictest"}, ReceivedAt: ago(1), Due: civil.Date(2027, time.January, 11), Left: 29, Repeated: true, New: true},
	}
}

func queues(string) []Sample {
	counts := &casework.Counts{Overdue: casework.Count{N: 1}, Week: casework.Count{N: 2}, Appeals: casework.Count{N: 2}, Waiting: casework.Count{N: 1}, New: casework.Count{N: 250, More: true}, Unconfirmed: casework.Count{N: 2}}
	full := casework.Page{Rows: rows(), Counts: counts, Next: "eyJ2IjoibmV4dCJ9"}
	queue := func(q casework.Query, p casework.Page) deskpage.Queue {
		p.View, p.Today = cmp.Or(q.View, casework.ViewNext), today
		return deskpage.Queue{Query: q, Page: p}
	}
	next := queue(casework.Query{}, full)
	refused := next
	refused.Unusable = []string{deskpage.FieldFrom, deskpage.FieldLaw}
	unconfirmed := []casework.Row{
		{Reference: "PD-4BBN-S9E2-0XQ7-HK5J", Person: "n***@p***.com", Kinds: []intake.Kind{deadline.Erasure}, State: lifecycle.Unverified, ReceivedAt: ago(2), Due: today + 12, Left: 8, New: true},
		{Reference: "PD-8RF1-ZT6C-3WMA-2DYP", Person: "o***@e***.com", Kinds: []intake.Kind{deadline.Objection}, State: lifecycle.Unverified, Place: germany, ReceivedAt: ago(1), Due: today + 13, Left: 9, Look: &lifecycle.Look{Why: lifecycle.LookCounts}},
	}
	closed := []casework.Row{
		{Reference: "PD-7AAK-E2MX-9QH3-5TVC", Person: "e***@s***.com", Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Fulfilled, Place: germany, ReceivedAt: ago(40), ClosedAt: ago(4), Assignee: Anna},
		{Reference: "PD-2M0D-B6YR-KX8S-J4NE", Kinds: []intake.Kind{deadline.Erasure}, State: lifecycle.PartlyFulfilled, Place: germany, ReceivedAt: ago(900), ClosedAt: ago(860), Reduced: true},
		{Reference: "PD-0CQW-7PHT-1ZAV-G9XB", Kinds: []intake.Kind{deadline.Complaint}, State: lifecycle.Refused, Place: germany, ReceivedAt: ago(60), ClosedAt: ago(31), Person: "h***@u***.at", Assignee: Bruno},
	}
	narrowed := casework.Query{View: casework.ViewWeek, Kind: deadline.Erasure, Place: "US-CA", From: today - 30, Held: true}
	return []Sample{
		{Name: "queue", Screen: next},
		{Name: "queue-50", Screen: queue(casework.Query{}, casework.Page{Rows: many(50), Counts: counts, Next: "eyJ2IjoibmV4dCJ9"})},
		{Name: "queue-as-viewer", Role: staff.Viewer, Screen: next},
		{Name: "queue-as-admin", Role: staff.Admin, Screen: next},
		{Name: "queue-empty", Screen: queue(casework.Query{}, casework.Page{Counts: &casework.Counts{}})},
		{Name: "queue-mine-empty", Screen: queue(casework.Query{View: casework.ViewMine}, casework.Page{})},
		{Name: "queue-unconfirmed", Screen: queue(casework.Query{View: casework.ViewUnconfirmed}, casework.Page{Rows: unconfirmed})},
		{Name: "queue-closed", Screen: queue(casework.Query{View: casework.ViewClosed}, casework.Page{Rows: closed})},
		{Name: "queue-filtered", Screen: queue(narrowed, casework.Page{})},
		{Name: "queue-partly", Screen: queue(casework.Query{View: casework.ViewClosed, Kind: deadline.Complaint, After: "eyJ2IjoiY2xvc2VkIn0"}, casework.Page{Rows: closed[2:], Next: "eyJ2IjoiY2xvc2VkIn1", Partly: true})},
		{Name: "queue-refused", Status: http.StatusUnprocessableEntity, Screen: refused},
	}
}

// many are as many rows as a page has.
func many(n int) []casework.Row {
	all := rows()
	for len(all) < n {
		r := all[len(all)%8]
		r.Reference = fmt.Sprintf("PD-%04d-9QXT-40BZ-1HNE", len(all))
		all = append(all, r)
	}
	return all
}
