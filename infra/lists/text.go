package main

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

var (
	errWorkbook = errors.New("this is a workbook or an archive, not a text; save the sheet as CSV and import that")
	errEmpty    = errors.New("there is nothing in the file")
)

// packed are the first bytes of what is no text: xlsx and zip, xls, gzip, PDF.
var packed = []string{"PK\x03\x04", "\xd0\xcf\x11\xe0", "\x1f\x8b", "%PDF"}

// toText makes UTF-8 of what spreadsheets write: UTF-8, UTF-16 with or without
// a byte order mark, and else windows-1252.
func toText(data []byte) (string, error) {
	for _, first := range packed {
		if bytes.HasPrefix(data, []byte(first)) {
			return "", errWorkbook
		}
	}
	if order, found := utf16Order(data); found {
		data, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data[:len(data)/2*2])
		return string(data), err
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(data) // it knows every byte
	return string(text), nil
}

// utf16Order is the byte order of UTF-16; a mark overrides it. Without a mark
// the zeros of letters, digits and line ends tell: they are all at even or all at odd places.
func utf16Order(data []byte) (order unicode.Endianness, found bool) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return unicode.LittleEndian, true
	}
	var zeros [2]int
	sample := data[:min(len(data), 4096)]
	for i, b := range sample {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(sample) / 2
	switch {
	case half > 0 && zeros[1] > half/2 && zeros[0] < half/10+1:
		return unicode.LittleEndian, true
	case half > 0 && zeros[0] > half/2 && zeros[1] < half/10+1:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}
