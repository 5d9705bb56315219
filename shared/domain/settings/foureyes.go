package settings

import (
	"slices"
	"time"

	"privacydesk/shared/domain/spelling"
)

// FourEyes is what can need the signature of a second person (the acts of
// shared/domain/foureyes).
var FourEyes = []string{"refusal", "erasure", "hold_lift", "fee"}

// maxCallback is how many minutes a letter can be held back for second thoughts.
const maxCallback = 60

// SendTime is the time of the day of SendAt; false: it is none.
func (q Requests) SendTime() (time.Duration, bool) {
	at, err := time.Parse("15:04", q.SendAt)
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, err == nil
}

// checkSending tells what is wrong with the settings by which letters wait.
func (d *Desk) checkSending(check func(ok bool, path, format string, args ...any)) {
	q := d.Requests
	check(within(q.CallbackMinutes, 0, maxCallback), "requests.callback_minutes", "must be 0 to %d", maxCallback)
	_, ok := q.SendTime()
	check(ok, "requests.send_at", "must be a time of the day such as 9:00")
	checkWords(check, "requests.four_eyes", q.FourEyes, FourEyes)
}

// nearestOf is the known word that is the fewest slips away.
func nearestOf(word string, known []string) string {
	return slices.MinFunc(known, func(a, b string) int { return spelling.Distance(word, a) - spelling.Distance(word, b) })
}
