package attachment

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Type is what a file is, by the ending of its name.
type Type string

// The types that are taken. None of them runs by being opened in a browser.
const (
	PDF  Type = "pdf"
	PNG  Type = "png"
	JPEG Type = "jpg"
	WebP Type = "webp"
	HEIC Type = "heic"
	Text Type = "txt"
)

// Types lists them.
var Types = []Type{PDF, PNG, JPEG, WebP, HEIC, Text}

var mediaTypes = map[Type]string{
	PDF: "application/pdf", PNG: "image/png", JPEG: "image/jpeg", WebP: "image/webp", HEIC: "image/heic", Text: "text/plain; charset=utf-8",
}

// MediaType is the file's Content-Type.
func (t Type) MediaType() string { return mediaTypes[t] }

// begins are the first bytes of each type; a dot is any byte.
var begins = []struct {
	Type
	bytes string
}{
	{PDF, "%PDF-"}, {PNG, "\x89PNG\r\n\x1a\n"}, {JPEG, "\xff\xd8\xff"}, {WebP, "RIFF....WEBP"},
	{HEIC, "....ftypheic"}, {HEIC, "....ftypheix"}, {HEIC, "....ftypmif1"},
}

// Recognise tells the type of a file by its first bytes, whatever it was called. Only
// what holds no control signs is text.
func Recognise(first []byte) (Type, bool) {
	for _, b := range begins {
		if matches(first, b.bytes) {
			return b.Type, true
		}
	}
	if len(first) > 0 && plain(first) {
		return Text, true
	}
	return "", false
}

func matches(first []byte, pattern string) bool {
	if len(first) < len(pattern) {
		return false
	}
	for i := range len(pattern) {
		if pattern[i] != '.' && pattern[i] != first[i] {
			return false
		}
	}
	return true
}

// plain reports text in UTF-8 that is no mark-up; a sign cut at the end counts.
func plain(first []byte) bool {
	if bytes.HasPrefix(bytes.TrimSpace(first), []byte("<")) {
		return false
	}
	for n := range min(utf8.UTFMax, len(first)) {
		end := len(first) - n
		if utf8.Valid(first[:end]) && (n == 0 || !utf8.FullRune(first[end:])) {
			return !slices.ContainsFunc(first[:end], func(b byte) bool { return b < ' ' && b != '\n' && b != '\r' && b != '\t' })
		}
	}
	return false
}
