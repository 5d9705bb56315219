//go:build secondaws

package secondaws

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const region = "us-east-1"

// key is an access key.
type key struct{ id, secret string }

// root is MiniStack's key that may do everything.
var root = key{"test", "test"}

// answer is what came back, read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// toResultsOnly goes on to the result of a form, and follows no other redirect.
func toResultsOnly(r *http.Request, _ []*http.Request) error {
	if strings.Contains(r.URL.Path, "/done/") {
		return nil
	}
	return http.ErrUseLastResponse
}

var client = &http.Client{Timeout: 40 * time.Second, CheckRedirect: toResultsOnly}

// send signs a request for a service, or not where who is nil, and sends it.
func (c *cloud) send(who *key, service, method, address, host string, header map[string]string, body string) (answer, error) {
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	r.Host = host
	if who != nil {
		sum := sha256.Sum256([]byte(body))
		keys := sdk.Credentials{AccessKeyID: who.id, SecretAccessKey: who.secret}
		if err := v4.NewSigner().SignHTTP(context.Background(), keys, r, hex.EncodeToString(sum[:]), service, region, time.Now()); err != nil {
			return answer{}, err
		}
	}
	res, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(text)}, err
}

// query calls a service of the Query protocol and reads its XML.
func (c *cloud) query(service, action string, parameters url.Values, into any) error {
	parameters.Set("Action", action)
	parameters.Set("Version", map[string]string{"cloudformation": "2010-05-15", "iam": "2010-05-08", "sns": "2010-03-31"}[service])
	got, err := c.send(&root, service, http.MethodPost, c.url+"/", "", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, parameters.Encode())
	if err == nil && got.status != http.StatusOK {
		err = fmt.Errorf("%s %s: %d %s", service, action, got.status, got.body)
	}
	if err != nil || into == nil {
		return err
	}
	return xml.Unmarshal([]byte(got.body), into)
}

// target calls a service of the JSON protocol.
func (c *cloud) target(t *testing.T, service, target, version string, in, into any) {
	t.Helper()
	c.read(t, service, http.MethodPost, c.url+"/", map[string]string{"X-Amz-Target": target, "Content-Type": "application/x-amz-json-" + version}, in, into)
}

// rest calls a service of the REST-JSON protocol.
func (c *cloud) rest(t *testing.T, service, method, path string, in, into any) {
	t.Helper()
	c.read(t, service, method, c.url+path, map[string]string{"Content-Type": "application/json"}, in, into)
}

// standIn calls SES, which is the stand-in.
func (c *cloud) standIn(t *testing.T, method, path string, in, into any) {
	t.Helper()
	c.read(t, "ses", method, c.ses.URL+path, nil, in, into)
}

func (c *cloud) read(t *testing.T, service, method, address string, header map[string]string, in, into any) {
	t.Helper()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			t.Fatal(err)
		}
	}
	got, err := c.send(&root, service, method, address, "", header, body.String())
	if err != nil || got.status >= 300 {
		t.Fatalf("%s %s %s: %d %s %v", service, method, address, got.status, got.body, err)
	}
	if into == nil || got.body == "" {
		return
	}
	if err := json.Unmarshal([]byte(got.body), into); err != nil {
		t.Fatalf("%s %s: %v in %s", service, address, err, got.body)
	}
}

// invoke calls a function of the stack with an event and gives its answer.
func (c *cloud) invoke(t *testing.T, logicalID string, event []byte) string {
	t.Helper()
	got, err := c.send(&root, "lambda", http.MethodPost, c.url+"/2015-03-31/functions/"+c.resources[logicalID]+"/invocations", "", nil, string(event))
	if err != nil || got.status != http.StatusOK || got.header.Get("X-Amz-Function-Error") != "" {
		t.Fatalf("%s: %d %s %s %v", logicalID, got.status, got.header.Get("X-Amz-Function-Error"), got.body, err)
	}
	return got.body
}
