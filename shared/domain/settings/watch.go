package settings

import (
	"slices"

	"privacydesk/shared/domain/person"
)

// Wait is how long a person is given to answer while our clock stands still,
// and what follows when they have not.
type Wait struct {
	Days int    `yaml:"days"` // whole local days after that of the question
	Then string `yaml:"then"` // Lapse or Resume
}

// What follows from no answer: the request ends as expired, or it goes on
// without the answer and the clock runs again.
const (
	Lapse  = "lapse"
	Resume = "resume"
)

// The bounds of Wait.Days. Regulators call a month a reasonable time to wait
// before a request is closed (Information Commissioner, right of access: "Can
// we clarify the request?"); 28 days are that in its shortest form, and the
// Commissioner's own figure for systems that need one. Longer than a quarter
// nobody expects an answer.
const (
	MinWaitDays = 28
	MaxWaitDays = 90
)

// WaitCauses are for what a request may wait (the causes of shared/domain/deadline).
var WaitCauses = []string{"identity", "clarification", "fee"}

// OfficerAddress is where the digest of what is due goes.
func (d *Desk) OfficerAddress() (person.Address, error) {
	if d.Requests.Officer == "" {
		return person.Parse(d.Organisation.Contact)
	}
	return person.Parse(d.Requests.Officer)
}

// checkWatch tells what is wrong with the settings by which clocks are watched.
func (d *Desk) checkWatch(check func(ok bool, path, format string, args ...any)) {
	q := d.Requests
	_, err := d.OfficerAddress()
	check(q.Officer == "" || err == nil, "requests.officer", "must be an e-mail address, or empty")
	check(slices.Contains(languages, q.OfficerLanguage), "requests.officer_language", "must be en, es or de")
	falling := len(q.RemindDays) > 0
	for i, n := range q.RemindDays {
		falling = falling && within(n, 0, 30) && (i == 0 || n < q.RemindDays[i-1])
	}
	check(falling, "requests.remind_days", "must fall, each 0 to 30 working days")
	check(within(q.OverdueAgainDays, 1, 30), "requests.overdue_again_days", "must be 1 to 30")
	for _, cause := range WaitCauses {
		w, path := q.Waiting[cause], "requests.waiting."+cause
		check(within(w.Days, MinWaitDays, MaxWaitDays), path, "must wait %d to %d days", MinWaitDays, MaxWaitDays)
		check(w.Then == Lapse || w.Then == Resume, path, "must then %s or %s", Lapse, Resume)
	}
	for cause := range q.Waiting {
		check(slices.Contains(WaitCauses, cause), "requests.waiting", "has %q, which is no cause: identity, clarification, fee", cause)
	}
}
