package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { WriteText(w, http.StatusOK, text+" "+r.URL.Path) }
}

func TestRoutes(t *testing.T) {
	routes := Routes(map[string]http.HandlerFunc{
		"GET /{$}": says("home"), "GET /form": says("form"), "POST /form": says("post"), "GET /u/{link}": says("link"),
	}, says("none"))
	for request, want := range map[string]string{
		"GET /": "home /", "HEAD /form": "", "GET /form": "form /form", "GET /form/": "form /form", "POST /form/": "post /form", "GET /u/x/": "link /u/x",
		"GET /u/": "none /u", "GET //": "none //", "GET /form//": "none /form//", "GET //form": "none //form", "GET /u//x": "none /u//x",
		"GET /u/../form": "none /u/../form", "GET /./form/": "none /./form", "GET ": "none ", "GET form": "none form", "PUT /form": "none /form", "POST /": "none /",
		"GET /u/a%2fb": "link /u/a%2fb", "GET /u/%2e%2e": "link /u/%2e%2e", "GET /u/a b": "link /u/a b",
	} {
		method, path, _ := strings.Cut(request, " ")
		got := invoke(t, routes.ServeHTTP, event(method, path))
		if text := got.Body; got.StatusCode != http.StatusOK || text != want && text != want+"\n" {
			t.Errorf("%s: %d %q, want %q", request, got.StatusCode, text, want)
		}
	}
}

func TestSigned(t *testing.T) {
	serve := Signed(says("served"), says("refused"))
	e := event(http.MethodPost, "/links")
	if got := invoke(t, serve, e); got.Body != "refused /links\n" {
		t.Error(got.Body)
	}
	e.Headers = map[string]string{"authorization": "AWS4-HMAC-SHA256 Credential=x"}
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{}
	if got := invoke(t, serve, e); got.Body != "refused /links\n" {
		t.Error(got.Body)
	}
	e.RequestContext.Authorizer.IAM = &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserID: "AIDAEXAMPLE"}
	if got := invoke(t, serve, e); got.Body != "served /links\n" {
		t.Error(got.Body)
	}
}
