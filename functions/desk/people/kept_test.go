package people

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/staff"
)

// A form that asks by GET is not led to the provider, where CSP stops it without a word: a page with a link says that
// the session has ended, and leads back.
func TestAFilterOutlivesTheSession(t *testing.T) {
	for path, page := range map[string]bool{"/desk?state=open&kind=access": true, "/desk/law?kind=access": true, "/desk": false, "/desk/requests/PD-1/act/ask?of=fee": false} {
		for site, asks := range map[string]bool{"same-origin": page, "": page, "none": false, "cross-site": false} {
			b := newGate().browser()
			b.site = site
			w := b.send("GET", path, nil)
			want := "/desk/login?" + url.Values{"to": {path}}.Encode()
			if asks && (w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), `href="`+want+`"`) || !strings.Contains(w.Body.String(), "Your session has ended")) {
				t.Errorf("%s from %q: %d %s", path, site, w.Code, w.Body)
			}
			if !asks && (w.Code != http.StatusSeeOther || w.Header().Get("Location") != want) {
				t.Errorf("%s from %q: %d, to %q", path, site, w.Code, w.Header().Get("Location"))
			}
		}
	}
}

// What was typed when the session ended is on the page, and the page sends it again.
func TestTypedTextSurvivesTheLogin(t *testing.T) {
	typed := url.Values{"seq": {"7"}, "note": {"Two lines\nof \"words\" & <b>more</b>"}, "kinds": {"access", "erasure"}, "send": {"now"}}
	g := newGate()
	b := g.browser()
	b.signIn(t)
	g.now = g.now.Add(staff.IdleFor)
	w := b.send("POST", "/desk/requests/PD-1/act/note?of=x", typed)
	page := w.Body.String()
	if w.Code != http.StatusUnauthorized || w.Header().Get("Location") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
	for _, want := range []string{
		`action="/desk/requests/PD-1/act/note?of=x"`, `<blockquote class="words">Two lines` + "\n", `href="/desk/login?to=%2Fdesk%2Flogged-in" target="_blank" rel="noopener"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s: %s", want, page)
		}
	}
	if again := hiddenIn(page); again.Encode() != typed.Encode() {
		t.Errorf("the page sends %v, want %v", again, typed)
	}
	b.signIn(t)
	if w := b.send("GET", "/desk/logged-in", nil); w.Code != http.StatusOK {
		t.Errorf("the new tab shows %d", w.Code)
	}
	var got url.Values
	reach := g.door.enter(route{"POST /desk/x", staff.Handle, func(v *visit) { fields, _ := v.typed(); got = url.Values(fields) }})
	r := httptest.NewRequest("POST", "https://desk.example/desk/x", strings.NewReader(hiddenIn(page).Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "test", Value: b.cookie})
	if reach(httptest.NewRecorder(), r); got.Encode() != typed.Encode() {
		t.Errorf("what arrives in the end is %v, want %v", got, typed)
	}
}

// hiddenIn are the hidden fields of a page.
func hiddenIn(page string) url.Values {
	fields := url.Values{}
	for _, input := range strings.Split(page, `<input type="hidden" name="`)[1:] {
		name, rest, _ := strings.Cut(input, `" value="`)
		value, _, _ := strings.Cut(rest, `">`)
		fields.Add(html.UnescapeString(name), html.UnescapeString(value))
	}
	return fields
}

func TestAStepUpKeepsWhatWasTyped(t *testing.T) {
	g := newGate()
	b := g.browser()
	b.signIn(t)
	g.now = g.now.Add(20 * time.Minute)
	w := b.send("POST", "/desk/requests/PD-1/act/erase", url.Values{"seq": {"7"}})
	if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "15 minutes") || !strings.Contains(w.Body.String(), "again=1") {
		t.Errorf("%d, %s", w.Code, w.Body)
	}
	if !b.in(t) {
		t.Error("the session has ended")
	}
	other := g.browser()
	for path, again := range map[string]bool{"/desk/requests/PD-1/act/erase": true, "/desk/requests/PD-1/act/note": false} {
		if w := other.send("POST", path, url.Values{"seq": {"7"}}); strings.Contains(w.Body.String(), "again=1") != again {
			t.Errorf("without a session %s leads to a login that is new: %t", path, !again)
		}
	}
	r := httptest.NewRequest("POST", "https://desk.example/desk/requests/PD-1/act/erase", strings.NewReader(`{"seq":7}`))
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	r.AddCookie(&http.Cookie{Name: "test", Value: b.cookie})
	w = httptest.NewRecorder()
	if g.door.Routes().ServeHTTP(w, r); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), `"login_again"`) {
		t.Errorf("as JSON: %d, %s", w.Code, w.Body)
	}
}
