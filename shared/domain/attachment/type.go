package attachment

import (
	"bytes"
	"encoding/csv"
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
	CSV  Type = "csv"
	JSON Type = "json"
	ZIP  Type = "zip"
	DOCX Type = "docx"
	XLSX Type = "xlsx"
)

// Types are those that are taken of such files. A person has papers and pictures of
// them; what systems export is data.
func (w For) Types() []Type {
	switch {
	case w == Archive:
		return []Type{ZIP}
	case w.FromPerson():
		return []Type{PDF, PNG, JPEG, WebP, HEIC, Text}
	}
	return []Type{PDF, PNG, JPEG, WebP, HEIC, Text, CSV, JSON, ZIP, DOCX, XLSX}
}

var mediaTypes = map[Type]string{
	PDF: "application/pdf", PNG: "image/png", JPEG: "image/jpeg", WebP: "image/webp", HEIC: "image/heic", Text: "text/plain; charset=utf-8",
	CSV: "text/csv; charset=utf-8", JSON: "application/json", ZIP: "application/zip",
	DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// MediaType is the file's Content-Type.
func (t Type) MediaType() string { return mediaTypes[t] }

// Plain reports whether a machine can read what the file says.
func (t Type) Plain() bool { return t == Text || t == CSV || t == JSON }

// begins are the first bytes of each type; a dot is any byte.
var begins = []struct {
	Type
	bytes string
}{
	{PDF, "%PDF-"}, {PNG, "\x89PNG\r\n\x1a\n"}, {JPEG, "\xff\xd8\xff"}, {WebP, "RIFF....WEBP"},
	{HEIC, "....ftypheic"}, {HEIC, "....ftypheix"}, {HEIC, "....ftypmif1"}, {ZIP, entry},
}

// entry begins each file of a ZIP (APPNOTE 4.3.7): its name is at byte 30.
const entry = "PK\x03\x04"

// recognise tells the type of a file by its first bytes, whatever it was called. Data
// in text is text for whom it is not taken as data.
func (w For) recognise(first []byte) (Type, bool) {
	kind := binary(first)
	switch {
	case kind == ZIP && w != Archive:
		kind = office(first)
	case kind == "" && IsText(first):
		kind = data(first)
		if !slices.Contains(w.Types(), kind) {
			kind = Text
		}
	}
	return kind, slices.Contains(w.Types(), kind)
}

func binary(first []byte) Type {
	for _, b := range begins {
		if matches(first, b.bytes) {
			return b.Type
		}
	}
	return ""
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

// office tells what a ZIP is by the names of its first files.
func office(first []byte) Type {
	const nameAt = 30
	for rest := first; ; {
		i := bytes.Index(rest, []byte(entry))
		if i < 0 || len(rest) < i+nameAt {
			return ZIP
		}
		rest = rest[i+nameAt:]
		switch {
		case bytes.HasPrefix(rest, []byte("word/")):
			return DOCX
		case bytes.HasPrefix(rest, []byte("xl/")):
			return XLSX
		}
	}
}

// blanks may come before what a text begins with.
const blanks = "\ufeff \t\r\n"

// data tells which kind of text it is.
func data(first []byte) Type {
	bare := bytes.TrimLeft(first, blanks)
	if bytes.HasPrefix(bare, []byte("{")) || bytes.HasPrefix(bare, []byte("[")) {
		return JSON
	}
	for _, sign := range ",;\t" {
		if table(first, sign) {
			return CSV
		}
	}
	return Text
}

// table reports whether the first two lines have the same fields, and more than one.
func table(first []byte, sign rune) bool {
	lines := csv.NewReader(bytes.NewReader(first))
	lines.Comma = sign
	head, err := lines.Read()
	_, next := lines.Read()
	return err == nil && next == nil && len(head) > 1
}

// IsText reports text in UTF-8 that is no mark-up and holds no control signs, by its
// first bytes; a sign cut at the end counts.
func IsText(first []byte) bool {
	if len(first) == 0 || bytes.HasPrefix(bytes.TrimLeft(first, blanks), []byte("<")) {
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
