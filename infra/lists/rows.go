package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"privacydesk/shared/domain/person"
)

// row is one row as POST /suppressions/import takes it.
type row struct {
	Address string `json:"address"`
	Scope   string `json:"scope,omitempty"`
	At      string `json:"at,omitempty"`
	Reason  string `json:"reason,omitempty"`
	line    int
	again   bool // the same as a row before
}

// list is what a file says.
type list struct {
	readings []string // how it was read, for the report
	rows     []row
	notOut   int      // records of people who are not out
	soft     int      // of whom only a temporary bounce is known
	undated  int      // rows without a date of their own
	remarks  []remark // on lines that are not taken, or not whole
}

// remark is one line of the report. It never holds what the line says.
type remark struct {
	line   int
	reason string
}

// Reasons of remarks that need no answer of the desk.
const (
	brokenLine = "not taken: broken, since the quotes do not pair up or columns are missing"
	noAddress  = "not taken: no address"
	oddDate    = "taken without its date, which could not be read"
	futureDate = "taken as of now: its date is still to come"
	oddChannel = "not taken: the desk has no such channel"
	tooLong    = "not taken: too long for an address"
)

// readList reads a whole file. at is for rows without a date of their own.
func readList(data []byte, a asked, at time.Time) (list, error) {
	text, err := toText(data)
	if err != nil {
		return list{}, err
	}
	t, err := open(text, a.column)
	if err != nil {
		return list{}, err
	}
	if t.json && len(t.header) == 0 {
		return list{readings: []string{"There is nobody on the list."}}, nil
	}
	p, err := makePlan(t, a)
	if err != nil {
		return list{}, err
	}
	r := rowReader{plan: p, at: at, orders: map[int]order{}}
	for _, i := range p.dates {
		r.orders[i] = columnOrder(t, i)
	}
	for record := range t.records {
		if err := r.take(record); err != nil {
			return list{}, err
		}
	}
	r.tell(t)
	return r.list, nil
}

func open(text, column string) (table, error) {
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "":
		return table{}, errEmpty
	case strings.HasPrefix(trimmed, "{"), strings.HasPrefix(trimmed, "["):
		return openJSON(trimmed)
	}
	return openSheet(text, column), nil
}

// longest is more than an address or a scope can have, in bytes: the desk takes
// no call of more than 1 MB, and one cell must not keep a whole batch out.
const longest = 320

// rowReader makes rows of records.
type rowReader struct {
	plan
	at     time.Time
	orders map[int]order
	seen   map[string]bool
	list
}

// take reads one record. The error is for the whole list.
func (l *rowReader) take(r record) error {
	note := func(reason string) { l.remarks = append(l.remarks, remark{r.line, reason}) }
	if len(r.cells) < l.width {
		note(brokenLine)
		return nil
	}
	why, since, err := l.reads(r)
	switch {
	case err != nil:
		return err
	case why == "":
		l.notOut++
		return nil
	case why == softly:
		l.soft++
		return nil
	}
	one := row{Address: bare(r.cell(l.address)), Scope: r.cell(l.scope), Reason: why, line: r.line}
	if l.scopes != nil {
		scope, known := l.scopes[strings.ToLower(strings.TrimSpace(markup.ReplaceAllString(one.Scope, "")))]
		if one.Scope = scope; !known {
			note(oddChannel)
			return nil
		}
	}
	switch {
	case one.Address == "":
		note(noAddress)
	case len(one.Address)+len(one.Scope) > longest:
		note(tooLong)
	default:
		l.date(&one, r, since, note)
		l.add(one)
	}
	return nil
}

func (l *rowReader) add(one row) {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	key := one.Address + " " + one.Scope + " " + one.Reason
	one.again, l.seen[key] = l.seen[key], true
	l.rows = append(l.rows, one)
}

// date reads the first date that is there: what the column of consent holds, if
// that is one, or the columns of dates.
func (l *rowReader) date(one *row, r record, since string, note func(string)) {
	when, readable, filled := time.Time{}, false, false
	if since != "" {
		when, readable = readDate(since, unclear)
	}
	for _, i := range l.dates {
		if readable {
			break
		}
		if text := r.cell(i); text != "" {
			filled = true
			when, readable = readDate(text, l.orders[i])
		}
	}
	if !readable {
		when = l.at
		l.undated++
	}
	if filled && !readable {
		note(oddDate)
	}
	if !when.IsZero() {
		one.At = when.Format(time.RFC3339)
	}
}

// tell says how the list was read.
func (l *rowReader) tell(t table) {
	said := l.decided
	if l.name != "" {
		said = l.name + ". " + said
	}
	l.readings = append(append(l.readings, said), l.notes...)
	switch {
	case len(l.rows) == 0:
		return
	case l.undated == 0 && len(l.dates) > 0:
		l.readings = append(l.readings, fmt.Sprintf("Dates are read from %s.", quoted(t, l.dates)))
		return
	case l.undated == 0:
		return
	}
	without := fmt.Sprintf("%d of %d opt-outs have no date that could be read", l.undated, len(l.rows))
	if l.undated == len(l.rows) {
		without = "No date was read"
	}
	if l.at.IsZero() {
		without += ": they count from today, and who has come back here before stays in; AT=2026-11-22 would say of when the list is."
	} else {
		without += ": they count from " + l.at.Format(time.DateOnly) + "."
	}
	l.readings = append(l.readings, without)
}

// farAhead is more than the zones of the world differ by: a list may be of a
// place where it is tomorrow.
const farAhead = 24 * time.Hour

// noteFuture adds a remark for each row whose date is too far ahead.
func (l *list) noteFuture(now time.Time) {
	for _, r := range l.rows {
		if at, err := time.Parse(time.RFC3339, r.At); err == nil && at.After(now.Add(farAhead)) {
			l.remarks = append(l.remarks, remark{r.line, futureDate})
		}
	}
}

// markup is what Mautic leaves around a channel that it shows as a link.
var markup = regexp.MustCompile(`<[^>]*>`)

// unquoted takes the mark away by which an export keeps a spreadsheet from
// reading a formula: no mailbox that we made begins with it by itself.
func unquoted(address string) string {
	if rest, marked := strings.CutPrefix(address, "'"); marked && rest != "" && strings.ContainsRune("=+-@|%", rune(rest[0])) {
		return rest
	}
	return address
}

// bare is the address that a cell holds, or the cell where it holds none.
func bare(cell string) string {
	cell = unquoted(cell)
	if a, err := person.Read(cell); err == nil {
		return a.Reveal()
	}
	return cell
}
