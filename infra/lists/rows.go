package main

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

// row is one row as POST /suppressions/import takes it.
type row struct {
	Address string `json:"address"`
	Scope   string `json:"scope,omitempty"`
	At      string `json:"at,omitempty"`
	Reason  string `json:"reason,omitempty"`
	line    int
}

// list is what a file says.
type list struct {
	format  string
	rows    []row
	notOut  int      // records of people who are not out
	remarks []remark // on lines that are not taken, or not whole
}

// remark is one line of the report. It never holds what the line says.
type remark struct {
	line   int
	reason string
}

// Reasons of remarks that need no answer of the desk.
const (
	brokenLine = "broken: the quotes do not pair up, or columns are missing"
	noAddress  = "no address"
	oddDate    = "taken without its date, which could not be read"
	futureDate = "taken as of now: its date is still to come"
	oddChannel = "not taken: the desk has no such channel"
	oddStatus  = "not taken: whether the person is out is said in a word that is not known"
	tooLong    = "not taken: too long for an address"
)

var errSubscribers = errors.New("this is a list of people who may be written to, not of opt-outs; nothing was imported")

// readList reads a whole file. at is for rows without a date of their own.
func readList(data []byte, at time.Time) (list, error) {
	text := toText(data)
	if trimmed := strings.TrimSpace(text); strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[") {
		return readJSON(trimmed, at)
	}
	s, c, err := openSheet(text)
	if err != nil {
		return list{}, err
	}
	if c.subscribers {
		return list{}, errSubscribers
	}
	l := list{format: c.name}
	for r, ok := s.read(); ok; r, ok = s.read() {
		l.take(c, r, at)
	}
	return l, nil
}

// longest is more than an address or a scope can have, in bytes: the desk takes
// no call of more than 1 MB, and one cell must not keep a whole batch out.
const longest = 320

// take reads one record.
func (l *list) take(c columns, r record, at time.Time) {
	cell := func(i int) string {
		if i < 0 || i >= len(r.cells) {
			return ""
		}
		return strings.TrimSpace(r.cells[i])
	}
	note := func(reason string) { l.remarks = append(l.remarks, remark{r.line, reason}) }
	out := row{Address: unquoted(cell(c.addressAt)), Reason: c.reason, line: r.line}
	if len(r.cells) <= max(c.addressAt, c.statusAt) {
		note(brokenLine)
		return
	}
	if c.statusAt >= 0 {
		var known bool
		if out.Reason, known = c.reasonOf(cell(c.statusAt)); !known {
			note(oddStatus)
			return
		}
		if out.Reason == "" {
			l.notOut++
			return
		}
	}
	if len(c.ticks) > 0 {
		if out.Reason = c.ticked(cell); out.Reason == "" {
			l.notOut++
			return
		}
	}
	if out.Address == "" {
		note(noAddress)
		return
	}
	if out.Scope = cell(c.scopeAt); c.scopes != nil {
		scope, known := c.scopes[strings.ToLower(markup.ReplaceAllString(out.Scope, ""))]
		if out.Scope = scope; !known {
			note(oddChannel)
			return
		}
	}
	if len(out.Address)+len(out.Scope) > longest {
		note(tooLong)
		return
	}
	when, readable := at, true
	for _, i := range c.dateAt {
		if text := cell(i); text != "" {
			if when, readable = readDate(text); readable {
				break
			}
			when = at
		}
	}
	if !readable {
		note(oddDate)
	}
	if !when.IsZero() {
		out.At = when.Format(time.RFC3339)
	}
	l.rows = append(l.rows, out)
}

// farAhead is more than the zones of the world differ by: a list may be of a
// place where it is tomorrow.
const farAhead = 24 * time.Hour

// tellFuture remarks on the rows whose date the desk cannot take as it stands.
func (l *list) tellFuture(now time.Time) {
	for _, r := range l.rows {
		if at, err := time.Parse(time.RFC3339, r.At); err == nil && at.After(now.Add(farAhead)) {
			l.remarks = append(l.remarks, remark{r.line, futureDate})
		}
	}
}

// markup is what Mautic leaves around a channel that it shows as a link.
var markup = regexp.MustCompile(`<[^>]*>`)

// ticked is the reason of the first column that says that the person is out,
// "" if none does.
func (c columns) ticked(cell func(int) string) string {
	for i, t := range c.ticks {
		if !slices.Contains(untickedWords, strings.ToLower(cell(c.ticksAt[i]))) {
			return t.reason
		}
	}
	return ""
}

// unquoted takes the mark away by which an export keeps a spreadsheet from
// reading a formula: no mailbox that we made begins with it by itself.
func unquoted(address string) string {
	if rest, marked := strings.CutPrefix(address, "'"); marked && rest != "" && strings.ContainsRune("=+-@|%", rune(rest[0])) {
		return rest
	}
	return address
}

// readJSON reads what `aws sesv2 list-suppressed-destinations` prints; a
// record's number stands for its line.
func readJSON(text string, at time.Time) (list, error) {
	type entry struct {
		EmailAddress, Reason string
		LastUpdateTime       json.RawMessage
	}
	var whole struct{ SuppressedDestinationSummaries []entry }
	if json.Unmarshal([]byte(text), &whole) != nil || whole.SuppressedDestinationSummaries == nil {
		return list{}, errors.New("the JSON is not what `aws sesv2 list-suppressed-destinations` prints")
	}
	c, _ := recognise([]string{"EmailAddress", "Reason", "LastUpdateTime"})
	l := list{format: "Amazon SES, JSON"}
	for i, e := range whole.SuppressedDestinationSummaries {
		l.take(c, record{i + 1, []string{e.EmailAddress, e.Reason, epochOrText(e.LastUpdateTime)}}, at)
	}
	return l, nil
}

// epochOrText reads a time as the command prints it: a text, or seconds.
func epochOrText(raw json.RawMessage) string {
	var text string
	var seconds float64
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	if json.Unmarshal(raw, &seconds) == nil && seconds > 0 {
		return time.UnixMilli(int64(seconds * 1000)).UTC().Format(time.RFC3339)
	}
	return ""
}
