package aws

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// example are the keys of AWS's own examples.
var example = aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}

func exampleBucket(t *testing.T, name string) Bucket {
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ENDPOINT_URL_S3", "")
	return (&Clients{region: "us-east-1"}).Bucket(name)
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
func TestSignatureOfAWSsExampleOfAPolicy(t *testing.T) {
	policy := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(`{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}`, "\n", "\r\n")))
	at := time.Date(2015, 12, 29, 0, 0, 0, 0, time.UTC)
	const want = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
	if got := exampleBucket(t, "sigv4examplebucket").signature(policy, example.SecretAccessKey, at); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html. The
// example's host has no Region in it.
func TestAWSsExampleOfAnAddress(t *testing.T) {
	at := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	got, err := (&Clients{region: "us-east-1"}).presign("https://examplebucket.s3.amazonaws.com/test.txt", url.Values{}, 24*time.Hour, example, at)
	u, bad := url.Parse(got)
	const want = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
	if err != nil || bad != nil || u.Query().Get("X-Amz-Signature") != want || u.Query().Get("X-Amz-Expires") != "86400" {
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
}
