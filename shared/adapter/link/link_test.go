package link

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/person"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func ring(tb testing.TB, text string) *KeyRing {
	tb.Helper()
	r, err := ParseKeyRing(text)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

var (
	k1   = strings.Repeat("1", 32)
	k2   = strings.Repeat("2", 32)
	old  = `{"current":"k1","k1":"` + k1 + `"}`
	both = `{"current":"k2","k1":"` + k1 + `","k2":"` + k2 + `"}`
)

func address(tb testing.TB, text string) person.Address {
	tb.Helper()
	a, err := person.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestRoundTripAcrossRotationAndYears(t *testing.T) {
	want := Claims{Address: address(t, "zaphod@example.com"), Topic: "newsletter", Campaign: "spring", IssuedAt: now}
	token, err := ring(t, old).Seal(Unsubscribe, want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ring(t, both).Open(Unsubscribe, token, now.AddDate(9, 0, 0))
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) || got.Address != want.Address {
		t.Errorf("Open = %v, %v; want %v", got, err, want)
	}
	if strings.Contains(token, "zaphod") {
		t.Error("the token shows the address")
	}
}

func TestDamagedLinksOpenNothing(t *testing.T) {
	r := ring(t, old)
	token, err := r.Seal(Unsubscribe, Claims{Address: address(t, "zaphod@example.com"), IssuedAt: now})
	if err != nil {
		t.Fatal(err)
	}
	check := func(what, damaged string, p Purpose, r *KeyRing) {
		if damaged == token && p == Unsubscribe && what != "another ring" {
			return
		}
		if c, err := r.Open(p, damaged, now); !errors.Is(err, ErrDamaged) || !c.Address.IsZero() {
			t.Errorf("%s: Open = %v, %v", what, c, err)
		}
	}
	for i := range token {
		check("cut", token[:i], Unsubscribe, r)
		for _, c := range "A_-z9" {
			check("altered", token[:i]+string(c)+token[i+1:], Unsubscribe, r)
		}
	}
	check("lower-cased", strings.ToLower(token), Unsubscribe, r)
	check("longer", token+"A", Unsubscribe, r)
	check("huge", strings.Repeat("A", 1<<20), Unsubscribe, r)
	check("percent", token+"%", Unsubscribe, r)
	check("a line's end", token+"\n", Unsubscribe, r)
	check("folded", token[:40]+"\r\n"+token[40:], Unsubscribe, r)
	check("another ring", token, Unsubscribe, ring(t, `{"current":"k1","k1":"`+k2+`"}`))
	check("a key that is gone", token, Unsubscribe, ring(t, `{"current":"k2","k2":"`+k2+`"}`))
	for _, p := range []Purpose{Preferences, Undo, OptIn} {
		check("another purpose", token, p, r)
	}
}

func TestExpiry(t *testing.T) {
	r := ring(t, old)
	token, _ := r.Seal(Undo, Claims{Address: address(t, "z@example.com"), ExpiresAt: now.Add(time.Hour), Versions: map[string]int{"email": 3}})
	if c, err := r.Open(Undo, token, now.Add(time.Hour-time.Second)); err != nil || c.Versions["email"] != 3 {
		t.Errorf("before: %v, %v", c, err)
	}
	if _, err := r.Open(Undo, token, now.Add(time.Hour)); !errors.Is(err, ErrExpired) {
		t.Errorf("after: %v", err)
	}
}

func TestLongestTokenFitsAHeaderLine(t *testing.T) {
	for name, c := range map[string]struct {
		local, campaign string
		most            int
	}{
		"plain":             {"a", "c", 640},
		"what HTML escapes": {"&", "<", 640},
		"what JSON escapes": {"&", `"`, 800},
		"four bytes each":   {"a", "𝒳", 850},
	} {
		domain := strings.Repeat("b", 58) + "." + strings.Repeat("c", 58) + "." + strings.Repeat("d", 58) + ".example"
		long := address(t, strings.Repeat(c.local, 64)+"@"+domain)
		token, err := ring(t, old).Seal(Unsubscribe, Claims{Address: long, Topic: strings.Repeat("t", 32), Campaign: strings.Repeat(c.campaign, 64), IssuedAt: now})
		if err != nil || len(token) > c.most {
			t.Errorf("%s: %d characters, %v", name, len(token), err)
		}
	}
}

func TestALinkOfARequestNeedsNoAddress(t *testing.T) {
	r := ring(t, old)
	token, err := r.Seal(Status, Claims{Request: "PD-1"})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := r.Open(Status, token, now); err != nil || c.Request != "PD-1" || !c.Address.IsZero() {
		t.Errorf("Open = %+v, %v", c, err)
	}
	if _, err := r.Seal(Status, Claims{}); err == nil {
		t.Error("a link of nobody was sealed")
	}
}

func TestALinkOfASystem(t *testing.T) {
	r := ring(t, old)
	token, err := r.Seal(System, Claims{Request: "PD-1", System: "crm", Task: "opt_out", ExpiresAt: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := r.Open(System, token, now); err != nil || c.Request != "PD-1" || c.System != "crm" || c.Task != "opt_out" {
		t.Errorf("Open = %+v, %v", c, err)
	}
	if _, err := r.Open(Status, token, now); !errors.Is(err, ErrDamaged) {
		t.Errorf("it opens the person's page: %v", err)
	}
	part := Claims{System: "crm", After: "a", To: "b"}
	if token, err = r.Seal(Choices, part); err != nil {
		t.Fatal(err)
	}
	if c, err := r.Open(Choices, token, now); err != nil || fmt.Sprint(c) != fmt.Sprint(part) {
		t.Errorf("Open = %+v, %v", c, err)
	}
}

func TestABoxOpensWhatItSealed(t *testing.T) {
	box := Box{ring(t, old), DeskSession}
	token, err := box.Seal([]byte("anna"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := (Box{ring(t, both), DeskSession}).Open(token); err != nil || string(got) != "anna" {
		t.Errorf("after the keys were rotated: %q, %v", got, err)
	}
	for name, b := range map[string]Box{
		"another purpose": {box.Ring, DeskLogin}, "another ring": {ring(t, `{"current":"k1","k1":"`+k2+`"}`), DeskSession},
	} {
		if got, err := b.Open(token); !errors.Is(err, ErrDamaged) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for i := range token {
		for _, c := range "A_-z9" {
			if damaged := token[:i] + string(c) + token[i+1:]; damaged != token {
				if _, err := box.Open(damaged); !errors.Is(err, ErrDamaged) {
					t.Errorf("altered at %d: %v", i, err)
				}
			}
		}
	}
	if _, err := box.Ring.Open(DeskSession, token, now); !errors.Is(err, ErrDamaged) {
		t.Errorf("a cookie opens as a link: %v", err)
	}
}

func TestParseKeyRing(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":       "x",
		"no current":    `{"k1":"` + k1 + `"}`,
		"unknown":       `{"current":"k2","k1":"` + k1 + `"}`,
		"short key":     `{"current":"k1","k1":"short"}`,
		"two of one id": `{"current":"k1","k1":"` + k1 + `","k01":"` + k2 + `"}`,
		"odd id":        `{"current":"k1","k1":"` + k1 + `","x":"` + k1 + `"}`,
		"id over 255":   `{"current":"k256","k256":"` + k1 + `"}`,
		"current of k":  `{"current":"k","k1":"` + k1 + `"}`,
	} {
		if _, err := ParseKeyRing(text); err == nil || strings.Contains(err.Error(), k1) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := ring(t, both); strings.Contains(fmt.Sprintf("%v %+v %#v", r, r, r), k1) {
		t.Error("the keys leak")
	}
}

func FuzzOpen(f *testing.F) {
	r := ring(f, both)
	token, _ := r.Seal(Unsubscribe, Claims{Address: address(f, "z@example.com")})
	for _, s := range []string{token, "", "AQ", "AQE", "AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", token[:20]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := r.Open(Unsubscribe, s, now); err == nil && s != token {
			t.Errorf("%q opened as %v", s, c)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	r, c := ring(b, old), Claims{Address: address(b, "zaphod@example.com"), Topic: "newsletter", IssuedAt: now}
	for b.Loop() {
		if _, err := r.Seal(Unsubscribe, c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	r := ring(b, old)
	token, _ := r.Seal(Unsubscribe, Claims{Address: address(b, "zaphod@example.com"), Topic: "newsletter", IssuedAt: now})
	for b.Loop() {
		if _, err := r.Open(Unsubscribe, token, now); err != nil {
			b.Fatal(err)
		}
	}
}
