package aws

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"privacydesk/shared/domain/fault"
)

// Upload is the one object that a browser may put into a bucket with a form.
type Upload struct {
	Key        string        // needs no escaping
	Type       string        // its Content-Type
	Min, Max   int64         // its size in bytes
	RedirectTo string        // where S3 sends the browser afterwards; it adds bucket, key and etag to the query. Empty: S3 answers 204
	For        time.Duration // how long the form is good
}

// Form is an HTML form that posts a file straight to S3, as multipart/form-data. The
// file's own field is named "file" and comes last.
type Form struct {
	Action string
	Fields []Field
}

// Field is a hidden field of a form.
type Field struct{ Name, Value string }

const (
	algorithm = "AWS4-HMAC-SHA256"
	amzTime   = "20060102T150405Z"
)

// Form signs a form for one upload and nothing else (POST policies, Signature Version 4:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html).
func (b Bucket) Form(u Upload) (Form, error) {
	keys, _ := credentials{}.Retrieve(context.Background())
	return b.form(u, keys, time.Now().UTC())
}

func (b Bucket) form(u Upload, keys aws.Credentials, now time.Time) (Form, error) {
	fields := []Field{
		{"key", u.Key}, {"Content-Type", u.Type},
		{"x-amz-algorithm", algorithm}, {"x-amz-credential", keys.AccessKeyID + "/" + b.scope(now)}, {"x-amz-date", now.Format(amzTime)},
	}
	if u.RedirectTo != "" {
		fields = append(fields, Field{"success_action_redirect", u.RedirectTo})
	}
	if keys.SessionToken != "" {
		fields = append(fields, Field{"x-amz-security-token", keys.SessionToken})
	}
	conditions := []any{map[string]string{"bucket": b.name}, []any{"content-length-range", u.Min, u.Max}}
	for _, f := range fields {
		conditions = append(conditions, map[string]string{f.Name: f.Value})
	}
	text, err := json.Marshal(map[string]any{"expiration": now.Add(u.For).Format("2006-01-02T15:04:05.000Z"), "conditions": conditions})
	if err != nil {
		return Form{}, fault.Wrap(fault.Internal, err, "sign a form")
	}
	policy := base64.StdEncoding.EncodeToString(text)
	fields = append(fields, Field{"policy", policy}, Field{"x-amz-signature", b.signature(policy, keys.SecretAccessKey, now)})
	return Form{b.url(""), fields}, nil
}

func (b Bucket) scope(at time.Time) string {
	return at.Format("20060102") + "/" + b.aws.region + "/s3/aws4_request"
}

// signature signs a policy with a key of the day, the Region and the service.
func (b Bucket) signature(policy, secret string, at time.Time) string {
	key := []byte("AWS4" + secret)
	for _, part := range []string{at.Format("20060102"), b.aws.region, "s3", "aws4_request", policy} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// Download is an address from which a browser fetches one object as a file.
type Download struct {
	Key  string
	Type string // Content-Type of the answer
	Name string // of the file: letters, digits, "-", "_" and "." alone
	For  time.Duration
}

// Address signs a download. Whoever has the address may read, until it ends or the
// function's credentials do
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
func (b Bucket) Address(d Download) (string, error) {
	keys, _ := credentials{}.Retrieve(context.Background())
	query := url.Values{}
	query.Set("response-content-disposition", `attachment; filename="`+d.Name+`"`)
	query.Set("response-content-type", d.Type)
	return b.aws.presign(b.url(d.Key), query, d.For, keys, time.Now().UTC())
}

func (a *Clients) presign(object string, query url.Values, lasts time.Duration, keys aws.Credentials, now time.Time) (string, error) {
	const op = "sign an address"
	query.Set("X-Amz-Expires", strconv.Itoa(int(lasts.Seconds())))
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, object+"?"+query.Encode(), nil)
	if err != nil {
		return "", fault.Wrap(fault.Internal, errors.New("not a URL"), op)
	}
	asIs := func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }
	signed, _, err := v4.NewSigner().PresignHTTP(req.Context(), keys, req, "UNSIGNED-PAYLOAD", "s3", a.region, now, asIs)
	if err != nil {
		return "", fault.Wrap(fault.Internal, errors.New("the address could not be signed"), op)
	}
	return signed, nil
}
