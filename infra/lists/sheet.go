package main

import (
	"encoding/csv"
	"slices"
	"strings"
)

// record is one record of a file; line is where it begins, from 1. Broken ones
// have no cells.
type record struct {
	line  int
	cells []string
}

func (r record) cell(i int) string {
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// sheet reads a CSV file record by record. A broken record costs itself alone:
// an open quote must not swallow the people behind it.
type sheet struct {
	lines []string
	next  int // index of the next line
	comma rune
}

// table is a file as columns and records, whatever its form.
type table struct {
	titles  []string // the lines above the header
	header  []string // nil: the file has none
	records func(yield func(record) bool)
	json    bool
}

// commas are the delimiters, the likely ones first.
const commas = ",;\t|"

// openSheet finds the delimiter and the header. column is the one that the
// caller has named, "" if none.
func openSheet(text, column string) table {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines, skip, tried := strings.Split(strings.TrimSuffix(text, "\n"), "\n"), 0, commas
	if given := sepLine(lines[0]); given != "" {
		skip, tried = 1, given
	}
	var best found
	for _, comma := range tried {
		f := look(&sheet{lines: lines, next: skip, comma: comma}, column)
		if f.better(best) {
			best = f
		}
	}
	return best.table(lines)
}

// sepLine is the delimiter that Excel writes into a line of its own, "" if the
// line is another.
func sepLine(line string) string {
	rest, found := strings.CutPrefix(strings.ToLower(strings.Trim(strings.TrimSpace(line), `"`)), "sep=")
	if !found || rest == "" && !strings.HasSuffix(line, "\t") {
		return ""
	}
	if rest == "" || strings.HasPrefix(rest, `\t`) {
		return "\t"
	}
	return rest[:1]
}

// found is what one delimiter makes of the top of a file.
type found struct {
	comma  rune
	titles []string
	header []string
	start  int  // index of the first line of data
	named  bool // the header names the address
	seen   bool // an address is below it
	width  int  // of the widest record near the top
}

// headerWithin is how many records may come before the first with an address.
const headerWithin = 30

// look reads down to the header: the first record that names the address, or
// else the one above the first address.
func look(s *sheet, column string) found {
	f := found{comma: s.comma, start: s.next}
	var above []record
	for range headerWithin {
		r, ok := s.read()
		if !ok {
			break
		}
		f.width = max(f.width, len(r.cells))
		if f.seen = slices.ContainsFunc(r.cells, isAddress); f.seen {
			break
		}
		if slices.ContainsFunc(r.cells, func(cell string) bool { return strings.Contains(cell, "@") }) {
			continue // no name of a column
		}
		above = append(above, r)
		if f.named = namesAddress(r.cells, column); f.named {
			break
		}
	}
	if len(above) == 0 {
		return f
	}
	last := 0
	if f.named || f.seen {
		last = len(above) - 1
	}
	f.header, f.start = above[last].cells, s.after(above[last])
	for _, r := range above[:last] {
		f.titles = append(f.titles, strings.Join(r.cells, " "))
	}
	return f
}

// after is the index of the line behind a record.
func (s *sheet) after(r record) int {
	again := &sheet{lines: s.lines, next: r.line - 1, comma: s.comma}
	again.read()
	return again.next
}

func namesAddress(cells []string, column string) bool {
	return slices.ContainsFunc(cells, func(cell string) bool {
		if column != "" {
			return fold(cell) == fold(column)
		}
		return len(cell) <= maxWord && addressRank(cell) >= clearly
	})
}

// better prefers a header that names the address, then one above addresses,
// then more columns.
func (f found) better(than found) bool {
	switch {
	case than.comma == 0 || f.named != than.named:
		return than.comma == 0 || f.named
	case f.seen != than.seen:
		return f.seen
	case len(f.header) != len(than.header):
		return len(f.header) > len(than.header)
	}
	return f.width > than.width
}

func (f found) table(lines []string) table {
	return table{titles: f.titles, header: f.header, records: func(yield func(record) bool) {
		s := &sheet{lines: lines, next: f.start, comma: f.comma}
		for r, ok := s.read(); ok && yield(r); r, ok = s.read() {
		}
	}}
}

// maxLines is how many lines a quoted field may go over.
const maxLines = 100

// read gives the next record.
func (s *sheet) read() (record, bool) {
	for s.next < len(s.lines) && strings.TrimSpace(s.lines[s.next]) == "" {
		s.next++
	}
	if s.next >= len(s.lines) {
		return record{}, false
	}
	start := s.next
	for end := start + 1; end <= min(len(s.lines), start+maxLines); end++ {
		whole := strings.Join(s.lines[start:end], "\n")
		if strings.Count(whole, `"`)%2 != 0 {
			continue // a quote is still open
		}
		if cells, ok := s.cells(whole, false); ok {
			s.next = end
			return record{start + 1, cells}, true
		}
		break
	}
	// The line alone, quotes and all; what does not make one record so
	// is broken.
	s.next = start + 1
	cells, _ := s.cells(s.lines[start], true)
	return record{start + 1, cells}, true
}

func (s *sheet) cells(text string, lazy bool) ([]string, bool) {
	if lazy && strings.HasPrefix(strings.TrimSpace(text), `"`) {
		return nil, false
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = s.comma, lazy, -1
	all, err := r.ReadAll()
	if err != nil || len(all) != 1 || lazy && slices.ContainsFunc(all[0], func(cell string) bool { return strings.Contains(cell, "\n") }) {
		return nil, false
	}
	return all[0], true
}
