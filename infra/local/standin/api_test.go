package standin

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

func TestConfigurationSets(t *testing.T) {
	b := start(t, Config{ConfigurationSets: []ConfigurationSet{{Name: "transactional", SuppressedReasons: []string{"BOUNCE"}}}})
	ctx := t.Context()
	marketing := aws.String("marketing")
	_, err := b.CreateConfigurationSet(ctx, &sesv2.CreateConfigurationSetInput{
		ConfigurationSetName: marketing,
		SuppressionOptions:   &types.SuppressionOptions{SuppressedReasons: []types.SuppressionListReason{bounce, complaint}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var exists *types.AlreadyExistsException
	if _, err := b.CreateConfigurationSet(ctx, &sesv2.CreateConfigurationSetInput{ConfigurationSetName: marketing}); !errors.As(err, &exists) {
		t.Errorf("made twice: %v", err)
	}
	_, err = b.PutConfigurationSetSuppressionOptions(ctx, &sesv2.PutConfigurationSetSuppressionOptionsInput{
		ConfigurationSetName: marketing, SuppressedReasons: []types.SuppressionListReason{complaint}, SuppressionScope: types.SuppressionListScopeTenant,
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.GetConfigurationSet(ctx, &sesv2.GetConfigurationSetInput{ConfigurationSetName: marketing})
	if err != nil || !slices.Equal(got.SuppressionOptions.SuppressedReasons, []types.SuppressionListReason{complaint}) || got.SuppressionOptions.SuppressionScope != "TENANT" {
		t.Errorf("set = %+v, %v", got, err)
	}
	list, err := b.ListConfigurationSets(ctx, &sesv2.ListConfigurationSetsInput{})
	if err != nil || !slices.Equal(list.ConfigurationSets, []string{"marketing", "transactional"}) {
		t.Errorf("list = %+v, %v", list, err)
	}
	if _, err := b.DeleteConfigurationSet(ctx, &sesv2.DeleteConfigurationSetInput{ConfigurationSetName: marketing}); err != nil {
		t.Error(err)
	}
	var missing *types.NotFoundException
	if _, err := b.GetConfigurationSet(ctx, &sesv2.GetConfigurationSetInput{ConfigurationSetName: marketing}); !errors.As(err, &missing) {
		t.Errorf("after delete: %v", err)
	}
}

func TestAccountReasons(t *testing.T) {
	b := start(t, Config{})
	b.put(t, "out@example.com", complaint)
	_, err := b.PutAccountSuppressionAttributes(t.Context(), &sesv2.PutAccountSuppressionAttributesInput{SuppressedReasons: []types.SuppressionListReason{bounce}})
	if err != nil {
		t.Fatal(err)
	}
	b.send(t, simpleMail("out@example.com"))
	if len(b.inbox(t, "")) != 1 {
		t.Error("a reason that the account does not suppress held mail back")
	}
}

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
