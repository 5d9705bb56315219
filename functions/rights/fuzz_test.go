package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/link"
)

// Whatever is sent, nobody sees a fault of ours, and the helper's checks of
// headers, histories and log hold. What stands for a link in a path ("confirm",
// "status", ...) becomes a good one, so that what lies behind is reached too.
func FuzzHandler(f *testing.F) {
	for _, c := range []call{
		postForm(mine), get("/requests"), postForm(mine + "&kind=opt_out_of_sale&country=US&region=CA&on_behalf_of=agent&details=x"),
		post("/requests/confirm/x", "from=page"), post("/requests/confirm/confirm", "from=page"), post("/requests/resend/resend", ""),
		get("/requests/status/status"), post("/requests/status/status", "action=withdraw"), post("/requests/status/refused", "action=disagree&statement=No"),
		post("/requests/status/refused", "action=appeal&reasons=x"), get("/requests/export/export"), post("/requests/export/export", "format=csv"),
		post("/receipts/check", `receipt={"payload":"e30","protected":"e30","signature":"x"}`), get("/.well-known/privacy-desk-keys.json"),
		postForm(`{"email":"marvin@example.com","kind":["erasure","access"],"_next":"https://biosero.com/"}`, "Content-Type", "application/json"),
	} {
		for _, accept := range []string{"text/html", "application/json", "*/*"} {
			f.Add(c.Method, c.Path, c.Query, "application/x-www-form-urlencoded", accept, "1", c.Body, false)
		}
	}
	files, err := filepath.Glob("../../events/rights/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no events", err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add("POST", "/requests", "", "application/json", "*/*", "", string(text), false)
		}
	}
	f.Fuzz(func(t *testing.T, method, path, query, contentType, accept, gpc, body string, encoded bool) {
		r := newRig(t)
		for name, p := range map[string]link.Purpose{
			"/requests/confirm/confirm": link.Confirm, "/requests/resend/resend": link.Resend, "/requests/status/status": link.Status,
			"/requests/status/refused": link.Status, "/requests/export/export": link.Export,
		} {
			if path == name {
				path = r.to(p, made[name[strings.LastIndex(name, "/")+1:]](r))
				break
			}
		}
		before := len(r.of(marvin))
		e := events.APIGatewayV2HTTPRequest{RawPath: path, RawQueryString: query, Body: body, IsBase64Encoded: encoded}
		e.RequestContext.HTTP.Method, e.RequestContext.HTTP.SourceIP = method, "203.0.113.7"
		e.Headers = map[string]string{"content-type": contentType, "accept": accept, "origin": query, "accept-language": accept, "sec-gpc": gpc}
		a := r.Invoke(e)
		for _, q := range r.of(marvin) {
			r.file(q.ID) // its history verifies
		}
		if after := len(r.of(marvin)); after > before+1 || after != before && a.StatusCode >= 400 {
			t.Errorf("%d requests after %d, status %d", after, before, a.StatusCode)
		}
	})
}
