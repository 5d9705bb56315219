package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// desk is the API of a desk, deployed or on this machine.
type desk struct {
	url    string
	region string
	keys   aws.Credentials
	client *http.Client
	now    func() time.Time
	sleep  func(context.Context, time.Duration)
}

// newDesk reads the credentials from the environment. For the stack on this
// machine they are those of its only user.
func newDesk(address string, now func() time.Time) (*desk, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("the desk's address must be like https://privacy.example.com")
	}
	d := &desk{
		url: strings.TrimSuffix(address, "/"), now: now, sleep: sleep,
		client: &http.Client{Timeout: 40 * time.Second, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: inFlight}},
		region: cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), regionOf(u.Hostname())),
		keys: aws.Credentials{
			AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"), SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
		},
	}
	if u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" {
		d.region, d.keys = "us-east-1", aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}
	}
	if d.region == "" || !d.keys.HasKeys() {
		return nil, errors.New("set AWS_REGION and the credentials of a role that has the stack's TransferPolicy:\n  eval \"$(aws configure export-credentials --format env)\"")
	}
	return d, nil
}

// regionOf reads the Region out of an API's own host name.
func regionOf(host string) string {
	_, rest, found := strings.Cut(host, ".execute-api.")
	if !found {
		return ""
	}
	region, _, _ := strings.Cut(rest, ".")
	return region
}

// errAgain is the error for a call that may succeed when it is made again.
var errAgain = errors.New("the desk did not answer")

// call makes one signed call. Errors hold nothing of the body that was sent.
func (d *desk) call(ctx context.Context, method, path string, ask, answer any) error {
	var body []byte
	if ask != nil {
		var err error
		if body, err = json.Marshal(ask); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, d.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if ask != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, d.keys, req, hex.EncodeToString(sum[:]), "execute-api", d.region, d.now()); err != nil {
		return err
	}
	res, err := d.client.Do(req)
	if err != nil {
		return fmt.Errorf("%w at %s; is it running?", errAgain, d.url)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return readAnswer(res.StatusCode, text, err, answer)
}

func readAnswer(status int, text []byte, err error, answer any) error {
	switch {
	case err != nil:
		return errAgain
	case status >= 500 || status == http.StatusTooManyRequests:
		return fmt.Errorf("%w: status %d", errAgain, status)
	case status == http.StatusForbidden:
		return errors.New("the desk refuses these credentials; they need the stack's TransferPolicy")
	case status != http.StatusOK:
		return fmt.Errorf("the desk answered with status %d%s", status, message(text))
	}
	return json.Unmarshal(text, answer)
}

// message is what the desk says is wrong, behind a colon. It names what was
// sent by its members only.
func message(text []byte) string {
	var said struct{ Message string }
	if json.Unmarshal(text, &said) != nil || said.Message == "" {
		return ""
	}
	return ": " + strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, said.Message)
}

var errInterrupted = errors.New("interrupted")

// Waits between tries: over two minutes in all.
const (
	tries     = 8
	firstWait = time.Second
	lastWait  = 30 * time.Second
)

// insist makes a call until it succeeds, fails for good, or is given up.
func (d *desk) insist(ctx context.Context, call func() error) error {
	var err error
	for try, wait := 0, firstWait; try < tries; try, wait = try+1, min(2*wait, lastWait) {
		if err = call(); !errors.Is(err, errAgain) || ctx.Err() != nil {
			break
		}
		d.sleep(ctx, wait)
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	return err
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
