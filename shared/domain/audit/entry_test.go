package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
)

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// salts is a source of salts that is the same in every run.
func salts() io.Reader { return rand.NewChaCha8([32]byte{1}) }

// history is the history of a request R-1 with n entries.
func history(tb testing.TB, n int) History {
	tb.Helper()
	h, random := History{Head: Genesis("R-1")}, salts()
	for i := range n {
		e, err := Append(h.Head, Entry{
			At: start.Add(time.Duration(i) * time.Minute), Kind: "note", Actor: "desk",
			Facts:   map[string]string{"state": "open", "due_at": "2026-12-22", "n": fmt.Sprint(i)},
			Private: map[string]Private{"name": Personal("Zaphod"), "details": Personal("<all> of it & more")},
		}, random)
		if err != nil {
			tb.Fatal(err)
		}
		h.Head, h.Entries = e.Head(), append(h.Entries, e)
	}
	return h
}

func TestAppendLeavesItsInputAlone(t *testing.T) {
	in := Entry{At: start.Add(1234567), Kind: "received", Facts: map[string]string{"a": "1"}, Private: map[string]Private{"name": Personal("Zaphod")}}
	out, err := Append(Genesis("R-1"), in, salts())
	if err != nil {
		t.Fatal(err)
	}
	out.Facts["a"], out.Private["other"] = "2", Private{}
	if in.Seq != 0 || in.Facts["a"] != "1" || len(in.Private) != 1 || in.Private["name"].Commitment() != "" {
		t.Errorf("the input is changed: %#v", in.Facts)
	}
	if !out.At.Equal(start.Add(time.Millisecond)) || out.At.Location() != time.UTC {
		t.Errorf("At = %v; want UTC and whole milliseconds", out.At)
	}
}

func TestAppendRefuses(t *testing.T) {
	good := Entry{At: start, Kind: "received"}
	with := func(change func(*Entry)) Entry { e := good; change(&e); return e }
	for name, c := range map[string]struct {
		head   Head
		entry  Entry
		random io.Reader
		want   fault.Code
	}{
		"nothing":             {Genesis("R-1"), good, salts(), ""},
		"no subject":          {Head{}, good, salts(), fault.Internal},
		"no kind":             {Genesis("R-1"), with(func(e *Entry) { e.Kind = "" }), salts(), fault.Internal},
		"no time":             {Genesis("R-1"), with(func(e *Entry) { e.At = time.Time{} }), salts(), fault.Internal},
		"a time beyond JSON":  {Genesis("R-1"), with(func(e *Entry) { e.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }), salts(), fault.Internal},
		"a fact not in UTF-8": {Genesis("R-1"), with(func(e *Entry) { e.Facts = map[string]string{"a": "\xff"} }), salts(), fault.Invalid},
		"free text neither":   {Genesis("R-1"), with(func(e *Entry) { e.Private = map[string]Private{"a": Personal("\xff")} }), salts(), fault.Invalid},
		"a blank value":       {Genesis("R-1"), with(func(e *Entry) { e.Private = map[string]Private{"a": {}} }), salts(), fault.Internal},
		"no randomness":       {Genesis("R-1"), with(func(e *Entry) { e.Private = map[string]Private{"a": Personal("x")} }), strings.NewReader("short"), fault.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Append(c.head, c.entry, c.random); fault.CodeOf(err) != c.want {
				t.Errorf("Append: %v, want %q", err, c.want)
			}
		})
	}
}

// The hashes below were computed from the package's documentation by another
// program (Python's hashlib): what the words say is what the code does, and
// no later change may alter what is already stored.
func TestBytesAreAsDocumented(t *testing.T) {
	e, err := Append(Genesis("R-ä"), Entry{
		At: time.UnixMilli(1795262400123), Kind: "received", Actor: "person",
		Facts:   map[string]string{"b": "", "a": "ü", "B": "2"},
		Private: map[string]Private{"name": Personal("Zaphod"), "address": Personal("")},
	}, bytes.NewReader(make([]byte, 64)))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{"prev": e.Prev, "name": e.Private["name"].Commitment(), "address": e.Private["address"].Commitment(), "hash": e.Hash}
	want := map[string]string{
		"prev":    "bc6aed91c3fef36c82dd10c413843137f103667762f915a40328ec6ad984cff1",
		"name":    "bacf6463e7674327bdc2112b21d9b33f9d53f5fdf6120a03d420b3407bb2b00f",
		"address": "3df83cb0b253386e7836743de5c4c38418262d4b4525398d6b7f289d9963363b",
		"hash":    "b38cc5369c1220cf9a786f1bfa8f85300785eb5432a9bc77dd0d33850b35a62f",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestJSONRoundTrip(t *testing.T) {
	h := history(t, 4)
	h.Entries[1] = Blank(h.Entries[1])
	h.Entries[2] = Blank(h.Entries[2], "name", "no such")
	whole, err := h.Encode()
	if err != nil {
		t.Fatal(err)
	}
	read, err := DecodeHistory(whole)
	if err != nil || read.Verify() != nil {
		t.Fatal(err, read.Verify())
	}
	if again, _ := read.Encode(); !bytes.Equal(again, whole) {
		t.Errorf("read and written again:\n%s\nwas\n%s", again, whole)
	}
	if name, ok := read.Entries[0].Private["name"].Reveal(); !ok || name != "Zaphod" {
		t.Errorf("the name is %q, %v", name, ok)
	}
	_, name := read.Entries[2].Private["name"].Reveal()
	_, details := read.Entries[2].Private["details"].Reveal()
	if name || !details {
		t.Error("blanking took the wrong values")
	}
}

// A stored row without facts or anything private comes back as it was.
func TestEntryRoundTrip(t *testing.T) {
	for name, e := range map[string]Entry{"full": history(t, 1).Entries[0], "bare": anew(Entry{Subject: "R-1", Seq: 1, At: start, Kind: "note", Prev: Genesis("R-1").Hash})} {
		row, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		read, err := DecodeEntry(row)
		if again, _ := read.Encode(); err != nil || !bytes.Equal(again, row) || Verify([]Entry{read}, e.Head()) != nil {
			t.Errorf("%s: %s, %v", name, row, err)
		}
	}
}

func TestDecodingIsStrict(t *testing.T) {
	h := history(t, 2)
	whole, _ := h.Encode()
	if _, err := DecodeHistory(whole); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"an unknown member":          {`"kind":`, `"more":1,"kind":`},
		"a member in another case":   {`"kind":`, `"Kind":`},
		"a doubled member":           {`"kind":`, `"kind":"note","kind":`},
		"a doubled fact":             {`"n":"1"`, `"n":"1","n":"1"`},
		"a missing member":           {`"actor":"desk",`, ``},
		"null":                       {`"actor":"desk"`, `"actor":null`},
		"a fact that is null":        {`"n":"1"`, `"n":null`},
		"a fact that is a number":    {`"n":"1"`, `"n":1`},
		"a salt without its value":   {`"value":"Zaphod"`, `"commitment":""`},
		"private of another type":    {`"private":{`, `"private":[{`},
		"a number in another form":   {`"seq":2`, `"seq":2.0`},
		"a number too large":         {`"seq":2`, `"seq":99999999999999999999`},
		"time with another zone":     {`00.000Z`, `00.000+00:00`},
		"time without milliseconds":  {`00.000Z`, `00Z`},
		"time with a comma":          {`00.000Z`, `00,000Z`},
		"entries that are none":      {`"entries":[`, `"entries":[1,`},
		"entries null":               {`"entries":[`, `"entries":null,"more":[`},
		"an unknown member in head":  {`"head":{`, `"head":{"at":1,`},
		"not UTF-8":                  {`Zaphod`, "Zapho\xff"},
		"something before":           {`{"head"`, `[]{"head"`},
		"a space JSON does not know": {`{"head"`, "\u00a0" + `{"head"`},
		"not closed":                 {`]}`, `]`},
		"something after":            {`]}`, `]}{}`},
		"a name that is not a text":  {`"head"`, `head`},
		"a value that is not closed": {`"head":{`, `"head":{{`},
	} {
		t.Run(name, func(t *testing.T) {
			altered := strings.Replace(string(whole), change[0], change[1], 1)
			if altered == string(whole) {
				t.Fatal("nothing was changed")
			}
			if _, err := DecodeHistory([]byte(altered)); err == nil {
				t.Error("it was taken")
			} else if strings.Contains(err.Error(), "Zaphod") {
				t.Errorf("the error shows the input: %v", err)
			}
		})
	}
	if _, err := DecodeHistory(make([]byte, maxHistory+1)); err == nil {
		t.Error("a huge history was taken")
	}
}

func TestPrivateNeverLeaks(t *testing.T) {
	h := history(t, 1)
	e := h.Entries[0]
	wrapped := struct {
		Pub  Entry
		priv Entry
		one  Private
		all  *History
	}{e, e, e.Private["name"], &h}
	var log bytes.Buffer
	for _, l := range []*slog.Logger{slog.New(slog.NewJSONHandler(&log, nil)), slog.New(slog.NewTextHandler(&log, nil))} {
		l.Info("x", "e", e, "p", e.Private["name"], "w", wrapped, "h", h, "m", e.Private, "err", fmt.Errorf("with %v", e))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, v := range []any{e, &e, e.Private, e.Private["name"], wrapped, &wrapped, h} {
			fmt.Fprintf(&log, verb, v)
		}
	}
	j, err := json.Marshal(map[string]any{"e": e, "w": wrapped, "h": h, "p": e.Private})
	if err != nil {
		t.Fatal(err)
	}
	out := log.String() + string(j)
	for _, secret := range []string{"Zaphod", *e.Private["name"].salt, fmt.Sprintf("%x", "Zaphod")} {
		if strings.Contains(out, secret) {
			i := strings.Index(out, secret)
			t.Errorf("%q leaks in …%.200s", secret, out[max(0, i-100):])
		}
	}
	if !strings.Contains(out, "entry 1 of R-1 (note)") {
		t.Error("nothing was printed at all")
	}
}

// What json.Marshal gives is the chain without what is private.
func TestMarshalIsBlanked(t *testing.T) {
	h := history(t, 3)
	b, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	read, err := DecodeHistory(b)
	if err != nil || read.Verify() != nil {
		t.Fatal(err, read.Verify())
	}
	var e Entry
	one, _ := json.Marshal(h.Entries[0])
	if err := json.Unmarshal(one, &e); err != nil || e.Hash != h.Entries[0].Hash {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(`{"more":1}`), &e); err == nil || e.Hash != h.Entries[0].Hash {
		t.Error("an unknown member was taken, or the entry lost")
	}
	for name, p := range read.Entries[0].Private {
		if _, ok := p.Reveal(); ok || p.Commitment() == "" {
			t.Errorf("%s is not blanked", name)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	head, e, random := Genesis("R-1"), history(b, 1).Entries[0], salts()
	for b.Loop() {
		if _, err := Append(head, e, random); err != nil {
			b.Fatal(err)
		}
	}
}

func TestBrokenIsTyped(t *testing.T) {
	h := history(t, 3)
	err := Verify(slices.Delete(h.Entries, 1, 2), h.Head)
	var broken *Broken
	if text := (&Broken{2, Unfit, "name"}).Error(); text != "entry 2: a private value is not what was committed to (name)" {
		t.Error(text)
	}
	if !errors.As(fmt.Errorf("verify R-1: %w", err), &broken) || *broken != (Broken{2, Dropped, ""}) || err.Error() != "entry 2: it is missing" {
		t.Errorf("Verify = %v", err)
	}
}
