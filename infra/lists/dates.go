package main

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// order is how a column writes a day and a month in figures.
type order int

const (
	unclear order = iota
	dayFirst
	monthFirst
)

// dateLayouts are how the exports write dates. One without a zone is taken as
// UTC, as these systems export it.
var dateLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05",
	"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999 Z07:00", "2006-01-02 15:04:05.999999999Z0700",
	"2006-01-02 15:04:05.999999999 Z0700", "2006-01-02 15:04", "2006-01-02", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006/01/02",
	"20060102T150405", "20060102T150405Z0700", "20060102",
	"Jan 2, 2006 3:04:05 PM", "Jan 2, 2006 3:04 PM", "Jan 2, 2006 15:04", "Jan 2, 2006", "Jan 2 2006", "January 2, 2006 3:04 PM", "January 2, 2006",
	"2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "2 Jan 2006", "2 January 2006 15:04", "2 January 2006",
	"Mon, 2 Jan 2006 15:04:05 Z0700", "Mon, 2 Jan 2006 15:04:05", "Mon Jan 2 15:04:05 Z0700 2006", "2 Jan 2006 15:04:05 Z0700",
	"2006-1-2", "2006-1-2 15:04", "2006-1-2 15:04:05", "2006-1-2 3:04:05 PM", "2006-1-2 3:04 PM", "2006/1/2", "2006/1/2 15:04:05",
	"2006-01-02T15:04:05.999999999Z07", "2006-01-02 15:04:05.999999999Z07", "2006-01-02T15:04Z07:00", "2006-01-02 15:04 Z0700", "20060102150405", "200601021504",
	"2-Jan-2006", "2-Jan-2006 15:04", "2-Jan-2006 15:04:05", "2-Jan-06", "Mon Jan 2 2006 15:04:05 Z0700", "Mon Jan 2 2006", "Monday, January 2, 2006", "Mon, Jan 2, 2006",
	"2.1.06", "2.1.06 15:04", "2.1.06 15:04:05", "2.1.06, 15:04",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "2.1.2006, 15:04", "2.1.2006, 15:04:05",
}

// figures is a date such as 03/04/2020, whose day is one of the first two.
var figures = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4})|/(\d{2}))(?:,?\s+(.*))?$`)

// zones are the abbreviations that mean one time alone. (RFC 5322 section 4.3,
// and central Europe's.)
var zones = strings.NewReplacer(
	" UTC", " +0000", " GMT", " +0000", " EST", " -0500", " EDT", " -0400", " CST", " -0600", " CDT", " -0500",
	" MST", " -0700", " MDT", " -0600", " PST", " -0800", " PDT", " -0700", " CET", " +0100", " CEST", " +0200",
)

// months are the names of months in Spanish and German, whole and cut short.
var months = map[string]string{
	"enero": "january", "febrero": "february", "marzo": "march", "abril": "april", "mayo": "may", "junio": "june", "julio": "july", "agosto": "august",
	"septiembre": "september", "octubre": "october", "noviembre": "november", "diciembre": "december",
	"januar": "january", "februar": "february", "märz": "march", "juni": "june", "juli": "july", "oktober": "october", "dezember": "december",
	"ene": "jan", "abr": "apr", "ago": "aug", "sept": "sep", "set": "sep", "dic": "dec", "mär": "mar", "mrz": "mar", "mai": "may", "okt": "oct", "dez": "dec",
}

var word = regexp.MustCompile(`\pL+`)

// trimmings are around a date and say nothing: the name of a zone
// behind its figures, "o'clock", and a comma or dash before the time.
var trimmings = strings.NewReplacer("GMT+", "+", "GMT-", "-", "+0000 UTC", "+0000", "+0000 GMT", "+0000", " Uhr", "", " - ", " ", "a. m.", "AM", "p. m.", "PM", "a.m.", "AM", "p.m.", "PM", "\u202f", " ", "\u00a0", " ")

var (
	zoneName = regexp.MustCompile(`\s*[(\[][^)\]]*[)\]]$`)
	ordinals = regexp.MustCompile(`(\d)(st|nd|rd|th)\b`)
)

var of = regexp.MustCompile(`(\d)\.? (?:de )?([a-z]{3,9})\.? (?:de )?(\d{4})`)

// readDate reads a date, or says that it cannot. Day and month in figures are
// read by o, or where only one of the two can be the month.
func readDate(text string, o order) (time.Time, bool) {
	text = ordinals.ReplaceAllString(trimmings.Replace(zoneName.ReplaceAllString(strings.TrimSpace(text), "")), "$1")
	if at, ok := epoch(text); ok {
		return at, true
	}
	if m := figures.FindStringSubmatch(text); m != nil {
		return readFigures(m, o)
	}
	text = zones.Replace(text)
	lower := of.ReplaceAllString(word.ReplaceAllStringFunc(strings.ToLower(text), english), "$1 $2 $3")
	for _, t := range []string{text, lower, strings.ToUpper(lower)} {
		for _, layout := range dateLayouts {
			if at, err := time.Parse(layout, t); err == nil {
				return plausible(at)
			}
		}
	}
	return time.Time{}, false
}

func english(word string) string { return cmp.Or(months[word], word) }

// plausible refuses what no list of mailings can hold, such as a zero date.
func plausible(at time.Time) (time.Time, bool) {
	return at.UTC(), at.Year() >= 1980 && at.Year() < 2100
}

// epoch reads seconds, milliseconds or microseconds since 1970.
func epoch(text string) (time.Time, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !digits.MatchString(text) {
		return time.Time{}, false
	}
	for n >= 4e9 {
		n /= 1000
	}
	return plausible(time.UnixMilli(int64(n * 1000)))
}

var digits = regexp.MustCompile(`^\d{9,16}(\.\d+)?$`)

func readFigures(m []string, o order) (time.Time, bool) {
	if clear := orderOf(m[1], m[2]); clear != unclear {
		o = clear
	}
	day, month := m[1], m[2]
	if o == monthFirst {
		day, month = month, day
	}
	if o == unclear && day != month {
		return time.Time{}, false
	}
	year := m[3]
	if year == "" {
		year = "20" + m[4]
	}
	text := year + "-" + month + "-" + day
	if m[5] != "" {
		text += " " + zones.Replace(strings.ToUpper(m[5]))
	}
	for _, layout := range []string{"", " 15:04", " 15:04:05", " 3:04 PM", " 3:04:05 PM", " 15:04:05 Z0700", " 15:04 Z0700", " 3:04:05 PM Z0700", " 3:04 PM Z0700"} {
		if at, err := time.Parse("2006-1-2"+layout, text); err == nil {
			return plausible(at)
		}
	}
	return time.Time{}, false
}

// orderOf says which of two figures must be the day.
func orderOf(first, second string) order {
	a, _ := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	switch {
	case a > 12 && b <= 12:
		return dayFirst
	case b > 12 && a <= 12:
		return monthFirst
	}
	return unclear
}

// columnOrder is what all dates of a column together say: a day over the
// twelfth tells for the others, unless another one contradicts it.
func columnOrder(t table, column int) order {
	var seen [3]bool
	for r := range t.records {
		if m := figures.FindStringSubmatch(r.cell(column)); m != nil {
			seen[orderOf(m[1], m[2])] = true
		}
	}
	switch {
	case seen[dayFirst] && !seen[monthFirst]:
		return dayFirst
	case seen[monthFirst] && !seen[dayFirst]:
		return monthFirst
	}
	return unclear
}
