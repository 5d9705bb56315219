package stack

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/standin"
)

// provider starts a stack, and says what its functions know of the provider.
func provider(t *testing.T, config Config) (s *Stack, known OpenID) {
	t.Helper()
	var stood standin.Config
	config.Root, config.DynamoDB, config.TablePrefix = root(t), testkit.DynamoDBEndpoint(t), "logins-"
	config.StandIn = func(c *standin.Config) { stood = *c }
	s = mustStart(t, config)
	asked := map[string]string{}
	for _, name := range []string{"ISSUER", "CLIENT", "CLIENT_SECRET"} {
		answer, fault, err := s.Invoke(t.Context(), "echo", []byte(`{"do":"env","value":"`+name+`"}`))
		var text string
		if err != nil || fault != "" || json.Unmarshal(answer, &text) != nil {
			t.Fatal(string(answer), fault, err)
		}
		asked[name] = text
	}
	known = OpenID{Issuer: asked["ISSUER"], ClientID: asked["CLIENT"]}
	for _, secret := range stood.Secrets {
		if secret.ARN == asked["CLIENT_SECRET"] {
			known.ClientSecret = secret.Value
		}
	}
	return s, known
}

func TestFunctionsKnowTheLocalProvider(t *testing.T) {
	s, known := provider(t, Config{ClockOffset: 400 * 24 * time.Hour})
	if known != s.config.OpenID || known.Issuer != s.Issuer() || known.ClientSecret == "" {
		t.Fatalf("functions know %+v", known)
	}
	response, err := http.Get(known.Issuer + "/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	var found struct{ Issuer string }
	if err != nil || json.Unmarshal(body, &found) != nil || found.Issuer != known.Issuer {
		t.Error(string(body), err)
	}
	s.Close()
	if _, err := http.Get(known.Issuer); err == nil {
		t.Error("the provider outlives the stack")
	}
}

func TestFunctionsKnowAnotherProvider(t *testing.T) {
	other := OpenID{Issuer: "https://id.example.com", ClientID: "desk", ClientSecret: "s"}
	s, known := provider(t, Config{OpenID: other})
	if known != other || s.Issuer() != other.Issuer || s.Logins != nil {
		t.Errorf("functions know %+v", known)
	}
}
