package main

import (
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/testkit/webrig"
)

// A closing slash is forgiven to callers whom IAM has let through, too.
func TestSystemsMayCloseWithASlash(t *testing.T) {
	r := newRig(t)
	for _, key := range webrig.OfSystems {
		method, path, _ := strings.Cut(key, " ")
		bare := call{Method: method, Path: path, Body: "{}", Headers: []string{"Content-Type", "application/json"}}
		e := bare.Event()
		e.RawPath += "/"
		if with, without := r.Invoke(e), r.Send(bare); with.StatusCode != without.StatusCode || with.StatusCode == http.StatusNotFound {
			t.Errorf("%s/: %d, without the slash %d", key, with.StatusCode, without.StatusCode)
		}
	}
}

// On every public route a closing slash changes nothing, and a post is not
// redirected (RFC 8058 section 3.2).
func TestClosingSlash(t *testing.T) {
	r := newRig(t)
	link, undo := r.link("unsubscribe", marvin, ""), r.press(marvin, "")
	for _, c := range []call{
		post(undo+"/", "", browser...), post(link+"/", "List-Unsubscribe=One-Click", mailClient...), post("/unsubscribe/", mine, browser...), post("/unsubscribe/", mine, script...),
		get("/unsubscribe/", browser...), get(link+"/", browser...), get("/style.css/"), {Method: http.MethodOptions, Path: "/unsubscribe/"},
		get(r.link("preferences", marvin, "")+"/", browser...),
		get(r.link("opt-in", marvin, "")+"/", browser...), {Method: http.MethodHead, Path: link + "/"},
	} {
		if a := r.Send(c); a.StatusCode/100 != 2 {
			t.Errorf("%s %.30s: %d %s", c.Method, c.Path, a.StatusCode, a.Brief())
		}
	}
	open := r.link("unsubscribe", "zaphod@example.com", "")
	a := r.Expect(get(open+"/", browser...), http.StatusOK, "")
	if !strings.Contains(a.Body, `action="`+open+`"`) {
		t.Error("the page posts to its path with the slash")
	}
}

// What there is not is said as a page to people and as JSON to scripts, each in
// their language.
func TestNothingHere(t *testing.T) {
	r := newRig(t)
	for lang, says := range map[string]string{"en": "This page does not exist", "de": "Diese Seite gibt es nicht", "es": "Esta página no existe"} {
		a := r.Expect(get("/nowhere", append([]string{"Accept-Language", lang}, browser...)...), http.StatusNotFound, says)
		if !strings.Contains(a.Body, `lang="`+lang+`"`) || !strings.Contains(a.Body, `href="/unsubscribe?lang=`+lang+`"`) {
			t.Errorf("%s: %s", lang, a.Brief())
		}
		got := r.Expect(post("/nowhere", "{}", append([]string{"Accept-Language", lang}, script...)...), http.StatusNotFound, "").JSON(t)
		if got.Code != 404 || got.Status != "not_found" || !strings.HasPrefix(got.Message, says+". ") {
			t.Errorf("%s: %+v", lang, got)
		}
	}
}

// A damaged link's page speaks of what the link was for.
func TestDamagedLinksSpeakByPurpose(t *testing.T) {
	const leave, back = "also unsubscribe in our form", "To get our emails again"
	r := newRig(t)
	r.Expect(postForm(mine), http.StatusOK, "")
	for purpose, c := range map[link.Purpose]struct{ method, says, never string }{
		link.Unsubscribe: {http.MethodGet, leave, back}, link.Preferences: {http.MethodGet, leave, back},
		link.Undo: {http.MethodPost, back, leave}, link.OptIn: {http.MethodGet, back, leave},
	} {
		good := r.link(purpose, marvin, "")
		a := r.Expect(call{Method: c.method, Path: good[:len(good)-5], Headers: browser}, http.StatusBadRequest, c.says)
		if strings.Contains(a.Text, c.never) {
			t.Errorf("%s: %s", purpose, a.Brief())
		}
	}
}
