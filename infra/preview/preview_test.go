package main

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	desksample "privacydesk/shared/adapter/deskpage/sample"
	pagesample "privacydesk/shared/adapter/page/sample"
)

var href = regexp.MustCompile(`href="([^"]+)"`)

func get(t testing.TB, url string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	routes("../../template.yaml").ServeHTTP(w, httptest.NewRequest("GET", url, nil))
	return w
}

// Every line of the index leads to its page or mail, and a page has the status that the desk answers it with.
func TestIndexLeadsEverywhere(t *testing.T) {
	links := href.FindAllStringSubmatch(get(t, "/").Body.String(), -1)
	if len(links) < 50 {
		t.Fatalf("only %d links", len(links))
	}
	status, led := map[string]int{}, map[string]bool{}
	for _, s := range pagesample.Pages(catalog.Default) {
		status["/page/"+s.Name] = s.Status
	}
	for _, s := range desksample.Screens(catalog.Default) {
		status["/screen/"+s.Name] = s.Answer()
	}
	for _, link := range links {
		w := get(t, link[1])
		path, _, _ := strings.Cut(link[1], "?")
		if want := cmp.Or(status[path], http.StatusOK); w.Code != want || w.Header().Get("Content-Type") == "" || w.Body.Len() < 300 {
			t.Errorf("%s: status %d, want %d; %d bytes", link[1], w.Code, want, w.Body.Len())
		}
		led[path] = true
	}
	for path := range status {
		if !led[path] {
			t.Errorf("no link leads to %s", path)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	for _, url := range []string{"/page/none", "/screen/none", "/mail/none", "/none"} {
		if code := get(t, url).Code; code != 404 {
			t.Errorf("%s: %d", url, code)
		}
	}
}

func TestAddressFollowsThePort(t *testing.T) {
	for port, want := range map[string]string{"": "127.0.0.1:3010", "5040": "127.0.0.1:5050", "65530": "", "x": "", "-1": ""} {
		t.Setenv("PORT", port)
		if got, err := address(); got != want || (err == nil) != (want != "") {
			t.Errorf("PORT=%s: %q, %v", port, got, err)
		}
	}
}
