package sigv4

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"
)

var signedAt = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// part is a request, and the canonical request that the test writes by hand.
type part struct {
	method, target, body   string
	headers                string // "name:value" lines, sorted, host among them
	path, query            string // as AWS canonicalises them
	key, secret, day       string
	region, service, stamp string
	payload                string // the hash that is signed, where it is not the body's
}

func good() part {
	return part{method: "GET", target: "/api/requests", headers: "host:desk.example\nx-amz-date:20261127T120000Z\n", path: "/api/requests",
		key: "local", secret: "local", day: "20261127", region: "us-east-1", service: "execute-api", stamp: "20261127T120000Z"}
}

// request signs by the steps of AWS's documentation, not by its SDK.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (p part) request() *http.Request {
	r := httptest.NewRequest(p.method, p.target, strings.NewReader(p.body))
	r.Host = "desk.example"
	var names []string
	for line := range strings.Lines(p.headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		names = append(names, name)
		if name != "host" {
			r.Header.Set(name, value)
		}
	}
	list := strings.Join(names, ";")
	canonical := strings.Join([]string{p.method, p.path, p.query, p.headers, list, cmp.Or(p.payload, sum(p.body))}, "\n")
	scope := strings.Join([]string{p.day, p.region, p.service, "aws4_request"}, "/")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", p.stamp, scope, sum(canonical)}, "\n")
	key := []byte("AWS4" + p.secret)
	for _, word := range []string{p.day, p.region, p.service, "aws4_request", text} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(word))
		key = mac.Sum(nil)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+p.key+"/"+scope+", SignedHeaders="+list+", Signature="+hex.EncodeToString(key))
	return r
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// AWS sorts the query and percent-encodes all but letters, digits and -._~ in
// it, encodes the path twice, and signs the body.
func TestSignaturesThatAWSTakes(t *testing.T) {
	for name, change := range map[string]func(*part){
		"plain": func(*part) {},
		"query is encoded": func(p *part) {
			p.target, p.query = "/api/requests?by=2026-12-31T00:00:00Z", "by=2026-12-31T00%3A00%3A00Z"
		},
		"a value repeated":          func(p *part) { p.target, p.query = "/api/requests?a=2&a=1&a=2", "a=1&a=2&a=2" },
		"lower-case hex in a query": func(p *part) { p.target, p.query = "/api/requests?a=%c3%bc", "a=%C3%BC" },
		"a hash in a header": func(p *part) {
			p.headers = "host:desk.example\nx-amz-content-sha256:" + sum("") + "\nx-amz-date:20261127T120000Z\n"
		},
		"an empty header":           func(p *part) { p.headers = "host:desk.example\nx-a:\nx-amz-date:20261127T120000Z\n" },
		"query is sorted":           func(p *part) { p.target, p.query = "/api/requests?b=2&a=3&a=1&c", "a=1&a=3&b=2&c=" },
		"an equals sign in a value": func(p *part) { p.target, p.query = "/x?at=a=b", "at=a%3Db"; p.path = "/x" },
		"path is encoded twice":     func(p *part) { p.target, p.path = "/api/a%20b", "/api/a%2520b" },
		"a body":                    func(p *part) { p.method, p.body = "POST", `{"a":"ü"}` },
		"spaces in a header":        func(p *part) { p.headers = "accept:a b\n" + p.headers },
		"other headers unsigned":    func(p *part) {},
		"five minutes late":         func(p *part) { p.at("20261127T115500Z") },
		"five minutes early":        func(p *part) { p.at("20261127T120500Z") },
		"a role's session":          func(p *part) { p.key = "ASIAEXAMPLE"; p.headers += "x-amz-security-token:alice\n" },
	} {
		t.Run(name, func(t *testing.T) {
			p := good()
			change(&p)
			r := p.request()
			r.Header.Set("User-Agent", "a proxy changed it")
			if _, err := Verify(r, []byte(p.body), signedAt); err != nil {
				t.Error(err)
			}
		})
	}
}

func (p *part) at(stamp string) {
	p.headers, p.stamp = strings.ReplaceAll(p.headers, p.stamp, stamp), stamp
}

func TestSignaturesThatAWSRefuses(t *testing.T) {
	const wrong, other = "its signature is wrong", "its SignedHeaders"
	for name, c := range map[string]struct {
		change func(*part)
		why    string
	}{
		"another secret":   {func(p *part) { p.secret = "other" }, wrong},
		"query as sent":    {func(p *part) { p.target, p.query = "/api/requests?by=2026-12-31T00:00:00Z", "by=2026-12-31T00:00:00Z" }, wrong},
		"query not sorted": {func(p *part) { p.target, p.query = "/api/requests?b=2&a=1", "b=2&a=1" }, wrong},
		"another query":    {func(p *part) { p.target = "/api/requests?page=2" }, wrong},
		"path as sent":     {func(p *part) { p.target, p.path = "/api/a%20b", "/api/a%20b" }, wrong},
		"another service":  {func(p *part) { p.service = "lambda" }, "it is signed for lambda in us-east-1"},
		"another Region":   {func(p *part) { p.region = "com" }, "it is signed for execute-api in com"},
		"another day":      {func(p *part) { p.day = "20261126" }, "the day in its credential scope"},
		"too late":         {func(p *part) { p.at("20261127T115459Z") }, "it was signed 5m1s from"},
		"too early":        {func(p *part) { p.at("20261127T120501Z") }, "it was signed 5m1s from"},
		"no time":          {func(p *part) { p.headers = "host:desk.example\n" }, "its X-Amz-Date is missing"},
		"no host":          {func(p *part) { p.headers = "x-amz-date:20261127T120000Z\n" }, "it does not sign the header host"},
		"unknown key":      {func(p *part) { p.key = "AKIDEXAMPLE" }, "its access key is unknown"},
		"no session token": {func(p *part) { p.key = "ASIAEXAMPLE" }, "its access key is a role session's"},
		"unsigned payload": {func(p *part) {
			p.payload = "UNSIGNED-PAYLOAD"
			p.headers = "host:desk.example\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:20261127T120000Z\n"
		}, wrong},
		"Date alone":               {func(p *part) { p.headers = "date:20261127T120000Z\nhost:desk.example\n" }, "its X-Amz-Date is missing"},
		"headers not sorted":       {func(p *part) { p.headers = "x-amz-date:20261127T120000Z\nhost:desk.example\n" }, other},
		"upper-case header names":  {func(p *part) { p.headers = "Host:desk.example\nX-Amz-Date:20261127T120000Z\n" }, "its Authorization header"},
		"a proxy's header":         {func(p *part) { p.headers += "x-amzn-trace-id:Root=1\n" }, other},
		"User-Agent":               {func(p *part) { p.headers = "host:desk.example\nuser-agent:x\nx-amz-date:20261127T120000Z\n" }, other},
		"a semicolon in the query": {func(p *part) { p.target = "/api/requests?at=2027;by" }, "its query"},
		"half an escape":           {func(p *part) { p.target = "/api/requests?at=%2" }, "its query"},
		"another scope":            {func(p *part) { p.service = "execute-api/x" }, "its Authorization header"},
		"a user's token":           {func(p *part) { p.headers += "x-amz-security-token:alice\n" }, "its access key is a user's"},
	} {
		t.Run(name, func(t *testing.T) {
			p := good()
			c.change(&p)
			_, err := Verify(p.request(), []byte(p.body), signedAt)
			if err == nil || !strings.HasPrefix(err.Error(), c.why) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What is changed on the way is noticed, and so is what is added and must be signed.
func TestChangedRequests(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"a parameter more":                  func(r *http.Request) { r.URL.RawQuery = "state" },
		"a parameter that Go does not read": func(r *http.Request) { r.URL.RawQuery = "state=open;" },
		"a signed header is gone":           func(r *http.Request) { r.Header.Del("X-Amz-Date") },
		"a second time":                     func(r *http.Request) { r.Header.Add("X-Amz-Date", "20261127T120001Z") },
		"an x-amz- header unsigned":         func(r *http.Request) { r.Header.Set("X-Amz-Target", "x") },
		"upper-case hex": func(r *http.Request) {
			scope, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
			r.Header.Set("Authorization", scope+"Signature="+strings.ToUpper(signature))
		},
		"signed in the query": func(r *http.Request) {
			r.URL.RawQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=local%2F20261127%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Signature=00"
			r.Header.Del("Authorization")
		},
		"method":           func(r *http.Request) { r.Method = "POST" },
		"host":             func(r *http.Request) { r.Host = "other.example" },
		"a token unsigned": func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "alice") },
		"no signature":     func(r *http.Request) { r.Header.Del("Authorization") },
		"cut":              func(r *http.Request) { r.Header.Set("Authorization", r.Header.Get("Authorization")[:150]) },
	} {
		r := good().request()
		change(r)
		if _, err := Verify(r, nil, signedAt); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := Verify(good().request(), []byte("a body that was not signed"), signedAt); err == nil {
		t.Error("another body: taken")
	}
}

// checking is a server that answers with what Verify says.
func checking(t *testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if _, err := Verify(r, body, time.Now()); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, "taken")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestTheSDKsSignature(t *testing.T) {
	url := checking(t)
	for _, body := range []string{"", `{"by":"2026"}`} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/api/a%20b?by=2026-12-31T00:00:00Z&a=%C3%BC", bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		if err := Sign(r, Session("alice@example.com")); err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if string(text) != "taken" {
			t.Errorf("body %q: %s", body, text)
		}
	}
}

// curl signs the calls that the README shows, as people type them.
func TestCurlsSignature(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not in the PATH")
	}
	url := checking(t)
	user := []string{"-sS", "--aws-sigv4", "aws:amz:us-east-1:execute-api", "--user", "local:local"}
	session := []string{"-sS", "--aws-sigv4", "aws:amz:us-east-1:execute-api", "--user", "ASIALOCAL:local", "-H", "x-amz-security-token: alice@example.com"}
	for name, arguments := range map[string][]string{
		"a list":         append(user, url+"/api/requests"),
		"a query":        append(user, url+"/api/requests?by=2026-12-31T00%3A00%3A00Z"),
		"a JSON body":    append(user, "-H", "Content-Type: application/json", "-d", `{"recipients":[]}`, url+"/links"),
		"a role session": append(session, url+"/api/requests"),
	} {
		out, err := exec.CommandContext(t.Context(), "curl", arguments...).CombinedOutput()
		if err != nil || string(out) != "taken" {
			t.Errorf("%s: %s %v", name, out, err)
		}
	}
}
