package page_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"privacydesk/shared/adapter/page"
)

func TestStylesheet(t *testing.T) {
	const forever, ask = "public, max-age=31536000, immutable", "no-cache"
	etag := styleAnswer("GET", page.PathStylesheet, "").Header().Get("ETag")
	for name, c := range map[string]struct {
		method, url, have string
		status            int
		cache             string
		body              bool
	}{
		"by hash":         {"GET", page.StylesheetURL(), "", 200, forever, true},
		"without hash":    {"GET", page.PathStylesheet, "", 200, ask, true},
		"an older hash":   {"GET", page.PathStylesheet + "?v=0", "", 200, ask, true},
		"still good":      {"GET", page.PathStylesheet, etag, 304, ask, false},
		"one of several":  {"GET", page.PathStylesheet, `"x", W/` + etag, 304, ask, false},
		"another version": {"GET", page.PathStylesheet, `"x"`, 200, ask, true},
		"head":            {"HEAD", page.PathStylesheet, "", 200, ask, false},
	} {
		w := styleAnswer(c.method, c.url, c.have)
		if w.Code != c.status || w.Header().Get("Cache-Control") != c.cache || (w.Body.Len() > 0) != c.body {
			t.Errorf("%s: %d, %q, %d bytes", name, w.Code, w.Header().Get("Cache-Control"), w.Body.Len())
		}
		if c.body && w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%s: %s", name, w.Header().Get("Content-Type"))
		}
	}
}

func styleAnswer(method, url, have string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, url, nil)
	if have != "" {
		r.Header.Set("If-None-Match", have)
	}
	w := httptest.NewRecorder()
	http.HandlerFunc(page.Stylesheet).ServeHTTP(w, r)
	return w
}
