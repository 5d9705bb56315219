package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
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
	if order := utf16Order(data); order != nil {
		return utf16Text(data, order), nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	text, _ := charmap.Windows1252.NewDecoder().Bytes(data) // it knows every byte
	return string(text), nil
}

// utf16Order is the byte order of UTF-16, nil for what is none. Without a mark
// it shows in the zeros of the letters, digits and line ends, which stand at one
// side alone.
func utf16Order(data []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return binary.BigEndian
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
		return binary.LittleEndian
	case half > 0 && zeros[0] > half/2 && zeros[1] < half/10+1:
		return binary.BigEndian
	}
	return nil
}

func utf16Text(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	text := string(utf16.Decode(units))
	return string(bytes.TrimPrefix([]byte(text), []byte("\ufeff")))
}
