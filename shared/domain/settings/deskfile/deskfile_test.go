package deskfile_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/settings/deskfile"
)

func shipped(tb testing.TB) []byte {
	tb.Helper()
	text, err := os.ReadFile("../desk.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// TestGeneratedDataIsFresh fails when desk.yaml was changed and `go generate ./shared/domain/settings` was forgotten.
func TestGeneratedDataIsFresh(t *testing.T) {
	desk, err := deskfile.Parse(shipped(t))
	if err != nil {
		t.Fatal(err)
	}
	want, err := deskfile.GoSource(desk)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../desk_data.go")
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := settings.Load()
	if err != nil || !bytes.Equal(got, want) || !reflect.DeepEqual(loaded, desk) {
		t.Error("desk_data.go is stale: run go generate ./shared/domain/settings", err)
	}
}

func TestParseTellsAllFaultsTogether(t *testing.T) {
	_, err := deskfile.Parse([]byte("organisation: {name: X, contact: nobody}\ntopics: [{id: A B}]\nforms: {name: ['-'], redirects: ['http://x.example/']}\n"))
	for _, want := range []string{"legal_name", "contact", "time_zone", "topics[0].id", "topics[0].name", "forms.email", "forms.name[0]", "redirects[0]"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told in %v", want, err)
		}
	}
	_, err = deskfile.Parse([]byte("organisation: {}\n\ncolour: red\n"))
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("an unknown setting must be named with its line: %v", err)
	}
}

// A text of the section for access is named with its line and field.
func TestFaultsOfAccessHaveTheirLine(t *testing.T) {
	desk, err := os.ReadFile("../../../testkit/desk.yaml") // the tests' own
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(desk), "california: [network_activity]", "california: [network]", 1)
	_, err = deskfile.Parse([]byte(text))
	before, _, _ := strings.Cut(text, "california: [network]")
	line := fmt.Sprintf("desk.yaml line %d: access.categories[1].california has \"network\"", strings.Count(before, "\n")+1)
	if err == nil || !strings.Contains(err.Error(), line) {
		t.Errorf("%v, want %s", err, line)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(shipped(f))
	f.Add([]byte("a: [&x *x]"))
	f.Fuzz(func(t *testing.T, text []byte) { _, _ = deskfile.Parse(text) })
}
