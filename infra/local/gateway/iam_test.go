package gateway

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"privacydesk/infra/local/sigv4"
)

// The function learns who signed: the unique id of a user, and of a role's
// session that of the role and the session's name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
func TestWhoSigned(t *testing.T) {
	cases := map[string]struct {
		keys aws.Credentials
		want map[string]any
	}{
		"a user": {sigv4.User, map[string]any{"accessKey": "local", "userId": "AIDALOCAL",
			"callerId": "AIDALOCAL", "userArn": "arn:aws:iam::000000000000:user/local"}},
		"a session": {sigv4.Session("alice@example.com"), map[string]any{"accessKey": "ASIALOCAL", "userId": "AROALOCAL:alice@example.com",
			"callerId": "AROALOCAL:alice@example.com", "userArn": "arn:aws:sts::000000000000:assumed-role/local/alice@example.com"}},
		"a session with a real token": {sigv4.Session("IQoJb3JpZ2luX2VjEDoa/+=="), map[string]any{"userId": "AROALOCAL:" + sigv4.DefaultSession}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := &function{answer: `{}`}
			server, _ := serve(t, f)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/links", strings.NewReader(`{"a":1}`))
			if err != nil {
				t.Fatal(err)
			}
			if err := sigv4.Sign(r, c.keys); err != nil {
				t.Fatal(err)
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				t.Fatalf("status %d", answer.StatusCode)
			}
			got := f.event["requestContext"].(map[string]any)["authorizer"].(map[string]any)["iam"].(map[string]any)
			for name, value := range c.want {
				if got[name] != value {
					t.Errorf("%s = %v, want %v", name, got[name], value)
				}
			}
		})
	}
}

// Why a signature was refused is told in the log alone, without anything that
// was sent.
func TestRefusedSignatureIsExplained(t *testing.T) {
	f := &function{answer: `{}`}
	server, log := serve(t, f)
	answer, text := send(t, "POST", server.URL+"/links", "x", map[string]string{"Authorization": "Bearer tokentoken"})
	if answer.StatusCode != http.StatusForbidden || text != `{"message":"Forbidden"}` || f.event != nil {
		t.Errorf("got %d %s, event %v", answer.StatusCode, text, f.event)
	}
	if !strings.Contains(log.String(), `"msg":"signature refused","route":"POST /links","why":"its Authorization header is missing`) || strings.Contains(log.String(), "token") {
		t.Errorf("the log says %s", log)
	}
}
