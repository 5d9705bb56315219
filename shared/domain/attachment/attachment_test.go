package attachment

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestTypesAreRecognisedByTheirContent(t *testing.T) {
	for name, c := range map[string]struct {
		begins string
		want   Type
	}{
		"PDF": {"%PDF-1.7\n%\xe2\xe3", PDF}, "PNG": {"\x89PNG\r\n\x1a\n\x00", PNG}, "JPEG": {"\xff\xd8\xff\xe0", JPEG},
		"WebP": {"RIFF\x01\x02\x03\x04WEBPVP8 ", WebP}, "a photo of a telephone": {"\x00\x00\x00\x24ftypheic\x00", HEIC},
		"text": {"Ich heiße\r\n\tZaphod", Text}, "a sign cut in two": {strings.Repeat("x", 10) + "\xc3", Text},
		"a program": {"MZ\x90\x00", ""}, "a page": {" \n<html><script>", ""}, "an image that runs": {"<svg xmlns=", ""}, "Latin-1": {"Ich hei\xdfe", ""},
		"nothing": {"", ""}, "the beginning of a PNG": {"\x89PNG", ""}, "sound": {"RIFF\x01\x02\x03\x04WAVE", ""}, "a folder": {"PK\x03\x04", ""}, "an escape": {"\x1b[2J", ""},
		"data": {`{"name": "Zaphod"}`, Text}, "a table": {"name,number\nZ,42\n", Text}, "a page after a mark": {"\ufeff<html>", ""},
	} {
		if got, ok := Proof.recognise([]byte(c.begins)); got != c.want && ok || ok != (c.want != "") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	for _, kind := range slices.Concat(Answer.Types(), Archive.Types()) {
		if kind.MediaType() == "" || strings.Contains(kind.MediaType(), "html") {
			t.Errorf("%s: %q", kind, kind.MediaType())
		}
	}
}

// entryOf is how a file of a ZIP begins.
func entryOf(name string) string {
	return "PK\x03\x04" + strings.Repeat("\x00", 26) + name + "\x01\x02"
}

func TestDataIsRecognisedByItsContent(t *testing.T) {
	for name, c := range map[string]struct {
		begins string
		want   Type
	}{
		"JSON": {"\ufeff\n{\"name\":", JSON}, "a list": {"[1,2]", JSON}, "a table": {"name,number\n\"Z, B\",42\nT", CSV}, "of a German Excel": {"\ufeffName;Zahl\r\nZ;42\r\n", CSV}, "with tabs": {"a\tb\nc\td\n", CSV},
		"a letter": {"Dear Zaphod,\nyour number is 42.\n", Text}, "one line": {"name,number", Text},
		"a folder": {entryOf("photo.png"), ZIP}, "a letter of Word": {entryOf("[Content_Types].xml") + entryOf("word/document.xml"), DOCX},
		"a sheet of Excel": {entryOf("[Content_Types].xml") + entryOf("_rels/.rels") + entryOf("xl/workbook.xml"), XLSX}, "the beginning of a folder": {"PK\x03\x04", ZIP},
		"a PDF": {"%PDF-1.7", PDF}, "a program": {"MZ\x90\x00", ""},
	} {
		for _, what := range []For{Answer, Internal} {
			if got, ok := what.recognise([]byte(c.begins)); got != c.want || ok != (c.want != "") {
				t.Errorf("%s: %q, %v", name, got, ok)
			}
		}
	}
	if _, ok := Archive.recognise([]byte("%PDF-1.7")); ok {
		t.Error("an archive is a ZIP")
	}
}

func TestFileFromFormToEnd(t *testing.T) {
	content := Content{Size: 9, ETag: `"1"`, SHA256: "ab", Begins: []byte("%PDF-1.7")}
	for _, what := range []For{Proof, Words} {
		f := Expect("PD-1", "k3yAndMore", what, now)
		if !f.Held() || !f.CheckAt.Equal(now.Add(24*time.Hour)) {
			t.Errorf("expected: %+v", f)
		}
		stored, err := f.Arrived(content, now.Add(time.Hour))
		if err != nil || stored.State != Stored || stored.Type != PDF || stored.SHA256 != "ab" || stored.Name() != "PD-1-k3yAnd.pdf" || stored.CheckAt.IsZero() != (what == Words) {
			t.Errorf("stored: %+v %v", stored, err)
		}
		if _, err := stored.Arrived(content, now); !fault.Is(err, fault.Conflict) {
			t.Errorf("again: %v", err)
		}
		gone := stored.Left(now)
		if gone.Held() || gone.SHA256 != "ab" || gone.ETag != "" || !gone.CheckAt.IsZero() || !reflect.DeepEqual(gone.Left(now.Add(time.Hour)), gone) || !reflect.DeepEqual(gone.GaveWay(now), gone) {
			t.Errorf("gone: %+v", gone)
		}
		if _, err := gone.Arrived(content, now); !fault.Is(err, fault.Conflict) {
			t.Errorf("after its end: %v", err)
		}
	}
}

func TestAFileThatGivesWay(t *testing.T) {
	f := Expect("PD-1", "key", Answer, now)
	f.By, f.Found = "officer:dpo/1", []string{"ssn"}
	f, err := f.Arrived(Content{Size: 9, ETag: `"1"`, SHA256: "ab", Begins: []byte("%PDF-1.7")}, now)
	if err != nil || !f.CheckAt.IsZero() {
		t.Fatal(f, err)
	}
	leaving := f.Leaves(now)
	if !leaving.Held() || leaving.Readable(f.ETag) || leaving.Readable("") || !leaving.CheckAt.Equal(now) {
		t.Errorf("%+v", leaving)
	}
	gone := leaving.GaveWay(now.Add(time.Hour))
	if gone.Held() || gone.State != Replaced || gone.SHA256 != "ab" || !gone.GoneAt.Equal(now.Add(time.Hour)) || !gone.CheckAt.IsZero() {
		t.Errorf("%+v", gone)
	}
	if log := gone.Log(now); log.State != Replaced || log.By != "officer" || log.Found != nil || log.SHA256 != "ab" {
		t.Errorf("%+v", log)
	}
}

func TestFilesThatAreNotTaken(t *testing.T) {
	for name, c := range map[string]struct {
		content Content
		want    error
	}{
		"empty":     {Content{Begins: []byte("%PDF-")}, ErrSize},
		"too large": {Content{Size: MaxSize + 1, Begins: []byte("%PDF-")}, ErrSize},
		"a program": {Content{Size: 9, Begins: []byte("MZ\x00")}, ErrType},
	} {
		f := Expect("PD-1", "key", Proof, now)
		if got, err := f.Arrived(c.content, now); !errors.Is(err, c.want) || !reflect.DeepEqual(got, f) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}
