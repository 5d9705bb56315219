package main

import (
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/testkit/webrig"
)

func TestTemplateAndHandlerHaveTheSameRoutes(t *testing.T) {
	webrig.CheckRoutes(t, webrig.Routes(t, "rights", ""), newRig(t).patterns())
}

// links make a good link for each route that has one.
var links = map[string]func(*rig) string{
	"/requests/confirm/{link}": func(r *rig) string { return r.to(link.Confirm, r.open(germany, deadline.Access)) },
	"/requests/resend/{link}":  func(r *rig) string { return r.to(link.Resend, r.mailed(r.open(germany, deadline.Access))) },
	"/requests/status/{link}":  func(r *rig) string { return r.to(link.Status, r.opened(germany, deadline.Access)) },
	"/requests/export/{link}":  func(r *rig) string { return r.to(link.Export, r.decided(granted, germany, deadline.Access)) },
}

// Mail scanners and preview panes open everything they find.
func TestNoReadChangesARow(t *testing.T) {
	for _, route := range webrig.Routes(t, "rights", "") {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, "PROPFIND"} {
			t.Run(method+" "+route.Path, func(t *testing.T) {
				r := newRig(t)
				path := route.Path
				if link, ok := links[path]; ok {
					path = link(r)
				}
				before := r.of(marvin)
				writes := len(r.store.writes)
				body := "email=marvin%40example.com&kind=access&kind=objection&action=withdraw&from=page&format=json"
				r.Send(call{Method: method, Path: path, Query: body, Body: body, Headers: append([]string{
					"Content-Type", "application/x-www-form-urlencoded", "X-HTTP-Method-Override", "POST", "Sec-GPC", "1",
				}, browser...)})
				for i, q := range r.of(marvin) {
					if q.Version != before[i].Version {
						t.Error("a request was written to:", r.history(q.ID))
					}
				}
				if len(r.store.writes) != writes || r.rows(marvin) != "" {
					t.Error("something was written")
				}
			})
		}
	}
}

func TestEveryReadAnswers(t *testing.T) {
	r := newRig(t)
	pages := map[string]string{"/requests": `name="want"`, "/receipts/check": `name="receipt"`}
	for path, piece := range map[string]string{"/requests/confirm/{link}": "m***@e***.com", "/requests/status/{link}": "PD-", "/requests/export/{link}": "PD-"} {
		pages[links[path](r)] = piece
	}
	for path, piece := range pages {
		for _, lang := range []string{"en", "de", "es"} {
			full := r.Expect(get(path, append([]string{"Accept-Language", lang}, browser...)...), http.StatusOK, piece)
			if !strings.Contains(full.Body, `lang="`+lang+`"`) && !strings.HasPrefix(path, "/requests/") {
				t.Errorf("%.30s is not in %s", path, lang)
			}
			head := r.Expect(call{Method: http.MethodHead, Path: path, Headers: mailClient}, http.StatusOK, "")
			if full.Headers["content-type"] != head.Headers["content-type"] {
				t.Errorf("HEAD %.30s is %s", path, head.Headers["content-type"])
			}
			if strings.Contains(full.Body, "<script") {
				t.Errorf("%.30s holds a script", path)
			}
		}
	}
}

// Every route with a link refuses what is none, what is another's and what is
// over, each in the caller's own form.
func TestLinksThatDoNotWork(t *testing.T) {
	for route, make := range links {
		prefix := strings.TrimSuffix(route, "{link}")
		t.Run(prefix, func(t *testing.T) {
			r := newRig(t)
			good := strings.TrimPrefix(make(r), prefix)
			methods := []string{http.MethodPost}
			if prefix != "/requests/resend/" {
				methods = append(methods, http.MethodGet)
			}
			bad := map[string]string{"nonsense": "x", "cut off": good[:len(good)-5], "altered": altered(good)}
			for other, makeOther := range links {
				if other != route {
					bad["for "+other] = strings.TrimPrefix(makeOther(r), strings.TrimSuffix(other, "{link}"))
				}
			}
			writes := len(r.store.writes)
			for name, token := range bad {
				for _, method := range methods {
					c := call{Method: method, Path: prefix + token}
					c.Headers = browser
					a := r.Expect(c, http.StatusBadRequest, "")
					if !strings.HasPrefix(a.Headers["content-type"], "text/html") {
						t.Errorf("%s: people are answered in %s", name, a.Headers["content-type"])
					}
					c.Headers = script
					if got := r.Expect(c, http.StatusBadRequest, "").JSON(t); got.Status != "damaged" || got.Message == "" {
						t.Errorf("%s: %+v", name, got)
					}
					c.Headers = mailClient
					if a := r.Expect(c, http.StatusBadRequest, "damaged"); !strings.HasPrefix(a.Headers["content-type"], "text/plain") {
						t.Errorf("%s: a mail client is answered in %s", name, a.Headers["content-type"])
					}
				}
			}
			if len(r.store.writes) != writes {
				t.Error("something was written")
			}
		})
	}
}

// A damaged link's page speaks of what the link was for.
func TestDamagedLinksSpeakOfRequests(t *testing.T) {
	r := newRig(t)
	for route, make := range links {
		good := make(r)
		method := http.MethodGet
		if strings.Contains(route, "resend") {
			method = http.MethodPost
		}
		a := r.Expect(call{Method: method, Path: good[:len(good)-5], Headers: browser}, http.StatusBadRequest, "latest email about your request")
		if strings.Contains(a.Text, "unsubscribe without a link") || !strings.Contains(a.Body, `href="/requests?lang=en"`) {
			t.Errorf("%s: %s", route, a.Brief())
		}
	}
}

// On every route a closing slash changes nothing, and a post is not redirected.
func TestClosingSlash(t *testing.T) {
	r := newRig(t)
	for _, c := range []call{
		get("/requests/", browser...), postForm("email=marvin%40example.com&kind=access", browser...), get("/receipts/check/", browser...),
		post("/receipts/check/", "receipt=x", browser...), get("/.well-known/privacy-desk-keys.json/"),
		{Method: http.MethodHead, Path: "/.well-known/privacy-desk-keys.json/"}, {Method: http.MethodOptions, Path: "/requests/"},
		get(links["/requests/status/{link}"](r)+"/", browser...), post(links["/requests/confirm/{link}"](r)+"/", "action=confirm&kind=access", browser...),
		post(links["/requests/resend/{link}"](r)+"/", "", browser...), post(links["/requests/export/{link}"](r)+"/", "format=csv", browser...),
	} {
		if c.Path == "/requests" {
			c.Path += "/"
		}
		if a := r.Send(c); a.StatusCode/100 != 2 {
			t.Errorf("%s %.40s: %d %s", c.Method, c.Path, a.StatusCode, a.Brief())
		}
	}
}

// altered is a token with one character of its middle changed.
func altered(token string) string {
	middle := []byte(token)
	if i := len(middle) / 2; middle[i] == 'x' {
		middle[i] = 'y'
	} else {
		middle[i] = 'x'
	}
	return string(middle)
}

func TestNothingElseIsServed(t *testing.T) {
	r := newRig(t)
	token := strings.TrimPrefix(r.to(link.Status, r.opened(germany, deadline.Access)), "/requests/status/")
	writes := len(r.store.writes)
	for _, path := range []string{
		"/x", "//", "/requests//", "/requests/x", "/requests/status/", "/requests/status//" + token, "/requests/status/" + token + "//", "/requests/../requests/status/" + token,
		"//requests", "requests", "", "/requests/status/" + token + "/x", "/.well-known/", "/.well-known/jwks.json", "/receipts",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			if a := r.Send(call{Method: method, Path: path, Headers: browser, Body: "action=withdraw"}); a.StatusCode != http.StatusNotFound || a.Headers["location"] != "" {
				t.Errorf("%s %.30s: %d to %q", method, path, a.StatusCode, a.Headers["location"])
			}
		}
	}
	r.Expect(get("/x", script...), http.StatusNotFound, `"not_found"`)
	if len(r.store.writes) != writes {
		t.Error("something was written")
	}
}

// When the table does not answer, everybody is told to come back, and nothing
// of the cause is shown.
func TestTableIsDown(t *testing.T) {
	r := newRig(t)
	calls := map[string]call{
		"form": postForm("email=marvin%40example.com&kind=access"), "confirm": post(links["/requests/confirm/{link}"](r), ""),
		"resend": post(links["/requests/resend/{link}"](r), ""), "status": get(links["/requests/status/{link}"](r)),
		"withdraw": post(links["/requests/status/{link}"](r), "action=withdraw"), "export": get(links["/requests/export/{link}"](r)),
		"download": post(links["/requests/export/{link}"](r), "format=csv"), "confirm page": get(links["/requests/confirm/{link}"](r)),
	}
	r.store.err = down
	for name, c := range calls {
		for _, headers := range [][]string{browser, script} {
			one := c
			one.Headers = append(append([]string{}, c.Headers...), headers...)
			a := r.Send(one)
			if a.StatusCode != http.StatusServiceUnavailable || strings.Contains(a.Text, "throttled") {
				t.Errorf("%s: %d %s", name, a.StatusCode, a.Brief())
			}
		}
	}
	if !strings.Contains(r.Log.String(), "throttled") {
		t.Error("the cause is not in the log")
	}
}
