package person

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestAddressNeverLeaks(t *testing.T) {
	a, _ := Parse("zaphod@heartofgold.example")
	wrapped := struct {
		Pub  Address
		priv Address
		m    map[string]Address
	}{a, a, map[string]Address{"k": a}}
	var log bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&log, nil))
	l.Info("x", "a", a, "w", wrapped, "err", fmt.Errorf("with %v", a))
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "a", a, "w", wrapped, "p", &wrapped)
	j, _ := json.Marshal(map[string]any{"a": a, "w": wrapped})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&log, verb, a)
		fmt.Fprintf(&log, verb, wrapped)
		fmt.Fprintf(&log, verb, &wrapped)
	}
	out := log.String() + string(j)
	for _, secret := range []string{"zaphod", "heartofgold", fmt.Sprintf("%x", "zaphod")} {
		if strings.Contains(out, secret) {
			t.Errorf("%q leaks in %s", secret, out)
		}
	}
	if !strings.Contains(out, "z***@h***.example") {
		t.Error("nothing was printed at all")
	}
}

func TestRef(t *testing.T) {
	key, err := NewKey(strings.Repeat("k", 32))
	if err != nil {
		t.Fatal(err)
	}
	other, _ := NewKey(strings.Repeat("o", 32))
	a, _ := Parse("Zaphod@Example.com")
	b, _ := Parse("zaphod@example.com")
	c, _ := Parse("zaphod+x@example.com")
	if key.Ref(a) != key.Ref(b) || key.Ref(a) == key.Ref(c) || key.Ref(a) == other.Ref(a) || len(key.Ref(a)) != 43 {
		t.Errorf("refs %s %s %s", key.Ref(a), key.Ref(b), key.Ref(c))
	}
	if _, err := NewKey("short"); err == nil {
		t.Error("a short key was taken")
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", key, key, key), "kkk") {
		t.Error("the key leaks")
	}
}
