package rights_test

import (
	"testing"
	"time"

	"privacydesk/shared/law"
	"privacydesk/shared/rights"
)

// What a person is told of their time, by whether our clock stands still
// meanwhile and by how long after the receipt (22 November 2026) we asked.
func TestWait(t *testing.T) {
	for name, c := range map[string]struct {
		place         law.Place
		cause         law.Cause
		asked, looked int // days after the receipt
		by, end       string
		then          string
	}{
		"the request ends":                 {germany, law.Identity, 1, 1, "2026-12-23", "", "lapse"},
		"it goes on":                       {germany, law.Clarification, 1, 1, "2026-12-23", "", "resume"},
		"our clock runs on":                {california, law.Clarification, 1, 1, "2026-12-23", "2027-01-06", rights.RunsOn},
		"a fee, too":                       {california, law.Fee, 1, 1, "2026-12-23", "2027-01-06", rights.RunsOn},
		"asked late: we answer first":      {california, law.Clarification, 40, 40, "2027-01-06", "2027-01-31", rights.RunsOn},
		"our date is over":                 {california, law.Clarification, 40, 50, "2027-01-31", "2027-01-31", rights.RunsOn},
		"their time is over":               {california, law.Clarification, 1, 35, "", "", ""},
		"a place that is not known":        {nowhere, law.Clarification, 1, 1, "2026-12-07", "2026-12-23", rights.RunsOn},
		"no law stops the clock for a fee": {germany, law.Fee, 1, 1, "2026-12-22", "2026-12-23", rights.RunsOn},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.opened(d.asks(c.place, law.Access))
			start := d.now
			d.now = start.AddDate(0, 0, c.asked)
			w := rights.Waiting{Cause: c.cause, Question: "Which one?"}
			if c.cause == law.Fee {
				w.Fee = &rights.Fee{Amount: "5", Currency: "EUR"}
			}
			r = d.ok(d.Ask(background, r.ID, "dpo", w))
			d.now = start.AddDate(0, 0, c.looked)
			got := d.Wait(&r)
			if localDay(got.By) != c.by || localDay(got.End) != c.end || got.Then != c.then {
				t.Errorf("until %s (%q), closed after %s; waiting until %s, due %s", localDay(got.By), got.Then, localDay(got.End), localDay(r.Waiting.Until), localDay(r.DueAt))
			}
			r = d.ok(d.Answer(background, r.ID, "dpo"))
			if got := d.Wait(&r); got != (rights.Wait{}) {
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
