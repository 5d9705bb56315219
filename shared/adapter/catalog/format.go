package catalog

import (
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/domain/civil"
)

// Plural is Text for a count: it takes "key.one" or "key.other" and fills {n}.
func (t *Texts) Plural(key string, n int, pairs ...string) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return t.Text(key+form, append(pairs, "n", strconv.Itoa(n))...)
}

// Date is the day of a moment in the moment's own location: "22 November 2026", "22 de noviembre de 2026".
func (t *Texts) Date(at time.Time) string {
	months := strings.Split(t.Text("date.months"), " ")
	year, month, day := at.Date()
	return t.Text("date.format",
		"day", strconv.Itoa(day), "month", months[month-1], "year", strconv.Itoa(year))
}

// Day writes a day as Date does.
func (t *Texts) Day(d civil.Day) string { return t.Date(d.UTC()) }

// Zone names the time of a place, for a time of day that counts: "San Diego time". The place is a city, or an IANA
// name, which ends in one.
func (t *Texts) Zone(place string) string {
	city := strings.ReplaceAll(place[strings.LastIndexByte(place, '/')+1:], "_", " ")
	return t.Text("date.zone", "city", city)
}

// Moment is a day with its time of day, and whose time that is: for where the hour counts.
func (t *Texts) Moment(at time.Time, place string) string {
	return t.Text("fact.moment", "date", t.Date(at), "time", at.Format("15:04")) + " (" + t.Zone(place) + ")"
}

// Number writes a whole number with the language's separators: "2,000".
func (t *Texts) Number(n int) string {
	text, sign := strconv.Itoa(n), ""
	if n < 0 {
		text, sign = text[1:], "-"
	}
	return sign + t.grouped(text)
}

// Amount writes an amount such as "12.50" with its currency (ISO 4217): "12,50 US-Dollar". A currency that the
// catalogue has no name for stands there by its code.
func (t *Texts) Amount(amount, currency string) string {
	whole, cents, split := strings.Cut(amount, ".")
	text := t.grouped(whole)
	if split {
		text += t.Text("number.decimal") + cents
	}
	return t.Text("amount.format", "amount", text, "currency", t.Named("currency.", currency))
}

// grouped puts a separator between each three digits.
func (t *Texts) grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + t.Text("number.group") + digits[i:]
	}
	return digits
}
