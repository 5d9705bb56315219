package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestCallersNameIsDigested(t *testing.T) {
	const role = "AROAEXAMPLE0123456789"
	for name, c := range map[string]struct{ userID, cognito, want string }{
		"user":                  {"AIDAEXAMPLE0123456789", "", "AIDAEXAMPLE0123456789"},
		"role session":          {role + ":alice@example.com", "", role + ":<alice@example.com>"},
		"session of a machine":  {role + ":i-0123456789abcdef0", "", role + ":<i-0123456789abcdef0>"},
		"session with a colon":  {role + ":alice:bob", "", role + ":<alice:bob>"},
		"root":                  {"123456789012", "", "123456789012"},
		"federated user":        {"123456789012:alice", "", "123456789012:<alice>"},
		"Cognito":               {role + ":CognitoIdentityCredentials", "eu-west-1:0b1c", role + ":<eu-west-1:0b1c>"},
		"no id before the name": {"alice@example.com:x", "", "<alice@example.com:x>"},
		"a name alone":          {"alice", "", "<alice>"},
		"an address like an id": {"AROAALICE@EXAMPLE.COM", "", "<AROAALICE@EXAMPLE.COM>"},
		"a lower case id":       {"AIDAalice", "", "<AIDAalice>"},
		"a key":                 {"AKIAEXAMPLE", "", "<AKIAEXAMPLE>"},
		"a name behind nothing": {":alice", "", "<:alice>"},
		"no session name":       {role + ":", "", role},
		"a line more":           {role + "\nalice", "", "<" + role + "\nalice>"},
		"missing":               {"", "", ""},
		"missing, with Cognito": {"", "eu-west-1:0b1c", ""},
	} {
		t.Run(name, func(t *testing.T) {
			iam := &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserID: c.userID}
			iam.CognitoIdentity.IdentityID = c.cognito
			p := principal(iam)
			if got := p.Who(func(name string) string { return "<" + name + ">" }); got != c.want || p.Known() != (c.want != "") {
				t.Errorf("%q, known: %v; want %q", got, p.Known(), c.want)
			}
			if _, secret, found := strings.Cut(c.want, "<"); found {
				for _, shown := range []string{fmt.Sprint(p), fmt.Sprintf("%+v %#v", p, p)} {
					if strings.Contains(shown, strings.TrimSuffix(secret, ">")) {
						t.Errorf("prints as %s", shown)
					}
				}
			}
		})
	}
}

func TestPublicRoutesHaveNoCaller(t *testing.T) {
	invoke(t, func(w http.ResponseWriter, r *http.Request) {
		if p := Caller(r); p.Known() || p.String() != "" {
			t.Errorf("%v", p)
		}
	}, event(http.MethodGet, "/"))
}
