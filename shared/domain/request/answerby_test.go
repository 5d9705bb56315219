package request_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/waiting"
)

// What a person is told of their time, by whether our clock stands still
// meanwhile and by how long after the receipt (22 November 2026) we asked.
func TestWait(t *testing.T) {
	for name, c := range map[string]struct {
		place         deadline.Jurisdiction
		cause         deadline.Cause
		asked, looked int // days after the receipt
		by, end       string
		then          string
	}{
		"the request ends":                 {germany, deadline.Identity, 1, 1, "2026-12-23", "", "lapse"},
		"it goes on":                       {germany, deadline.Clarification, 1, 1, "2026-12-23", "", "resume"},
		"our clock runs on":                {california, deadline.Clarification, 1, 1, "2026-12-23", "2027-01-06", waiting.RunsOn},
		"a fee, too":                       {california, deadline.Fee, 1, 1, "2026-12-23", "2027-01-06", waiting.RunsOn},
		"asked late: we answer first":      {california, deadline.Clarification, 40, 40, "2027-01-06", "2027-01-31", waiting.RunsOn},
		"our date is over":                 {california, deadline.Clarification, 40, 50, "2027-01-31", "2027-01-31", waiting.RunsOn},
		"their time is over":               {california, deadline.Clarification, 1, 35, "", "", ""},
		"a place that is not known":        {nowhere, deadline.Clarification, 1, 1, "2026-12-07", "2026-12-23", waiting.RunsOn},
		"no law stops the clock for a fee": {germany, deadline.Fee, 1, 1, "2026-12-22", "2026-12-23", waiting.RunsOn},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.opened(d.asks(c.place, deadline.Access))
			start := d.now
			d.now = start.AddDate(0, 0, c.asked)
			w := waiting.Waiting{Cause: c.cause, Question: "Which one?"}
			if c.cause == deadline.Fee {
				w.Fee = &waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.Excessive}
			}
			r = d.ok(d.Ask(background, r.ID, "dpo", w))
			d.now = start.AddDate(0, 0, c.looked)
			got := d.Wait(&r)
			if localDay(got.By) != c.by || localDay(got.End) != c.end || got.Then != c.then {
				t.Errorf("until %s (%q), closed after %s; waiting until %s, due %s", localDay(got.By), got.Then, localDay(got.End), localDay(r.Waiting.Until), localDay(r.DueAt))
			}
			r = d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
			if got := d.Wait(&r); got != (waiting.Time{}) {
				t.Errorf("when they have answered: %+v", got)
			}
		})
	}
}

// localDay is the local day of the desk, "" of no time.
func localDay(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	zone, _ := time.LoadLocation("America/Los_Angeles")
	return at.In(zone).Format(time.DateOnly)
}
