package page_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/settings"
)

// everyPage runs a test on each sample in each language.
func everyPage(t *testing.T, test func(t *testing.T, lang string, s sample.Sample)) {
	t.Helper()
	for _, lang := range catalog.Languages() {
		for _, s := range sample.Pages(lang) {
			t.Run(s.Name+"/"+lang, func(t *testing.T) { test(t, lang, s) })
		}
	}
}

func write(t testing.TB, method, lang string, status int, p page.Page) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	if err := sample.Desk().Write(w, httptest.NewRequest(method, "/", nil), status, catalog.For(lang), p); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestHeaders(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		got := write(t, http.MethodGet, lang, s.Status, s.Page)
		for name, want := range map[string]string{
			"Content-Type":           "text/html; charset=utf-8",
			"Content-Language":       lang,
			"Referrer-Policy":        "no-referrer",
			"X-Content-Type-Options": "nosniff",
			"X-Robots-Tag":           "noindex",
			"Vary":                   "Accept, Accept-Language",
			"Content-Length":         strconv.Itoa(got.Body.Len()),
		} {
			if got.Header().Get(name) != want {
				t.Errorf("%s: %q, want %q", name, got.Header().Get(name), want)
			}
		}
		csp := got.Header().Get("Content-Security-Policy")
		for _, directive := range []string{"default-src 'none'", "style-src 'self'", "img-src 'self'",
			"form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(csp, directive) {
				t.Errorf("Content-Security-Policy %q lacks %s", csp, directive)
			}
		}
		if got.Code != s.Status {
			t.Errorf("status %d, want %d", got.Code, s.Status)
		}
	})
}

func TestOnlyBlankPagesMayBeKept(t *testing.T) {
	for name, c := range map[string]struct {
		page page.Page
		want string
	}{
		"landing":         {page.Landing{}, "no-cache"},
		"empty form":      {page.UnsubscribeForm{}, "no-cache"},
		"form with email": {page.UnsubscribeForm{Email: "a@example.com"}, "no-store"},
		"form with fault": {page.UnsubscribeForm{Errors: []fault.FieldError{{}}}, "no-store"},
		"link page":       {page.UnsubscribeLink{}, "no-store"},
		"preferences":     {page.Preferences{}, "no-store"},
		"problem":         {page.Problem{}, "no-store"},
		"request form":    {page.RequestForm{}, "no-cache"},
		"request typed":   {page.RequestForm{Details: "x"}, "no-store"},
		"request signal":  {page.RequestForm{GPC: true}, "no-store"},
		"request status":  {page.RequestStatus{}, "no-store"},
		"export":          {page.ExportPage{}, "no-store"},
		"receipt check":   {page.ReceiptCheck{}, "no-cache"},
		"receipt checked": {page.ReceiptCheck{Found: &page.ReceiptFind{}}, "no-store"},
	} {
		if got := write(t, http.MethodGet, "en", 200, c.page).Header().Get("Cache-Control"); got != c.want {
			t.Errorf("%s: Cache-Control %q, want %q", name, got, c.want)
		}
	}
}

func TestHeadGetsHeadersAlone(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		head, get := write(t, http.MethodHead, lang, s.Status, s.Page), write(t, http.MethodGet, lang, s.Status, s.Page)
		if head.Body.Len() != 0 || head.Code != get.Code ||
			head.Header().Get("Content-Length") != get.Header().Get("Content-Length") {
			t.Errorf("HEAD: status %d, %d bytes, headers %v", head.Code, head.Body.Len(), head.Header())
		}
	})
}

func TestFormMayEndAtListedOriginsOnly(t *testing.T) {
	desk := sample.Desk()
	desk.RedirectOrigins = []string{"https://a.example", "https://b.example; script-src *", "", "'unsafe-inline'"}
	for name, c := range map[string]struct {
		page page.Page
		want string
	}{
		"the form":       {page.UnsubscribeForm{}, "form-action 'self' https://a.example; base-uri"},
		"any other page": {page.UnsubscribeLink{}, "form-action 'self'; base-uri"},
	} {
		w := httptest.NewRecorder()
		if err := desk.Write(w, httptest.NewRequest("GET", "/", nil), 200, catalog.For("en"), c.page); err != nil {
			t.Fatal(err)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, c.want) {
			t.Errorf("%s: %q lacks %q", name, csp, c.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	w := write(t, http.MethodGet, "en", 429, page.TooMany{RetryAfter: 90 * time.Second})
	if got := w.Header().Get("Retry-After"); got != "90" {
		t.Errorf("Retry-After %q", got)
	}
	if !strings.Contains(w.Body.String(), "in 2 minutes") {
		t.Error("90 seconds are not told as 2 minutes")
	}
}

func TestVaryOfTheHandlerStays(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set("Vary", "Origin")
	if err := sample.Desk().Write(w, httptest.NewRequest("GET", "/", nil), 200, catalog.For("en"), page.Landing{}); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Values("Vary"); len(got) != 2 {
		t.Errorf("Vary %v", got)
	}
}

func TestOwnWordingWins(t *testing.T) {
	desk := sample.Desk()
	desk.Wording = map[string]settings.Wording{"en": {Received: "Ta!"}}
	for lang, want := range map[string]string{"en": `<p class="lead">Ta!</p>`, "de": `<p class="lead">Vielen Dank! Ihre Mitteilung ist eingegangen.</p>`} {
		got, err := desk.Render(catalog.For(lang), page.Received{})
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: no %s (error %v)", lang, want, err)
		}
	}
}

func TestWordsOfThePolicy(t *testing.T) {
	for want, p := range map[string]page.Page{
		`<p class="lead">Thank you! Your submission has been received!</p>`:              page.Received{},
		"Thank you! Your submission has been received!":                                  page.RequestReceived{},
		"Oops! Something went wrong while submitting the form.":                          page.Problem{Status: 500, Sent: true},
		"<h1>Request to Unsubscribe</h1>":                                                page.UnsubscribeForm{},
		"To remove yourself from Biosero communications, please fill out the form below": page.UnsubscribeForm{},
		"Please remove me from all electronic communications and marketing database.":    page.UnsubscribeForm{},
	} {
		if got := write(t, "GET", "en", 200, p).Body.String(); !strings.Contains(got, want) {
			t.Errorf("%T does not say %q", p, want)
		}
	}
}
