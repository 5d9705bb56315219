package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/testkit"
)

func TestArguments(t *testing.T) {
	ref := string(testkit.Key(t).Ref(testkit.Address(t, "zaphod@example.com")))
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "erased.txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	at, span := "2026-11-22T03:14:00Z", "2026-11-22T03:00:00Z/2026-11-22T05:00:00Z"
	cases := map[string]struct {
		optOuts, at, erased, spoilt string
		says                        string // of the error
		people                      int
	}{
		"nobody was erased":         {optOuts: "a", at: at, erased: file("")},
		"two were":                  {optOuts: "a", at: at, erased: file(ref + "\n\n" + ref[:42] + "x 2026-11-22T03:14:00Z\n"), people: 2},
		"spoilt":                    {optOuts: "a", at: at, erased: file(""), spoilt: span},
		"no copy":                   {at: at, erased: file(""), says: "name a copy"},
		"no time":                   {optOuts: "a", erased: file(""), says: "AT="},
		"not said who was erased":   {optOuts: "a", at: at, says: "ERASED="},
		"no reference":              {optOuts: "a", at: at, erased: file("zaphod@example.com\n"), says: "line 1"},
		"an address as long as one": {optOuts: "a", at: at, erased: file("zaphod.beeblebrox.the.first@galaxy.example.org"[:43] + "\n"), says: "line 1"},
		"a time to come":            {optOuts: "a", at: "2999-01-01T00:00:00Z", erased: file(""), says: "a time that is over"},
		"no time of an erasure":     {optOuts: "a", at: at, erased: file(ref + " yesterday"), says: "line 1"},
		"the wrong way round":       {optOuts: "a", at: at, erased: file(""), spoilt: "2026-11-22T05:00:00Z/2026-11-22T03:00:00Z", says: "SPOILT="},
		"everything wrong at once":  {spoilt: "x", says: "SPOILT="},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o, err := read([]string{"-optouts", c.optOuts, "-at", c.at, "-erased", c.erased, "-spoilt", c.spoilt})
			if (err != nil) != (c.says != "") || err != nil && (!strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "@")) {
				t.Errorf("%v", err)
			}
			if len(o.erased) != c.people {
				t.Errorf("%d were erased", len(o.erased))
			}
		})
	}
}

// On AWS nothing begins while a function that must stand still does not.
func TestFunctionsMustStandStill(t *testing.T) {
	for name, c := range map[string]struct {
		reserved, says string
		dry            bool
	}{
		"they do":              {reserved: "0", says: "credentials"},
		"one copy of each":     {reserved: "1", says: "NoticesFunction must stand still"},
		"as many as they like": {reserved: "None", says: "NoticesFunction must stand still"},
		"they need not, dry":   {reserved: "1", dry: true, says: "credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("AWS_REGION", "eu-central-1")
			d, err := onAWS(options{stack: "desk", dry: c.dry}, func(args ...string) (string, error) {
				switch args[1] {
				case "get-function-concurrency":
					return c.reserved, nil
				case "get-secret-value":
					return `{"key":"` + strings.Repeat("k", 64) + `"}`, nil
				case "export-credentials":
					return "", errors.New("no credentials")
				}
				return "name-of-" + args[len(args)-5], nil
			})
			if err == nil {
				_, err = (&optouts.Store{Table: dynamo.Table{DB: d.db, Name: d.optOuts}}).OfPerson(t.Context(), "ref")
			}
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
		})
	}
}
