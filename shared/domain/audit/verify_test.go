package audit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// wants checks that Verify finds why at a place; place 0 is any.
func wants(tb interface {
	Helper()
	Errorf(string, ...any)
}, h History, place int, whys ...Why) {
	tb.Helper()
	err := h.Verify()
	var broken *Broken
	if !errors.As(err, &broken) || !slices.Contains(whys, broken.Why) || place != 0 && broken.Seq != place {
		tb.Errorf("Verify: %v; want entry %d: %v", err, place, whys)
	}
}

// anew gives an entry the hash that fits it, as a forger would.
func anew(e Entry) Entry {
	e.Hash = hashOf(canonical(nil, &e))
	return e
}

func TestVerifyNamesPlaceAndCause(t *testing.T) {
	forged := func(h History, i int) Entry {
		e := h.Entries[i]
		e.Facts = map[string]string{"state": "refused"}
		return anew(e)
	}
	other := func(n int) Entry {
		o := History{Head: Genesis("R-2")}
		for range n {
			e, _ := Append(o.Head, Entry{At: start, Kind: "note"}, salts())
			o.Head, o.Entries = e.Head(), append(o.Entries, e)
		}
		return o.Entries[n-1]
	}
	for name, c := range map[string]struct {
		change func(*History)
		place  int
		why    Why
	}{
		"a fact":                      {func(h *History) { h.Entries[2].Facts["state"] = "closed" }, 3, Altered},
		"a fact of the last":          {func(h *History) { h.Entries[5].Facts["state"] = "closed" }, 6, Altered},
		"a fact, hash made anew":      {func(h *History) { h.Entries[2] = forged(*h, 2) }, 3, Altered},
		"the first's, hash made anew": {func(h *History) { h.Entries[0] = forged(*h, 0) }, 1, Altered},
		"the last's, hash made anew":  {func(h *History) { h.Entries[5] = forged(*h, 5) }, 6, Rewritten},
		"number, hash made anew":      {func(h *History) { h.Entries[2].Seq = 9; h.Entries[2] = anew(h.Entries[2]) }, 3, Altered},
		"a time by a nanosecond":      {func(h *History) { h.Entries[1].At = h.Entries[1].At.Add(1) }, 2, Altered},
		"a name":                      {func(h *History) { h.Entries[3].Private["name"] = Personal("Trillian") }, 4, Altered},
		"a name's value":              {func(h *History) { retell(h.Entries[3], "name", "Trillian") }, 4, Unfit},
		"dropped":                     {func(h *History) { h.Entries = slices.Delete(h.Entries, 2, 3) }, 3, Dropped},
		"dropped three":               {func(h *History) { h.Entries = slices.Delete(h.Entries, 1, 4) }, 2, Dropped},
		"dropped the first":           {func(h *History) { h.Entries = h.Entries[1:] }, 1, Dropped},
		"cut":                         {func(h *History) { h.Entries = h.Entries[:4] }, 5, Truncated},
		"cut to nothing":              {func(h *History) { h.Entries = nil }, 1, Truncated},
		"swapped":                     {func(h *History) { h.Entries[1], h.Entries[2] = h.Entries[2], h.Entries[1] }, 2, Reordered},
		"swapped first and last":      {func(h *History) { h.Entries[0], h.Entries[5] = h.Entries[5], h.Entries[0] }, 1, Reordered},
		"moved to the end":            {func(h *History) { e := h.Entries[2]; h.Entries = append(slices.Delete(h.Entries, 2, 3), e) }, 3, Reordered},
		"doubled":                     {func(h *History) { h.Entries = slices.Insert(h.Entries, 3, h.Entries[2]) }, 4, Doubled},
		"doubled at the end":          {func(h *History) { h.Entries = append(h.Entries, h.Entries[2]) }, 7, Doubled},
		"inserted a copy":             {func(h *History) { h.Entries = slices.Insert(h.Entries, 3, forged(*h, 1)) }, 4, Inserted},
		"inserted one that fits":      {func(h *History) { h.Entries = slices.Insert(h.Entries, 3, forged(*h, 3)) }, 4, Inserted},
		"inserted first":              {func(h *History) { h.Entries = slices.Insert(h.Entries, 0, forged(*h, 0)) }, 1, Inserted},
		"added": {func(h *History) {
			e, _ := Append(h.Head, Entry{At: start, Kind: "x"}, salts())
			h.Entries = append(h.Entries, e)
		}, 7, Inserted},
		"added nonsense":               {func(h *History) { h.Entries = append(h.Entries, Entry{Subject: "R-1"}) }, 7, Inserted},
		"another's entry":              {func(h *History) { h.Entries = slices.Insert(h.Entries, 3, other(4)) }, 4, Foreign},
		"another's in its stead":       {func(h *History) { h.Entries[0] = other(1) }, 1, Foreign},
		"another's history altogether": {func(h *History) { h.Entries = []Entry{other(1)}; h.Head.Seq = 1 }, 1, Foreign},
		"the head's hash":              {func(h *History) { h.Head.Hash = h.Entries[0].Hash }, 6, Rewritten},
		"the head's place":             {func(h *History) { h.Head = h.Entries[3].Head() }, 5, Inserted},
		"the head's subject":           {func(h *History) { h.Head.Subject = "R-2" }, 1, Foreign},
		"an empty history's head":      {func(h *History) { *h = History{Head: Head{"R-1", 0, "x"}} }, 1, Rewritten},
		"all made anew":                {func(h *History) { o := history(t, 6); *h = History{h.Head, rewrite(o.Entries)} }, 6, Rewritten},
	} {
		t.Run(name, func(t *testing.T) {
			h := history(t, 6)
			if err := h.Verify(); err != nil {
				t.Fatal(err)
			}
			c.change(&h)
			wants(t, h, c.place, c.why)
		})
	}
	if err := Verify(nil, Genesis("R-1")); err != nil {
		t.Errorf("the empty history: %v", err)
	}
}

// retell puts another value under the commitment to the first.
func retell(e Entry, name, value string) {
	p := e.Private[name]
	p.value = &value
	e.Private[name] = p
}

// rewrite alters the first entry and makes every hash anew.
func rewrite(entries []Entry) []Entry {
	entries[0].Kind = "other"
	prev := entries[0].Prev
	for i, e := range entries {
		e.Prev = prev
		entries[i] = anew(e)
		prev = entries[i].Hash
	}
	return entries
}

// A receipt's head proves what the history was when the receipt was given.
func TestIncludes(t *testing.T) {
	h := history(t, 6)
	later := h.Entries[2].Head()
	if err := Includes(h.Entries, later); err != nil {
		t.Error(err)
	}
	if err := errors.Join(Includes(h.Entries, h.Head), Includes(h.Entries, Genesis("R-1"))); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		entries []Entry
		head    Head
		want    Broken
	}{
		"all made anew": {rewrite(history(t, 6).Entries), later, Broken{3, Rewritten, ""}},
		"cut":           {h.Entries[:2], later, Broken{3, Truncated, ""}},
		"nothing":       {nil, later, Broken{1, Truncated, ""}},
		"another":       {h.Entries, Head{"R-2", 3, later.Hash}, Broken{1, Foreign, ""}},
		"nonsense":      {h.Entries, Head{"R-1", -3, later.Hash}, Broken{1, Rewritten, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			var broken *Broken
			if err := Includes(c.entries, c.head); !errors.As(err, &broken) || *broken != c.want {
				t.Errorf("Includes: %v, want %v", err, &c.want)
			}
		})
	}
}

var (
	texts = rapid.OneOf(rapid.SampledFrom([]string{"", "a", "é", "<&>\u2028"}), rapid.StringN(0, 12, -1))
	names = rapid.StringN(0, 4, -1)
)

func drawHistory(t *rapid.T, least int) History {
	h := History{Head: Genesis(rapid.StringN(1, 8, -1).Draw(t, "subject"))}
	random := salts()
	for range rapid.IntRange(least, 12).Draw(t, "entries") {
		private := map[string]Private{}
		for name, value := range rapid.MapOfN(names, texts, 0, 3).Draw(t, "private") {
			private[name] = Personal(value)
		}
		e, err := Append(h.Head, Entry{
			At:      time.UnixMilli(rapid.Int64Range(-1e12, 5e12).Draw(t, "at")),
			Kind:    rapid.StringN(1, 8, -1).Draw(t, "kind"),
			Actor:   texts.Draw(t, "actor"),
			Facts:   rapid.MapOfN(names, texts, 0, 4).Draw(t, "facts"),
			Private: private,
		}, random)
		if err != nil {
			t.Fatal(err)
		}
		h.Head, h.Entries = e.Head(), append(h.Entries, e)
	}
	return h
}

// other draws a text that is not s.
func other(t *rapid.T, s string) string {
	return texts.Filter(func(o string) bool { return o != s }).Draw(t, "other")
}

// alterations change one field each; false if the entry has no such field.
var alterations = map[string]func(*rapid.T, *Entry) bool{
	"subject": func(t *rapid.T, e *Entry) bool { e.Subject = other(t, e.Subject); return true },
	"seq": func(t *rapid.T, e *Entry) bool {
		e.Seq += rapid.IntRange(1, 1<<40).Draw(t, "more")
		return true
	},
	"at": func(t *rapid.T, e *Entry) bool {
		e.At = e.At.Add(time.Duration(rapid.Int64Range(1, 1e15).Draw(t, "later")))
		return true
	},
	"kind":  func(t *rapid.T, e *Entry) bool { e.Kind = other(t, e.Kind); return true },
	"actor": func(t *rapid.T, e *Entry) bool { e.Actor = other(t, e.Actor); return true },
	"prev":  func(t *rapid.T, e *Entry) bool { e.Prev = other(t, e.Prev); return true },
	"hash":  func(t *rapid.T, e *Entry) bool { e.Hash = other(t, e.Hash); return true },
	"a fact's value": func(t *rapid.T, e *Entry) bool {
		return onOne(t, e.Facts, func(name string) { e.Facts[name] = other(t, e.Facts[name]) })
	},
	"a fact's name": func(t *rapid.T, e *Entry) bool { return rename(t, e.Facts) },
	"a fact less":   func(t *rapid.T, e *Entry) bool { return onOne(t, e.Facts, func(name string) { delete(e.Facts, name) }) },
	"a fact more":   func(t *rapid.T, e *Entry) bool { e.Facts[fresh(t, e.Facts)] = texts.Draw(t, "value"); return true },
	"a private value": func(t *rapid.T, e *Entry) bool {
		return onOne(t, e.Private, func(name string) { retell(*e, name, other(t, *e.Private[name].value)) })
	},
	"a salt": func(t *rapid.T, e *Entry) bool {
		return onOne(t, e.Private, func(name string) {
			p := e.Private[name]
			salt := other(t, *p.salt)
			p.salt = &salt
			e.Private[name] = p
		})
	},
	"a commitment": func(t *rapid.T, e *Entry) bool {
		return onOne(t, e.Private, func(name string) {
			p := e.Private[name]
			p.commitment = other(t, p.commitment)
			e.Private[name] = p
		})
	},
	"a private name": func(t *rapid.T, e *Entry) bool { return rename(t, e.Private) },
	"private less": func(t *rapid.T, e *Entry) bool {
		return onOne(t, e.Private, func(name string) { delete(e.Private, name) })
	},
	"private more": func(t *rapid.T, e *Entry) bool { e.Private[fresh(t, e.Private)] = Private{}; return true },
	"a fact made private": func(t *rapid.T, e *Entry) bool {
		return onOne(t, e.Facts, func(name string) {
			e.Private[name] = Private{commitment: e.Facts[name]}
			delete(e.Facts, name)
		})
	},
}

func onOne[V any](t *rapid.T, m map[string]V, change func(name string)) bool {
	if len(m) == 0 {
		return false
	}
	change(rapid.SampledFrom(slices.Sorted(maps.Keys(m))).Draw(t, "name"))
	return true
}

func fresh[V any](t *rapid.T, m map[string]V) string {
	return names.Filter(func(name string) bool { _, there := m[name]; return !there }).Draw(t, "new name")
}

func rename[V any](t *rapid.T, m map[string]V) bool {
	return onOne(t, m, func(name string) {
		m[fresh(t, m)] = m[name]
		delete(m, name)
	})
}

func TestEveryAlterationIsFound(t *testing.T) {
	for name, alter := range alterations {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := drawHistory(t, 1)
				i := rapid.IntRange(0, len(h.Entries)-1).Draw(t, "which")
				hash := h.Entries[i].Hash
				if !alter(t, &h.Entries[i]) {
					return
				}
				wants(t, h, i+1, Altered, Unfit)
				// A forger who makes the entry's own hash anew is found, too.
				if h.Entries[i] = anew(h.Entries[i]); h.Entries[i].Hash != hash {
					wants(t, h, 0, Altered, Unfit, Foreign, Inserted, Rewritten, Dropped)
				}
			})
		})
	}
}

func TestEveryMoveIsFound(t *testing.T) {
	moves := map[string]func(*rapid.T, *History, int) (place int, why []Why){
		"drop": func(_ *rapid.T, h *History, i int) (int, []Why) {
			h.Entries = slices.Delete(h.Entries, i, i+1)
			return i + 1, []Why{map[bool]Why{true: Truncated, false: Dropped}[i == len(h.Entries)]}
		},
		"double": func(t *rapid.T, h *History, i int) (int, []Why) {
			h.Entries = slices.Insert(h.Entries, rapid.IntRange(0, len(h.Entries)).Draw(t, "to"), h.Entries[i])
			return 0, []Why{Doubled}
		},
		"swap": func(t *rapid.T, h *History, i int) (int, []Why) {
			j := rapid.IntRange(0, len(h.Entries)-1).Filter(func(j int) bool { return j != i }).Draw(t, "with")
			h.Entries[i], h.Entries[j] = h.Entries[j], h.Entries[i]
			return min(i, j) + 1, []Why{Reordered}
		},
		"insert": func(t *rapid.T, h *History, i int) (int, []Why) {
			e := Entry{Subject: h.Head.Subject, Seq: i + 1, At: start, Kind: "forged", Prev: h.Entries[i].Prev}
			h.Entries = slices.Insert(h.Entries, i, anew(e))
			return i + 1, []Why{Inserted}
		},
		"append": func(t *rapid.T, h *History, i int) (int, []Why) {
			e, err := Append(h.Head, Entry{At: start, Kind: "forged"}, salts())
			if err != nil {
				t.Fatal(err)
			}
			h.Entries = append(h.Entries, e)
			return len(h.Entries), []Why{Inserted}
		},
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := drawHistory(t, 2)
				place, why := move(t, &h, rapid.IntRange(0, len(h.Entries)-1).Draw(t, "which"))
				wants(t, h, place, why...)
			})
		})
	}
}

func TestBlankingIsNoAlteration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t, 1)
		for i, e := range h.Entries {
			for _, name := range slices.Sorted(maps.Keys(e.Private)) {
				if rapid.Bool().Draw(t, "blank") {
					h.Entries[i] = Blank(h.Entries[i], name)
				}
			}
		}
		encoded, err := h.Encode()
		if err != nil {
			t.Fatal(err)
		}
		read, err := DecodeHistory(encoded)
		if err != nil || h.Verify() != nil || read.Verify() != nil {
			t.Fatalf("%v, %v, %v", err, h.Verify(), read.Verify())
		}
	})
}

func FuzzVerify(f *testing.F) {
	for n := range 4 {
		h := history(f, n)
		whole, err := h.Encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(whole)
		if n > 1 {
			h.Entries[0], h.Entries[1] = Blank(h.Entries[1]), h.Entries[0]
			swapped, _ := h.Encode()
			f.Add(swapped)
		}
	}
	f.Add([]byte(`{"head":{"subject":"","seq":0,"hash":""},"entries":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := DecodeHistory(data)
		if err != nil {
			return
		}
		found := fmt.Sprint(h.Verify())
		again, err := h.Encode()
		if err != nil {
			t.Fatal(err)
		}
		read, err := DecodeHistory(again)
		if err != nil || fmt.Sprint(read.Verify()) != found {
			t.Errorf("%s\nread again: %v, %v; first %s", again, err, read.Verify(), found)
		}
		for _, e := range h.Entries {
			_ = Includes(h.Entries, e.Head())
		}
	})
}

func BenchmarkVerify1000(b *testing.B) {
	h := history(b, 1000)
	for b.Loop() {
		if err := h.Verify(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode1000(b *testing.B) {
	whole, _ := history(b, 1000).Encode()
	for b.Loop() {
		if _, err := DecodeHistory(whole); err != nil {
			b.Fatal(err)
		}
	}
}

// The issue asks for 1,000 events in under 20 ms. Ten runs, the best counts:
// a busy machine is no fault of the code.
func TestVerifyIsFast(t *testing.T) {
	h, best := history(t, 1000), time.Hour
	for range 10 {
		began := time.Now()
		if err := h.Verify(); err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(began))
	}
	if best > 20*time.Millisecond {
		t.Errorf("1,000 entries took %s", best)
	}
}
