package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"privacydesk/shared/domain/person"
)

// plan is how the records of one file are read, and why so.
type plan struct {
	name    string // of the format, "" where the columns alone have decided
	decided string // a sentence
	notes   []string
	address int
	width   int // how many cells a record must have at least
	scope   int // -1: none
	scopes  map[string]string
	dates   []int
	// reads says why a record's person is out, "" if they are not, and since
	// when where the cell says so. The error names no person.
	reads func(record) (why, since string, err error)
}

// asked is what the caller says of the file.
type asked struct {
	file    string
	column  string // of the addresses; a name, or its place from 1 where there are no names
	consent string // which column decides
	all     bool   // everybody on the list is out
}

// makePlan decides by the data alone, or refuses.
func makePlan(t table, a asked) (plan, error) {
	if c, known := recognise(t); known && a.column == "" && a.consent == "" {
		return c.plan(t, a)
	}
	return readColumns(t, a)
}

func (c columns) plan(t table, a asked) (plan, error) {
	p := plan{name: c.name, address: c.addressAt, scope: c.scopeAt, scopes: c.scopes, dates: c.dateAt}
	p.width = 1 + slices.Max(append([]int{c.addressAt, c.statusAt}, c.ticksAt...))
	if t.json {
		p.name += ", JSON"
	}
	if c.note != "" {
		p.notes = append(p.notes, c.note)
	}
	switch {
	case c.subscribers && !a.all:
		return p, fmt.Errorf("this is %s: people who may be written to, not opt-outs; nothing was imported. If all of them are to be opted out, say ALL=yes", c.name)
	case c.subscribers:
		p.decided, p.reads = "ALL=yes: everybody on it is out.", everybody(unsubscribed)
		return p, nil
	case c.name == "SendGrid, bounces" && strings.Contains(fold(a.file), "blocks"):
		return p, errors.New("these are SendGrid's blocks: mails that were refused for a time, not opt-outs; nothing was imported")
	case len(c.ticks) > 0:
		p.decided = "Who is out is read from the columns of bounces and unsubscribes."
	case c.statusAt >= 0:
		p.decided = fmt.Sprintf("The column %q says who is out.", t.header[c.statusAt])
	default:
		p.decided = fmt.Sprintf("Everybody on it is out (%s).", c.reason)
	}
	p.reads = func(r record) (string, string, error) {
		why, at := c.reads(r)
		if at >= 0 {
			return "", "", cannotRead(t, r, at)
		}
		return why, "", nil
	}
	return p, nil
}

// cannotRead names the line and the value, unless that may be about a person.
func cannotRead(t table, r record, column int) error {
	value := r.cell(column)
	if len(value) > 40 || strings.Contains(value, "@") {
		value = "a longer text"
	}
	return fmt.Errorf("line %d: the column %q holds %q, and nobody can tell whether that is an opt-out; nothing was imported. Change the value to yes or no, or to subscribed or unsubscribed, take the line out, or name the column that decides: CONSENT=<name>", r.line, t.header[column], value)
}

func everybody(why string) func(record) (string, string, error) {
	return func(record) (string, string, error) { return why, "", nil }
}

func isAddress(cell string) bool {
	if !strings.Contains(cell, "@") && !strings.Contains(cell, "＠") {
		return false
	}
	_, err := person.Read(cell)
	return err == nil
}

// evidence counts, column by column, the cells with an address near the top.
func evidence(t table) []int {
	var counts []int
	for r := range t.top {
		for i, cell := range r.cells {
			if i == len(counts) {
				counts = append(counts, 0)
			}
			if isAddress(cell) {
				counts[i]++
			}
		}
	}
	return counts
}

// addressColumn finds the column of the addresses.
func addressColumn(t table, column string) (int, error) {
	counts := evidence(t)
	holds := func(i int) bool { return i < len(counts) && counts[i] > 0 }
	if column != "" {
		return givenColumn(t, column, len(counts))
	}
	if t.header == nil {
		return onlyColumn(t, counts, holds)
	}
	best, rank, several := -1, 0, false
	for i, h := range t.header {
		r := addressRank(h)
		if r > 0 && holds(i) {
			r += exactly // what holds addresses comes before what only says so
		}
		switch {
		case r > rank:
			best, rank, several = i, r, false
		case r == rank && r > 0:
			several = true
		}
	}
	switch {
	case several:
		return -1, fmt.Errorf("more than one column may hold the addresses. Columns found: %s. Say COLUMN=%s, or another", t.names(), t.header[best])
	case rank == perhaps, rank == 0:
		return onlyColumn(t, counts, holds)
	}
	return best, nil
}

func givenColumn(t table, column string, width int) (int, error) {
	for i, h := range t.header {
		if fold(h) == fold(column) {
			return i, nil
		}
	}
	if n, err := strconv.Atoi(column); err == nil && n >= 1 && n <= width {
		return n - 1, nil
	}
	return -1, fmt.Errorf("there is no column %q. Columns found: %s", column, t.names())
}

// onlyColumn takes the one column there is, or the one that is named after what
// its people have done; else it says what to say.
func onlyColumn(t table, counts []int, holds func(int) bool) (int, error) {
	var with []int
	for i := range counts {
		if holds(i) {
			with = append(with, i)
		}
	}
	switch {
	case len(with) == 0:
		return -1, fmt.Errorf("no column holds e-mail addresses. Columns found: %s", t.names())
	case len(with) == 1 && (len(counts) == 1 || t.header == nil || with[0] < len(t.header) && kindOf(t.header[with[0]]) != silent):
		return with[0], nil
	case t.header == nil:
		return -1, fmt.Errorf("more than one column holds addresses, and no line names the columns. Say COLUMN=%d, or another", with[0]+1)
	case with[0] >= len(t.header):
		return -1, fmt.Errorf("the column of the addresses has no name. Columns found: %s. Say COLUMN=%d", t.names(), with[0]+1)
	}
	return -1, fmt.Errorf("no column is named as the address. Columns found: %s. Say COLUMN=%s", t.names(), t.header[with[0]])
}

// names are those of the columns, for a sentence.
func (t table) names() string {
	if len(t.header) == 0 {
		return "none (no line names them)"
	}
	names := make([]string, len(t.header))
	for i, h := range t.header {
		if names[i] = strings.TrimSpace(h); strings.Contains(h, "@") {
			names[i] = "(an address)"
		}
	}
	return strings.Join(names, ", ")
}

// called says by which word the file's name, a line above the header or the
// name of the column of addresses calls the list one of opt-outs, and for what
// reason.
func called(t table, address int, file string) (by, why string) {
	base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	type name struct{ what, text string }
	names := []name{{"the file's name", base}}
	for _, title := range t.titles {
		names = append(names, name{"the title", title})
	}
	if address < len(t.header) {
		names = append(names, name{"the column's name", t.header[address]})
	}
	for _, n := range names {
		text := fold(n.text)
		if n.what != "the column's name" && elsewhere(text) {
			continue
		}
		_, rest := outNames.MatchString(text), outNames.ReplaceAllString(text, " ")
		switch {
		case denies.MatchString(rest):
		case soft.MatchString(text):
			return n.what, softly
		case bounceNames.MatchString(text):
			return n.what, bounced
		case spamNames.MatchString(text):
			return n.what, complained
		case outNames.MatchString(text):
			return n.what, unsubscribed
		}
	}
	return "", ""
}

// denies is in a name that speaks of opt-outs and means the others.
var denies = named(`not non without no ex excl excluding except minus removed clean never anti anti_?spam resubscri\w* re_?activated ohne nicht nie sin salvo menos nunca incl including inkl inklusive with mit incluid\w* incluye\w* subscribed opt_?ins? opted_in angemeldet suscrit\w* altas`)

// allowLists name the contrary of a list of opt-outs, and others whoever may
// be on a list with a date: those who came, ordered or signed up.
var (
	allowLists = named(`allow_?lists? white_?lists? safe_?lists? erlaubt\w* lista_blanca`)
	others     = named(`subscribers? subscriptions? opt_?ins? sign_?ups? customers? contacts? orders? leads? members? buyers? registrations? attendees? users? clients? guests? donors? consents? opens? clicks?
		kund\w* kontakt\w* bestell\w* anmeld\w* abonn\w* teilnehm\w* mitglied\w* empfanger einwilligung\w* clientes? contactos? pedidos? suscri\w* altas? miembros? socios? usuarios?`)
)

func allowed(t table, file string) bool  { return titled(t, file, allowLists) }
func ofOthers(t table, file string) bool { return titled(t, file, others) || titled(t, file, denies) }

// titled reports whether the file's name or a line above the header says so.
func titled(t table, file string, says *regexp.Regexp) bool {
	base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	return slices.ContainsFunc(append([]string{base}, t.titles...), func(name string) bool { return says.MatchString(fold(name)) })
}

// plainList reports whether the columns hold nothing of a person but the
// address, so that a date can only be that of the entry.
func (t table) plainList(address int) bool {
	for i, h := range t.header {
		name := fold(h)
		if i != address && !plainDates.MatchString(name) && kindOf(h) == silent && name != "" && name != "scope" && name != "channel" && name != "id" {
			return false
		}
	}
	return true
}

func quoted(t table, columns []int) string {
	var names []string
	for _, i := range columns {
		names = append(names, strconv.Quote(strings.TrimSpace(t.header[i])))
	}
	return strings.Join(slices.Compact(names), ", ")
}
