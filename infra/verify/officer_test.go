package main

import (
	"bytes"
	"strings"
	"testing"

	"privacydesk/shared/domain/person"
)

func TestOfficer(t *testing.T) {
	const key = "0123456789012345678901234567890123456789"
	k, err := person.NewKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		in   string
		exit int
		want string
	}{
		"a session":     {[]string{"officer", "-name", "alice@example.com"}, `{"key": "` + key + `"}` + "\n", exitValid, k.Officer("alice@example.com") + "\n"},
		"nobody":        {[]string{"officer", "-name", ""}, `{"key":"` + key + `"}`, exitUnchecked, "say whose digest it is"},
		"one too many":  {[]string{"officer", "-name", "alice", "bob"}, `{"key":"` + key + `"}`, exitUnchecked, "say whose digest it is"},
		"another flag":  {[]string{"officer", "-file", "x"}, "", exitUnchecked, "not defined"},
		"no key":        {[]string{"officer", "-name", "alice"}, "", exitUnchecked, "not the secret ReferenceKeySecret"},
		"the link keys": {[]string{"officer", "-name", "alice"}, `{"current":"k1","k1":"` + key + `"}`, exitUnchecked, "not the secret ReferenceKeySecret"},
		"a short key":   {[]string{"officer", "-name", "alice"}, `{"key":"short"}`, exitUnchecked, "at least 32"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if exit := run(c.args, strings.NewReader(c.in), &out, &out); exit != c.exit || !strings.Contains(out.String(), c.want) || strings.Contains(out.String(), key) {
				t.Errorf("exit %d, %q; want %d, %q", exit, out.String(), c.exit, c.want)
			}
		})
	}
}
