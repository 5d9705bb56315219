package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
)

type shape struct {
	Text  string    `json:"text"`
	Time  time.Time `json:"time"`
	Count int       `json:"count"`
	Yes   bool      `json:"yes"`
	Rows  []struct {
		At string `json:"at"`
	} `json:"rows"`
}

// Whoever sends a wrong body is told which member is wrong, and no value of it.
func TestReadJSONNamesTheMember(t *testing.T) {
	for name, c := range map[string]struct {
		body, field, said string
		lax               bool // also refused where unknown members are taken
	}{
		"whole":            {`{"text":"x","time":"2026-12-24T00:00:00Z","count":1,"yes":true,"rows":[{"at":"x"}]}`, "", "", false},
		"no JSON":          {`{"text":"secret`, "body", "documented shape", true},
		"nothing":          {``, "body", "documented shape", true},
		"two":              {`{}{}`, "body", "documented shape", true},
		"a list":           {`["secret"]`, "body", "documented shape", true},
		"null":             {` null`, "body", "documented shape", false},
		"a number":         {`{"text":5}`, "text", "text: a text is expected", true},
		"a text":           {`{"count":"secret"}`, "count", "count: a number is expected", true},
		"another text":     {`{"yes":"secret"}`, "yes", "yes: true or false is expected", true},
		"no list":          {`{"rows":"secret"}`, "rows", "rows: a list is expected", true},
		"no object":        {`{"rows":["secret"]}`, "rows", "rows: an object is expected", true},
		"inside":           {`{"rows":[{"at":5}]}`, "rows.at", "rows.at: a text is expected", true},
		"no time":          {`{"text":"x","time":"secret"}`, "time", "time: a time such as", true},
		"a number as time": {`{"time":5}`, "time", "time: it is not of the documented form", true},
		"a misspelt one":   {`{"text":"x","taxt":"secret"}`, "body", "there is no member taxt", false},
		"one inside":       {`{"rows":[{"ta\u001b":"secret"}]}`, "body", "there is no member ta", false},
	} {
		for way, read := range map[string]func(*http.Request, any) error{"lax": web.ReadJSON, "whole": web.ReadWholeJSON} {
			var v shape
			r, _ := http.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			err := read(r, &v)
			if c.field == "" || way == "lax" && !c.lax {
				if err != nil {
					t.Errorf("%s, %s: %v", name, way, err)
				}
				continue
			}
			f := fault.FieldsOf(err)
			if len(f) != 1 || f[0].Field != c.field || !strings.Contains(f[0].Message, c.said) || strings.ContainsAny(f[0].Message, "\x1b") || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s, %s: %v %+v", name, way, err, f)
			}
		}
	}
}

func TestReadJSON(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want fault.Code
	}{
		"good":         {`{"a":["x"]}`, ""},
		"empty":        {``, fault.Invalid},
		"an array":     {`[]`, fault.Invalid},
		"another type": {`{"a":"x"}`, fault.Invalid},
		"two":          {`{"a":[]} {}`, fault.Invalid},
		"too large":    {`{"a":["` + strings.Repeat("x", web.MaxJSON) + `"]}`, fault.TooLarge},
	} {
		var v struct{ A []string }
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
		if err := web.ReadJSON(r, &v); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
