package main

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/infra/local/gateway"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/template"
)

// whole is the API of template.yaml before this function. Every other function
// answers 299.
type whole struct {
	r       *rig
	logical string
}

func (a whole) Invoke(ctx context.Context, function string, payload []byte) ([]byte, string, error) {
	if function != a.logical {
		return []byte(`{"statusCode":299}`), "", nil
	}
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, "", err
	}
	got, err := web.Lambda(a.r.routes())(ctx, e)
	if err != nil {
		return nil, "", err
	}
	answer, err := json.Marshal(got)
	return answer, "", err
}

// $default is public and leads to the function that has routes of IAM's too:
// however their paths are written, nobody gets there unsigned.
func TestNobodyReachesARouteOfSystemsUnsigned(t *testing.T) {
	r := newRig(t)
	r.expect(postForm(mine), http.StatusOK, "")
	all, err := template.LoadLocal("../..", map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		t.Fatal(err)
	}
	function, _ := all.Function("unsubscribe")
	api := gateway.New(gateway.Config{
		Routes: all.Routes, Invoker: whole{r, function.LogicalID}, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return r.clock }, NewID: func() string { return "id" },
	})
	reads, writes, tried := r.store.reads, r.store.writes, 0
	for _, route := range all.Routes {
		if !route.IAM {
			continue
		}
		path := strings.NewReplacer("{id}", "PD-7K3M-9QXT-40BZ-1HNE", "{action}", "verify", "{rest+}", "x").Replace(route.Path)
		for _, spelling := range testkit.Spellings(path) {
			for _, method := range testkit.Methods {
				for _, headers := range []string{"", "X-HTTP-Method-Override: POST\r\nX-Original-URL: " + path + "\r\n", "Authorization: AWS4-HMAC-SHA256 Credential=local\r\n"} {
					request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(method + " " + spelling + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n")))
					if err != nil {
						continue // no server would take it
					}
					request.RemoteAddr = "203.0.113.7:1"
					answer := httptest.NewRecorder()
					api.ServeHTTP(answer, request)
					if tried++; answer.Code < 400 {
						t.Errorf("%s %s: %d %.100s", method, spelling, answer.Code, answer.Body)
					}
				}
			}
		}
	}
	if r.store.reads != reads || r.store.writes != writes {
		t.Errorf("%d reads and %d writes", r.store.reads-reads, r.store.writes-writes)
	}
	t.Logf("%d requests", tried)
}

// A closing slash is forgiven to callers whom IAM has let through, too.
func TestSystemsMayCloseWithASlash(t *testing.T) {
	r := newRig(t)
	for _, key := range ofSystems {
		method, path, _ := strings.Cut(key, " ")
		bare := call{method: method, path: path, body: "{}", headers: []string{"Content-Type", "application/json"}}
		e := bare.event()
		e.RawPath += "/"
		if with, without := r.invoke(e), r.send(bare); with.StatusCode != without.StatusCode || with.StatusCode == http.StatusNotFound {
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
		get("/unsubscribe/", browser...), get(link+"/", browser...), get("/style.css/"), {method: http.MethodOptions, path: "/unsubscribe/"},
		get(r.link("preferences", marvin, "")+"/", browser...),
		get(r.link("opt-in", marvin, "")+"/", browser...), {method: http.MethodHead, path: link + "/"},
	} {
		if a := r.send(c); a.StatusCode/100 != 2 {
			t.Errorf("%s %.30s: %d %s", c.method, c.path, a.StatusCode, a.brief())
		}
	}
	a := r.expect(get(link+"/", browser...), http.StatusOK, "")
	if !strings.Contains(a.Body, `action="`+link+`"`) {
		t.Error("the page posts to its path with the slash")
	}
}

// What there is not is said as a page to people and as JSON to scripts, each in
// their language.
func TestNothingHere(t *testing.T) {
	r := newRig(t)
	for lang, says := range map[string]string{"en": "This page does not exist", "de": "Diese Seite gibt es nicht", "es": "Esta página no existe"} {
		a := r.expect(get("/nowhere", append([]string{"Accept-Language", lang}, browser...)...), http.StatusNotFound, says)
		if !strings.Contains(a.Body, `lang="`+lang+`"`) || !strings.Contains(a.Body, `href="/unsubscribe"`) {
			t.Errorf("%s: %s", lang, a.brief())
		}
		got := r.expect(post("/nowhere", "{}", append([]string{"Accept-Language", lang}, script...)...), http.StatusNotFound, "").json(t)
		if got.Code != 404 || got.Status != "not_found" || got.Message != says {
			t.Errorf("%s: %+v", lang, got)
		}
	}
}

// A damaged link's page speaks of what the link was for.
func TestDamagedLinksSpeakByPurpose(t *testing.T) {
	const leave, back = "unsubscribe without a link", "want our emails again"
	r := newRig(t)
	r.expect(postForm(mine), http.StatusOK, "")
	for purpose, c := range map[link.Purpose]struct{ method, says, never string }{
		link.Unsubscribe: {http.MethodGet, leave, back}, link.Preferences: {http.MethodGet, leave, back},
		link.Undo: {http.MethodPost, back, leave}, link.OptIn: {http.MethodGet, back, leave},
	} {
		good := r.link(purpose, marvin, "")
		a := r.expect(call{method: c.method, path: good[:len(good)-5], headers: browser}, http.StatusBadRequest, c.says)
		if strings.Contains(a.text, c.never) {
			t.Errorf("%s: %s", purpose, a.brief())
		}
	}
}
