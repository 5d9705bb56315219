package standin

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

func TestGetSecretValue(t *testing.T) {
	arn := "arn:aws:secretsmanager:us-east-1:000000000000:secret:LinkKeys-abcdef"
	b := start(t, Config{Secrets: []Secret{{ARN: arn, Name: "LinkKeys", Value: `{"current":"k1"}`, Created: time.Unix(1700000000, 0)}}})
	cases := map[string]struct{ target, body, want string }{
		"by ARN":       {"GetSecretValue", `{"SecretId":"` + arn + `"}`, `"SecretString":"{\"current\":\"k1\"}"`},
		"by name":      {"GetSecretValue", `{"SecretId":"LinkKeys"}`, `"CreatedDate":1700000000`},
		"with a stage": {"GetSecretValue", `{"SecretId":"LinkKeys","VersionStage":"AWSCURRENT"}`, `"VersionStages":["AWSCURRENT"]`},
		"other stage":  {"GetSecretValue", `{"SecretId":"LinkKeys","VersionStage":"AWSPREVIOUS"}`, "ResourceNotFoundException"},
		"unknown":      {"GetSecretValue", `{"SecretId":"Nothing"}`, "ResourceNotFoundException"},
		"another call": {"PutSecretValue", `{}`, "UnknownOperationException"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := mustRequest(t, "POST", b.url+"/", c.body)
			r.Header.Set("X-Amz-Target", "secretsmanager."+c.target)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			var raw json.RawMessage
			if err := json.NewDecoder(res.Body).Decode(&raw); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(raw), c.want) || strings.Contains(c.want, "Exception") != (res.StatusCode == 400) {
				t.Errorf("%d %s, want %s", res.StatusCode, raw, c.want)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	cases := map[string]struct {
		fault  Fault
		took   bool // effect
		failed bool
		status int
	}{
		"only slow":                    {Fault{Delay: 30 * time.Millisecond}, true, false, 0},
		"429":                          {Fault{Status: 429}, false, true, 429},
		"503 after the effect":         {Fault{Status: 503, After: true}, true, true, 503},
		"connection dropped before":    {Fault{Drop: true}, false, true, 0},
		"connection dropped after all": {Fault{Drop: true, After: true}, true, true, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := start(t, Config{Faults: func(r *http.Request) *Fault {
				if r.Method != "PUT" {
					return nil
				}
				return &c.fault
			}})
			began := time.Now()
			_, err := b.PutSuppressedDestination(t.Context(), &sesv2.PutSuppressedDestinationInput{EmailAddress: aws.String("a@example.com"), Reason: bounce})
			if (err != nil) != c.failed || status(err) != c.status || time.Since(began) < c.fault.Delay {
				t.Errorf("error = %v", err)
			}
			if _, err := get(b, t, "a@example.com", ""); (err == nil) != c.took {
				t.Errorf("effect: %v, want %v", err == nil, c.took)
			}
		})
	}
}

func TestUnknownCallsAreRefused(t *testing.T) {
	b := start(t, Config{})
	_, err := b.ListContactLists(t.Context(), &sesv2.ListContactListsInput{})
	if status(err) != http.StatusNotFound {
		t.Errorf("error = %v", err)
	}
}
