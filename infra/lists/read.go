package main

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// toText makes UTF-8 of what spreadsheets write: UTF-8 and UTF-16 with a byte
// order mark, and else windows-1252.
func toText(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return utf16Text(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return utf16Text(data[2:], binary.BigEndian)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data)
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(data) // it knows every byte
	return string(text)
}

func utf16Text(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// record is one record of a file; line is where it begins, from 1. Broken ones
// have no cells.
type record struct {
	line  int
	cells []string
}

// sheet reads a CSV file record by record. A broken record costs itself alone:
// an open quote must not swallow the people behind it.
type sheet struct {
	lines []string
	next  int // index of the next line
	comma rune
}

var errHeader = errors.New("the first line must name the columns, one of them the address; see the table in infra/lists/formats.go")

// openSheet finds the delimiter by which the header is one that is known.
func openSheet(text string) (*sheet, columns, error) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	skip := 0
	for skip < len(lines) && strings.TrimSpace(lines[skip]) == "" {
		skip++
	}
	var only *sheet
	var found columns
	for _, comma := range ",;\t|" {
		s := &sheet{lines: lines, next: skip, comma: comma}
		header, ok := s.read()
		if !ok {
			break
		}
		if c, known := recognise(header.cells); known && (only == nil || len(header.cells) > 1) {
			only, found = s, c
			if len(header.cells) > 1 {
				break
			}
		}
	}
	if only == nil {
		return nil, columns{}, errHeader
	}
	return only, found, nil
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
	// The line as it stands, quotes and all; what does not make one record so
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
