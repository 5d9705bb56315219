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
	for name, c := range map[string]struct{ body, field, said string }{
		"whole":            {`{"text":"x","time":"2026-12-24T00:00:00Z","count":1,"yes":true,"rows":[{"at":"x"}]}`, "", ""},
		"capital letters":  {`{"Text":"x"}`, "", ""},
		"no JSON":          {`{"text":"secret`, "body", "one JSON object"},
		"nothing":          {``, "body", "one JSON object"},
		"two":              {`{}{}`, "body", "one JSON object"},
		"a list":           {`["secret"]`, "body", "one JSON object"},
		"null":             {` null`, "body", "one JSON object"},
		"a number":         {`{"text":5}`, "text", "text must be a text"},
		"a text":           {`{"count":"secret"}`, "count", "count must be a number"},
		"another text":     {`{"yes":"secret"}`, "yes", "yes must be true or false"},
		"no list":          {`{"rows":"secret"}`, "rows", "rows must be a list"},
		"no object":        {`{"rows":["secret"]}`, "rows", "rows must be an object"},
		"inside":           {`{"rows":[{"at":5}]}`, "rows.at", "rows.at must be a text"},
		"no time":          {`{"text":"x","time":"secret"}`, "time", "time must be a time such as"},
		"a number as time": {`{"time":5}`, "time", "time must be in its documented form"},
		"a misspelt one":   {`{"text":"x","taxt":"secret"}`, "taxt", "unknown member taxt; did you mean text?"},
		"another's name":   {`{"rows":[{"at":"x"},{"when":"secret"}]}`, "rows[1].when", "unknown member rows[1].when; did you mean at?"},
		"one too many":     {`{"rows":[{"at":"x","when":"secret"}]}`, "rows[0].when", "unknown member rows[0].when"},
		"control letters":  {`{"rows":[{"ta\u001b":"secret"}]}`, "rows[0].ta", "unknown member rows[0].ta"},
	} {
		var v shape
		r, _ := http.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
		err := web.ReadJSON(r, &v)
		if c.field == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		f := fault.FieldsOf(err)
		if len(f) != 1 || f[0].Field != c.field || !strings.Contains(f[0].Message, c.said) || strings.ContainsAny(f[0].Message, "\x1b") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v %+v", name, err, f)
		}
	}
}

func TestQueries(t *testing.T) {
	for name, c := range map[string]struct{ query, said string }{
		"none":    {"", ""},
		"known":   {"by=x&after=y", ""},
		"unknown": {"by=x&state=closed", "unknown query member state; must be one of by, after"},
	} {
		w, served := httptest.NewRecorder(), false
		web.Queries(func(http.ResponseWriter, *http.Request) { served = true }, "by", "after")(w, httptest.NewRequest(http.MethodGet, "/?"+c.query, nil))
		if served != (c.said == "") || !strings.Contains(w.Body.String(), c.said) {
			t.Errorf("%s: served %v, %s", name, served, w.Body)
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
