package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestFresh(t *testing.T) {
	text, err := os.ReadFile("../vendors.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made, err := source(text)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile("../vendors_data.go"); err != nil || !bytes.Equal(kept, made) {
		t.Errorf("vendors_data.go is stale: make generate (%v)", err)
	}
}

func TestRefused(t *testing.T) {
	const good = `- {id: a, name: A, find: [x], erase: [y], pages: [{title: t, url: "https://a.example/"}], read: 2026-11-28}`
	if _, err := source([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{
		"name: A, ": "", "find: [x]": "find: []", "erase: [y]": "erase: []", "https:": "http:", "title: t": `title: ""`, "2026-11-28": "yesterday",
		"id: a": "idd: a", `url: "https://a.example/"`: `url: "https://a.example/", changed: soon`, "}]": "}]\x00",
	} {
		if _, err := source([]byte(strings.Replace(good, from, to, 1))); err == nil {
			t.Errorf("%q in place of %q is taken", to, from)
		}
	}
	if _, err := source([]byte(good + "\n" + good)); err == nil {
		t.Error("one twice is taken")
	}
}
