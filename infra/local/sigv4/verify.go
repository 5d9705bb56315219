package sigv4

import (
	"crypto/hmac"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"privacydesk/shared/testkit/template"
)

// Caller is who signed, as API Gateway names them in
// requestContext.authorizer.iam of an event.
type Caller struct {
	AccessKey string
	UserID    string // AIDALOCAL, or AROALOCAL:<session name>
	UserARN   string
}

// DefaultSession is the session name of a role session whose token is no
// session name itself. IAM Identity Center names sessions by the user name,
// which is often an e-mail address.
const DefaultSession = "officer@example.com"

// skew is how far a request's time may be from the machine's.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
const skew = 5 * time.Minute

const timeFormat = "20060102T150405Z"

// authorization is the header: "AWS4-HMAC-SHA256 Credential=<key>/<date>/
// <region>/<service>/aws4_request, SignedHeaders=..., Signature=...".
var authorization = regexp.MustCompile(`^AWS4-HMAC-SHA256 +Credential=([\w+=.@-]+)/(\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request` +
	`, *SignedHeaders=([!#$%&'*+.^_|~0-9a-z;-]+), *Signature=([0-9a-f]{64})$`)

type claim struct {
	key, date, region, service, headers, signature string
}

// Verify says who signed a request that came with that body. Its error says
// what is wrong, and holds nothing of the request.
//
// It is stricter than AWS in three points: it takes no signature in the query,
// no Date in place of X-Amz-Date, and no signed header that the SDK never signs.
func Verify(r *http.Request, body []byte, now time.Time) (Caller, error) {
	parts := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	if parts == nil {
		return Caller{}, errors.New("its Authorization header is missing, or not as Signature Version 4 has it " +
			"(AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=..., with lower-case names and digits)")
	}
	c := claim{parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]}
	token := r.Header.Get("X-Amz-Security-Token")
	at, err := c.time(r.Header.Get("X-Amz-Date"), now)
	for _, check := range []error{err, c.checkScope(), c.checkHeaders(r.Header), checkQuery(r.URL.RawQuery), c.checkToken(token)} {
		if check != nil {
			return Caller{}, check
		}
	}
	if err := c.checkSignature(r, body, at); err != nil {
		return Caller{}, err
	}
	return c.caller(token), nil
}

func (c claim) time(text string, now time.Time) (time.Time, error) {
	at, err := time.Parse(timeFormat, text)
	switch {
	case err != nil:
		return at, errors.New("its X-Amz-Date is missing, or not like 20260102T150405Z")
	case at.Format("20060102") != c.date:
		return at, errors.New("the day in its credential scope is not that of its X-Amz-Date")
	case now.Sub(at).Abs() > skew:
		return at, fmt.Errorf("it was signed %s from the machine's time; %s are allowed", now.Sub(at).Abs().Round(time.Second), skew)
	}
	return at, nil
}

func (c claim) checkScope() error {
	if c.region != template.Region || c.service != service {
		return fmt.Errorf("it is signed for %s in %s; it must be for %s in %s", c.service, c.region, service, template.Region)
	}
	return nil
}

// checkHeaders asks for the headers that AWS wants signed: host, and every
// x-amz- header. Those that say who signs, and when, must be there once.
func (c claim) checkHeaders(header http.Header) error {
	for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token"} {
		if len(header.Values(name)) > 1 {
			return errors.New("it has the header " + name + " twice")
		}
	}
	signed := strings.Split(c.headers, ";")
	if !slices.Contains(signed, "host") {
		return errors.New("it does not sign the header host")
	}
	for name := range header {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-amz-") && !slices.Contains(signed, name) {
			return errors.New("it does not sign all of its x-amz- headers")
		}
	}
	return nil
}

// checkQuery refuses what the SDK's signer would silently leave out.
func checkQuery(raw string) error {
	if _, err := url.ParseQuery(raw); err != nil {
		return errors.New("its query holds a raw semicolon, or a percent sign that begins no escape")
	}
	return nil
}

// checkToken knows the keys: a user's goes without a session token, a role
// session's with one.
func (c claim) checkToken(token string) error {
	switch {
	case c.session() && token == "":
		return errors.New("its access key is a role session's, and it has no X-Amz-Security-Token")
	case !c.session() && c.key != User.AccessKeyID:
		return errors.New("its access key is unknown; the local stack knows \"local\", and those that begin with ASIA")
	case !c.session() && token != "":
		return errors.New("its access key is a user's, and it has an X-Amz-Security-Token")
	}
	return nil
}

func (c claim) session() bool { return strings.HasPrefix(c.key, "ASIA") }

// checkSignature signs the request once more and compares.
func (c claim) checkSignature(r *http.Request, body []byte, at time.Time) error {
	address := *r.URL
	again := &http.Request{Method: r.Method, URL: &address, Host: r.Host, Header: http.Header{}}
	for name := range strings.SplitSeq(c.headers, ";") {
		if name == "content-length" {
			again.ContentLength = r.ContentLength
		} else if values := r.Header.Values(name); len(values) > 0 {
			again.Header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
		}
	}
	keys := aws.Credentials{AccessKeyID: c.key, SecretAccessKey: secret}
	if err := sign(r.Context(), again, keys, body, at); err != nil {
		return err
	}
	parts := authorization.FindStringSubmatch(again.Header.Get("Authorization"))
	switch {
	case parts == nil || parts[5] != c.headers:
		return errors.New("its SignedHeaders are not in order, name a header that it does not have, " +
			"or one that the local stack cannot check (such as user-agent and x-amzn-trace-id)")
	case !hmac.Equal([]byte(parts[6]), []byte(c.signature)):
		return errors.New("its signature is wrong: another secret, or not the request as AWS canonicalises it (query sorted and percent-encoded, path encoded twice)")
	}
	return nil
}

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

func (c claim) caller(token string) Caller {
	if !c.session() {
		return Caller{c.key, "AIDALOCAL", "arn:aws:iam::" + template.Account + ":user/" + c.key}
	}
	name := DefaultSession
	if sessionName.MatchString(token) {
		name = token
	}
	return Caller{c.key, "AROALOCAL:" + name, "arn:aws:sts::" + template.Account + ":assumed-role/local/" + name}
}
