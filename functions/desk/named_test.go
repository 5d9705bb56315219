package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit/webrig"
)

var (
	personal = regexp.MustCompile(`"((?:GET|POST) /desk/[^"]*\{[^"]*)"`)
	blank    = regexp.MustCompile(`\{[a-z]+\}`)
)

// named are the routes of both doors that name something, such as "GET /api/requests/{id}".
func named(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, r := range webrig.Routes(t, "desk", "/api") {
		all = append(all, r.Key())
	}
	files, err := filepath.Glob("people/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range personal.FindAllStringSubmatch(string(source), -1) {
			if !strings.HasSuffix(file, "_test.go") {
				all = append(all, found[1])
			}
		}
	}
	return all
}

// withActs puts each act that a route of the machines' knows where its path says {action}.
func (w *whole) withActs(t *testing.T, route string) []string {
	if !strings.Contains(route, "{action}") {
		return []string{route}
	}
	method, path, _ := strings.Cut(route, " ")
	told := w.send(t, method, strings.NewReplacer("{id}", "x", "{action}", "x").Replace(path), "{}").Body
	_, acts, found := strings.Cut(told, "must be one of ")
	acts, _, ended := strings.Cut(acts, ".")
	if !found || !ended {
		t.Fatalf("%s: %s", route, told)
	}
	all := []string{strings.Replace(route, "{action}", "x", 1)}
	for act := range strings.SplitSeq(acts, ", ") {
		all = append(all, strings.Replace(route, "{action}", act, 1))
	}
	return all
}

// send sends what is for machines as one whom IAM knows, and what is for people as an administrator.
func (w *whole) send(t *testing.T, method, path, body string) events.APIGatewayV2HTTPResponse {
	t.Helper()
	media := "application/json"
	if strings.HasPrefix(path, "/desk/") {
		media = "application/x-www-form-urlencoded"
	}
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, Cookies: []string{w.cookie}, Body: body, Headers: map[string]string{"content-type": media, "accept": "text/html"}}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = method, path
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserID: "AIDADPO"}}
	answer, err := w.serve(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// What nothing can be named is nowhere, whatever door it is asked for at.
func TestIDsThatNothingHas(t *testing.T) {
	w := newWhole(t)
	w.signIn(t, staff.Admin)
	posts := map[bool]string{
		true:  "seq=1&of=1&when=now&reason=x&note=x&do=save&address=a%40example.com",
		false: `{"of":1,"when":"now","reason":"complexity","note":"x","explanation":"x","statement":"x","mail":"decision","outcome":"fulfilled","checked":["document"],"cause":"identity","question":"x","kinds":["access"],"language":"de"}`,
	}
	ways := named(t)
	if len(ways) < 15 {
		t.Fatal(ways)
	}
	for _, route := range ways {
		for _, way := range w.withActs(t, route) {
			method, path, _ := strings.Cut(way, " ")
			for _, id := range []string{
				strings.Repeat("x", 200), strings.Repeat("x", 1020), strings.Repeat("x", 1100), strings.Repeat("é", 1100), strings.Repeat("x", 7000), "\xff\x00", "%ff", "#staff#a1",
			} {
				body := ""
				if method == http.MethodPost {
					body = posts[strings.HasPrefix(path, "/desk/")]
				}
				got := w.send(t, method, blank.ReplaceAllString(path, id), body).StatusCode
				if got >= 500 || got < 400 && blank.MatchString(path) {
					t.Errorf("%s of %.12q, %d bytes: %d", way, id, len(id), got)
				}
			}
		}
	}
}
