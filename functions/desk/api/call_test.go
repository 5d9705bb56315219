package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// call is a request by an officer, whom IAM knows as AIDADPO.
func (r *rig) call(method, path string, body any) reply {
	r.t.Helper()
	return r.invoke(r.signed("AIDADPO", method, path, body))
}

// signed is a request of whom IAM knows by that id.
func (r *rig) signed(userID, method, path string, body any) events.APIGatewayV2HTTPRequest {
	r.t.Helper()
	path, query, _ := strings.Cut(path, "?")
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: path, RawQueryString: query, Headers: map[string]string{"content-type": "application/json"}}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path, e.RequestContext.HTTP.SourceIP = method, path, "203.0.113.7"
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserID: userID}}
	switch b := body.(type) {
	case nil:
	case string:
		e.Body = b
	default:
		text, err := json.Marshal(b)
		if err != nil {
			r.t.Fatal(err)
		}
		e.Body = string(text)
	}
	return e
}

type reply struct {
	events.APIGatewayV2HTTPResponse
	said struct {
		Code      int
		Status    string
		Message   string
		Reference string
		State     string
		Errors    []fault.FieldError
		Requests  []summary
		More      bool
		Next      any // a text, or of certificates a number
	}
}

// fields are the names of the fields that an answer complains about.
func (a reply) fields() string {
	var names []string
	for _, e := range a.said.Errors {
		names = append(names, e.Field)
	}
	return strings.Join(names, " ")
}

func (r *rig) invoke(e events.APIGatewayV2HTTPRequest) reply {
	r.t.Helper()
	writes := r.store.writes
	got, err := web.Lambda(r.Routes())(r.t.Context(), e)
	if err != nil {
		r.t.Fatal(err)
	}
	a := reply{APIGatewayV2HTTPResponse: got}
	if err := json.Unmarshal([]byte(got.Body), &a.said); err != nil && e.RequestContext.HTTP.Method != http.MethodHead {
		r.t.Errorf("no JSON: %v in %q", err, got.Body)
	}
	for header, want := range map[string]string{"content-type": "application/json", "cache-control": "no-store", "x-content-type-options": "nosniff"} {
		if !strings.Contains(got.Headers[header], want) {
			r.t.Errorf("%s is %q", header, got.Headers[header])
		}
	}
	if got.StatusCode >= 500 && r.store.err == nil {
		r.t.Errorf("status %d: %s\n%s", got.StatusCode, got.Body, r.log.String())
	}
	if e.RequestContext.HTTP.Method != http.MethodPost && r.store.writes != writes {
		r.t.Errorf("%s wrote something", e.RequestContext.HTTP.Method)
	}
	return a
}

// expect checks an answer's status and a piece of its body.
func (r *rig) expect(a reply, status int, piece string) reply {
	r.t.Helper()
	if a.StatusCode != status || !strings.Contains(a.Body, piece) {
		r.t.Errorf("status %d, want %d with %q:\n%s", a.StatusCode, status, piece, a.Body)
	}
	return a
}

func (r *rig) act(q request.Request, action string, body any) reply {
	r.t.Helper()
	return r.call(http.MethodPost, fmt.Sprintf("/api/requests/%s/%s", q.ID, action), body)
}
