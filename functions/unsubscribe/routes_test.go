package main

import (
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/testkit/webrig"
)

func TestTemplateAndHandlerHaveTheSameRoutes(t *testing.T) {
	webrig.CheckRoutes(t, webrig.Routes(t, "unsubscribe", ""), newRig(t).patterns())
}

// Mail scanners and preview panes open everything they find.
func TestNoReadChangesARow(t *testing.T) {
	links := map[string]func(*rig) string{
		"/u/{link}":                   func(r *rig) string { return r.link("unsubscribe", marvin, "newsletter") },
		"/done/{link}":                func(r *rig) string { return r.link("result", marvin, "") },
		"/undo/{link}":                func(r *rig) string { return r.link("undo", marvin, "") },
		"/preferences/{link}":         func(r *rig) string { return r.link("preferences", marvin, "") },
		"/preferences/confirm/{link}": func(r *rig) string { return r.link("opt-in", marvin, "") },
	}
	for _, route := range webrig.Routes(t, "unsubscribe", "") {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, "PROPFIND"} {
			t.Run(method+" "+route.Path, func(t *testing.T) {
				r := newRig(t)
				r.Expect(postForm(mine), http.StatusOK, "")
				path := route.Path
				if link, ok := links[path]; ok {
					path = link(r)
				}
				writes := r.store.writes
				c := call{Method: method, Path: path, Query: "email=marvin%40example.com&List-Unsubscribe=One-Click&from=page&everything=stop",
					Body: mine + "&List-Unsubscribe=One-Click&everything=stop", Headers: append([]string{"Content-Type", "application/x-www-form-urlencoded", "X-HTTP-Method-Override", "POST"}, browser...)}
				r.Send(c)
				r.wantRows(marvin, "email=out@1")
				if r.store.writes != writes || len(r.confirmations()) != 0 {
					t.Error("something was written")
				}
				// Nor is the link spent.
				if route.Path == "/u/{link}" {
					r.Expect(post(path, "List-Unsubscribe=One-Click", mailClient...), http.StatusOK, "Emails on “News” have stopped.")
				}
			})
		}
	}
}

func TestEveryReadAnswers(t *testing.T) {
	r := newRig(t)
	r.Expect(postForm(mine), http.StatusOK, "")
	for path, piece := range map[string]string{
		"/": "Biosero", "/style.css": "font", "/icon.svg": "<svg", "/.well-known/gpc.json": `"gpc":true`, "/unsubscribe": "Request to Unsubscribe",
		r.link("unsubscribe", marvin, ""): "m***@e***.com", r.link("preferences", marvin, ""): "m***@e***.com", r.link("opt-in", marvin, ""): "m***@e***.com",
	} {
		full := r.Expect(get(path, browser...), http.StatusOK, piece)
		head := r.Expect(call{Method: http.MethodHead, Path: path, Headers: mailClient}, http.StatusOK, "")
		if full.Headers["content-type"] != head.Headers["content-type"] {
			t.Errorf("HEAD %.20s is %s", path, head.Headers["content-type"])
		}
		if strings.Contains(full.Body, "<script") || strings.Contains(full.Body, "marvin") {
			t.Errorf("%.20s holds a script or the address", path)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	r := newRig(t)
	token := strings.TrimPrefix(r.link("unsubscribe", marvin, ""), "/u/")
	for _, path := range []string{"/x", "/favicon.ico", "/robots.txt", "/u/", "//", "/u//" + token, "/u/" + token + "//", "/unsubscribe//", "/u/../u/" + token, "/u/./" + token, "//u/" + token, "u/" + token, "", "/unsubscribe/x", "/undo/" + token + "/x"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			if a := r.Send(call{Method: method, Path: path, Headers: browser, Body: mine}); a.StatusCode != http.StatusNotFound || a.Headers["location"] != "" {
				t.Errorf("%s %.20s: %d to %q", method, path, a.StatusCode, a.Headers["location"])
			}
		}
	}
	r.Expect(get("/x", script...), http.StatusNotFound, `"not_found"`)
	if r.store.writes != 0 {
		t.Error("something was written")
	}
}
