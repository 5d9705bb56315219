package iam

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// What a browser sends is judged by the role of the function that has signed it.
func TestWhatABrowserSends(t *testing.T) {
	const form = "--X\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na1\r\n" +
		"--X\r\nContent-Disposition: form-data; name=\"X-Amz-Credential\"\r\n\r\nDoFunction/20261122/us-east-1/s3/aws4_request\r\n" +
		"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nprivate\r\n" +
		"--X\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nother\r\n--X--\r\n"
	post := func() *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/s3/bucket/", strings.NewReader(form))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=X")
		return r
	}
	get := func() *http.Request {
		return httptest.NewRequest(http.MethodGet, "/s3/bucket/a1?X-Amz-Credential=DoFunction%2F20261122%2Fus-east-1%2Fs3%2Faws4_request", nil)
	}
	for name, c := range map[string]struct {
		request func() *http.Request
		needs   string
	}{"a form": {post, "s3:PutObject"}, "an address": {get, "s3:GetObject"}} {
		for _, may := range []string{c.needs, "s3:ListBucket"} {
			t.Run(name+" and "+may, func(t *testing.T) {
				var record Record
				j := &Judge{Roles: rolesOf(t, `{Effect: Allow, Action: "`+may+`", Resource: "arn:aws:s3:::bucket/a*"}`), Enforce: true, Tell: record.Tell}
				host := ""
				r := c.request()
				j.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { host = r.Host })).ServeHTTP(httptest.NewRecorder(), r)
				if passed := host != ""; passed != (may == c.needs) {
					t.Errorf("passed: %v, denied: %v", passed, record.Denied())
				}
				if known := slices.ContainsFunc(record.Calls(), func(c Call) bool { return c.Function == "DoFunction" }); known != (may == c.needs) {
					t.Errorf("%+v", record.Calls())
				}
			})
		}
	}
}

// The host is part of what is signed.
func TestTheHostIsKept(t *testing.T) {
	var host string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { host = r.Host }))
	defer server.Close()
	j := &Judge{Roles: rolesOf(t, ""), Tell: func(Verdict) {}}
	handler, err := j.Before(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/s3/bucket/a", nil)
	r.Host = "127.0.0.1:4567"
	handler.ServeHTTP(httptest.NewRecorder(), r)
	if host != r.Host {
		t.Errorf("it arrives for %q", host)
	}
}
