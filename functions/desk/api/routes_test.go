package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/webrig"
)

func TestTemplateAndHandlerHaveTheSameRoutes(t *testing.T) {
	webrig.CheckRoutes(t, webrig.Routes(t, "desk", "/api"), newRig(t).patterns())
}

// Nothing of this function is for a caller whom IAM has not let through,
// whatever route brought the event.
func TestNothingIsForTheUnsigned(t *testing.T) {
	r := newRig(t)
	id := r.of("open").ID
	writes := r.store.writes
	for _, route := range webrig.Routes(t, "desk", "/api") {
		path := strings.NewReplacer("{id}", id, "{action}", "verify", "{rest+}", "requests").Replace(route.Path)
		for _, spelling := range append(testkit.Spellings(path), path) {
			for _, method := range testkit.Methods {
				e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: spelling, Body: "{}", Headers: map[string]string{"content-type": "application/json"}}
				e.RequestContext.HTTP.Method = method
				if got := r.invoke(e); got.StatusCode != http.StatusNotFound {
					t.Errorf("%s %s: %d", method, spelling, got.StatusCode)
				}
			}
		}
	}
	if r.store.writes != writes {
		t.Error("something was written")
	}
}

// A path that is not clean is not there, and is never sent elsewhere.
func TestUncleanPaths(t *testing.T) {
	r := newRig(t)
	id := r.of("open").ID
	for _, path := range []string{"//api/requests", "/api//requests", "/api/./requests", "/api/x/../requests", "/api/requests//", "/api/requests/" + id + "//verify", "api/requests", "", "/api", "/desk", "/desk/requests"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodHead} {
			got := r.call(method, path, nil)
			if got.StatusCode != http.StatusNotFound || got.Headers["location"] != "" {
				t.Errorf("%s %s: %d to %q", method, path, got.StatusCode, got.Headers["location"])
			}
		}
	}
	r.expect(r.call(http.MethodGet, "/api/requests/", nil), http.StatusOK, id)
	r.expect(r.call(http.MethodPost, "/api/requests/"+id+"/note/", body{"note": "He said so."}), http.StatusOK, "He said so.")
	r.expect(r.call(http.MethodHead, "/api/requests", nil), http.StatusOK, "")
}
