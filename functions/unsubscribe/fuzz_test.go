package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// Whatever is sent, nobody sees a fault of ours, and the helper's checks of
// headers and log hold.
func FuzzHandler(f *testing.F) {
	for _, c := range []call{
		postForm(mine), get("/unsubscribe"), post("/u/x", oneClick), get("/preferences/x"), post("/preferences/x", "everything=stop"),
		post("/links", `{"recipients":[{"address":"marvin@example.com"}]}`), post("/suppressions/check", `{"addresses":["marvin@example.com",""]}`),
		postForm(`{"email":"marvin@example.com","topics":["events"],"erase":true,"_next":"https://biosero.com/"}`, "Content-Type", "application/json"),
	} {
		for _, accept := range []string{"text/html", "application/json", "*/*"} {
			f.Add(c.Method, c.Path, c.Query, "application/x-www-form-urlencoded", accept, c.Body, false)
		}
	}
	f.Fuzz(func(t *testing.T, method, path, query, contentType, accept, body string, encoded bool) {
		e := events.APIGatewayV2HTTPRequest{RawPath: path, RawQueryString: query, Body: body, IsBase64Encoded: encoded}
		e.RequestContext.HTTP.Method, e.RequestContext.HTTP.SourceIP = method, "203.0.113.7"
		e.Headers = map[string]string{"content-type": contentType, "accept": accept, "origin": query, "accept-language": accept}
		newRig(t).Invoke(e)
	})
}
