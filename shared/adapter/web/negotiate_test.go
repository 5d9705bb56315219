package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
)

// What real callers send; the header's name, then its value.
var callers = map[string]struct {
	headers []string
	want    Format
	browser bool
}{
	"Chromium navigates": {[]string{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "Sec-Fetch-Mode", "navigate", "Content-Type", "application/x-www-form-urlencoded"}, HTML, true},
	"an old browser":     {[]string{"Accept", "text/html, application/xhtml+xml, image/jxr, */*"}, HTML, true},
	"webflow.js, jQuery": {[]string{"Accept", "application/json, text/javascript, */*; q=0.01", "Sec-Fetch-Mode", "cors"}, JSON, false},
	"jQuery, any type":   {[]string{"Accept", "*/*", "X-Requested-With", "XMLHttpRequest"}, JSON, false},
	"jQuery wants HTML":  {[]string{"Accept", "text/html, */*; q=0.01", "X-Requested-With", "xmlhttprequest"}, JSON, true},
	"Contact Form 7":     {[]string{"Accept", "application/json, */*;q=0.1", "Sec-Fetch-Mode", "cors", "Content-Type", "multipart/form-data; boundary=X"}, JSON, false},
	"fetch of JSON":      {[]string{"Accept", "*/*", "Sec-Fetch-Mode", "cors", "Content-Type", "application/json"}, JSON, false},
	"fetch of a form":    {[]string{"Accept", "*/*", "Sec-Fetch-Mode", "no-cors"}, JSON, false},
	"htmx":               {[]string{"Accept", "text/html", "Sec-Fetch-Mode", "cors"}, HTML, true},
	"axios":              {[]string{"Accept", "application/json, text/plain, */*", "Content-Type", "application/x-www-form-urlencoded"}, JSON, false},
	"curl":               {[]string{"Accept", "*/*", "Content-Type", "application/x-www-form-urlencoded"}, HTML, false},
	"curl sends JSON":    {[]string{"Accept", "*/*", "Content-Type", "application/json"}, JSON, false},
	"prefers JSON":       {[]string{"Accept", "text/html;q=0.5, application/json;q=0.9"}, JSON, true},
	"prefers HTML":       {[]string{"Accept", "Application/JSON; q=0.5, Text/HTML;Level=1"}, HTML, true},
	"refuses HTML":       {[]string{"Accept", "text/html;q=0, application/json;q=0.1"}, JSON, false},
	"nonsense":           {[]string{"Accept", ";q=,,text/html;q=NaN;;/,*"}, HTML, false},
	"nothing":            {nil, HTML, false},
}

func TestWanted(t *testing.T) {
	for name, c := range callers {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			for i := 0; i+1 < len(c.headers); i += 2 {
				r.Header.Set(c.headers[i], c.headers[i+1])
			}
			if got := Wanted(r); got != c.want {
				t.Errorf("Wanted = %v", got)
			}
			if got := IsBrowser(r); got != c.browser {
				t.Errorf("IsBrowser = %v", got)
			}
		})
	}
}

func FuzzWanted(f *testing.F) {
	for _, c := range callers {
		f.Add(strings.Join(c.headers, "; "), "cors", "application/json")
	}
	f.Fuzz(func(_ *testing.T, accept, mode, contentType string) {
		r := &http.Request{Header: http.Header{"Accept": {accept}, "Sec-Fetch-Mode": {mode}, "Content-Type": {contentType}}}
		Wanted(r)
		IsBrowser(r)
	})
}

func TestRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		want   string
	}{
		"fields":   {fault.Field("email", "missing", "Enter it."), 422, `{"code":422,"status":"invalid","message":"Enter it.","errors":[{"field":"email","message":"Enter it."}]}`},
		"damaged":  {fault.New(fault.Damaged, "Cut."), 400, `{"code":400,"status":"damaged","message":"Cut."}`},
		"no fault": {errors.New("dial 10.0.0.1"), 500, `{"code":500,"status":"internal","message":"` + fault.Public(errors.New("x")) + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			w := httptest.NewRecorder()
			Refuse(w, c.err)
			if got := strings.TrimSpace(w.Body.String()); w.Code != c.status || got != c.want {
				t.Errorf("%d %s", w.Code, got)
			}
			if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
				t.Errorf("headers %v", w.Header())
			}
		})
	}
}

func TestWriteJSONOfWhatIsNone(t *testing.T) {
	w := httptest.NewRecorder()
	WriteJSON(w, http.StatusOK, func() {})
	if w.Code != http.StatusInternalServerError || !json.Valid(w.Body.Bytes()) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestPreflight(t *testing.T) {
	w := httptest.NewRecorder()
	Preflight(w, httptest.NewRequest(http.MethodOptions, "/unsubscribe", nil))
	for header, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type",
	} {
		if got := w.Header().Get(header); !strings.Contains(got, want) {
			t.Errorf("%s: %q", header, got)
		}
	}
	// A wildcard with credentials is refused by browsers, and we want none.
	if w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
