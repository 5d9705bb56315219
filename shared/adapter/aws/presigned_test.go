package aws

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"privacydesk/shared/testkit/awsexample"
)

// example are the keys of AWS's own examples.
var example = aws.Credentials{AccessKeyID: awsexample.AccessKeyID, SecretAccessKey: awsexample.SecretKey}

func exampleBucket(t *testing.T, name string) Bucket {
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_S3", "")
	return (&Clients{region: "us-east-1"}).Bucket(name)
}

func TestSignatureOfAWSsExampleOfAPolicy(t *testing.T) {
	policy := base64.StdEncoding.EncodeToString([]byte(awsexample.Policy))
	at := time.Date(2015, 12, 29, 0, 0, 0, 0, time.UTC)
	if got := exampleBucket(t, "sigv4examplebucket").signature(policy, example.SecretAccessKey, at); got != awsexample.PolicySignature {
		t.Error(got)
	}
}

// The example's host has no Region in it.
func TestAWSsExampleOfAnAddress(t *testing.T) {
	at := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	got, err := (&Clients{region: "us-east-1"}).presign("https://examplebucket.s3.amazonaws.com/test.txt", url.Values{}, 24*time.Hour, example, at)
	u, bad := url.Parse(got)
	if err != nil || bad != nil || u.Query().Get("X-Amz-Signature") != awsexample.AddressSignature || u.Query().Get("X-Amz-Expires") != "86400" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestFormAllowsOneUpload(t *testing.T) {
	b := exampleBucket(t, "files")
	session := example
	session.SessionToken = "token"
	upload := Upload{Key: "a1", Type: "image/png", Min: 1, Max: 20 << 20, RedirectTo: "https://desk.example/back", For: 15 * time.Minute}
	form, err := b.form(upload, session, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	if err != nil || form.Action != "https://files.s3.us-east-1.amazonaws.com/" {
		t.Fatalf("%v %v", form.Action, err)
	}
	fields := map[string]string{}
	for _, f := range form.Fields {
		fields[f.Name] = f.Value
	}
	text, err := base64.StdEncoding.DecodeString(fields["policy"])
	var policy struct {
		Expiration string
		Conditions []any
	}
	if err := json.Unmarshal(text, &policy); err != nil || policy.Expiration != "2026-11-22T12:15:00.000Z" {
		t.Errorf("%s %v", text, err)
	}
	if err != nil || fields["x-amz-signature"] != b.signature(fields["policy"], session.SecretAccessKey, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%v %v", fields, err)
	}
	// S3 refuses a form with a field that no condition covers.
	for name, value := range fields {
		covered := slices.ContainsFunc(policy.Conditions, func(c any) bool {
			exact, ok := c.(map[string]any)
			return ok && exact[name] == value
		})
		if !covered && name != "policy" && name != "x-amz-signature" {
			t.Errorf("the policy does not say %s", name)
		}
	}
	upload.RedirectTo = ""
	if form, err = b.form(upload, session, time.Now()); err != nil || slices.ContainsFunc(form.Fields, func(f Field) bool { return f.Name == "success_action_redirect" }) {
		t.Errorf("a program is sent back: %v %v", form.Fields, err)
	}
}
