package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
)

func fresh() string { return strings.Repeat("n", 64) }

var old = strings.Repeat("o", 64)

func TestStep(t *testing.T) {
	cases := map[string]struct {
		stored string
		age    time.Duration
		want   string // the ring afterwards; empty where the step is refused
	}{
		"first run adds the next key":             {`{"current":"k1","k1":"` + old + `"}`, 0, `{"current":"k1","k1":"` + old + `","k2":"` + fresh() + `"}`},
		"second run a day later makes it current": {`{"current":"k1","k1":"o","k2":"n"}`, keyAge, `{"current":"k2","k1":"o","k2":"n"}`},
		"second run too early":                    {`{"current":"k1","k1":"o","k2":"n"}`, keyAge - time.Second, ""},
		"k10 is newer than k9":                    {`{"current":"k9","k9":"o","k10":"n"}`, keyAge, `{"current":"k10","k10":"n","k9":"o"}`},
		"the next rotation adds the next key":     {`{"current":"k2","k1":"o","k2":"o"}`, keyAge, `{"current":"k2","k1":"o","k2":"o","k3":"` + fresh() + `"}`},
		"another secret":                          {`{"username":"x","password":"y"}`, keyAge, ""},
		"not JSON":                                {`hunter2`, keyAge, ""},
		"current names no key":                    {`{"current":"k7","k1":"o"}`, keyAge, ""},
		"a full ring":                             {`{"current":"k255","k255":"o"}`, keyAge, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, done, err := step(c.stored, c.age, fresh)
			if got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
			if text := fmt.Sprint(done, err); strings.Contains(text, fresh()) || strings.Contains(text, "hunter2") {
				t.Errorf("a key shows: %s", text)
			}
		})
	}
}

// What this writes, shared/adapter/link reads.
func TestTheRingStaysReadable(t *testing.T) {
	ring, _, err := step(`{"current":"k1","k1":"`+old+`"}`, 0, newKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := link.ParseKeyRing(ring); err != nil {
		t.Error(err)
	}
}

func TestRotate(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for name, created := range map[string]string{"seconds": "1795262400.5", "a text": `"2026-11-21T09:00:00+01:00"`} {
		t.Run(name, func(t *testing.T) {
			put := ""
			err := rotate("arn", now, func(stdin string, args ...string) (string, error) {
				if args[1] == "put-secret-value" {
					put = stdin
					if strings.Contains(strings.Join(args, " "), "k1") {
						t.Error("the ring is in the arguments, where every user of the machine can see it")
					}
				}
				return `{"SecretString":"{\"current\":\"k1\",\"k1\":\"o\",\"k2\":\"n\"}","CreatedDate":` + created + `}`, nil
			})
			if err != nil || put != `{"current":"k2","k1":"o","k2":"n"}` {
				t.Errorf("stored %s, %v", put, err)
			}
		})
	}
	if err := rotate("arn", now, func(string, ...string) (string, error) { return "", errors.New("AccessDenied") }); err == nil {
		t.Error("a refusal of aws must be returned")
	}
}
