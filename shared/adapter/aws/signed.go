package aws

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"privacydesk/shared/domain/fault"
)

// call is one call of a service whose SDK client is left out (infra/decisions/0006-secrets-by-signed-request.md).
type call struct {
	op      string // what is being done, for errors; nothing personal
	service string // as signatures name it
	method  string
	url     string
	target  string // X-Amz-Target of the JSON 1.1 protocol; empty: the body is an object of S3
	body    []byte
	large   *large // in place of body
}

// large is a body that is not held in memory.
type large struct {
	content io.Reader
	size    int64
	sha256  string // in hex
}

// send signs a call (Signature Version 4), makes it once and returns the body of a successful answer. Unavailable: no
// answer, or a fault of the service; it may have been done. Internal: the service refuses.
func (a *Clients) send(ctx context.Context, c call) ([]byte, error) {
	req, err := a.signed(ctx, c)
	if err != nil {
		return nil, err
	}
	return a.answer(req, c.op)
}

func (a *Clients) signed(ctx context.Context, c call) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, c.url, bytes.NewReader(c.body))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, errors.New("not a URL"), c.op)
	}
	sum := sha256.Sum256(c.body)
	hash := hex.EncodeToString(sum[:])
	if c.large != nil {
		req.Body, req.GetBody, req.ContentLength, hash = io.NopCloser(c.large.content), nil, c.large.size, c.large.sha256
	}
	if c.target == "" {
		req.Header.Set("X-Amz-Content-Sha256", hash)
	} else {
		req.Header.Set("Content-Type", "application/x-amz-json-1.1")
		req.Header.Set("X-Amz-Target", c.target)
	}
	keys, _ := credentials{}.Retrieve(ctx)
	asIs := func(o *v4.SignerOptions) { o.DisableURIPathEscaping = c.target == "" }
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hash, c.service, a.region, time.Now(), asIs); err != nil {
		return nil, fault.Wrap(fault.Internal, errors.New("the call could not be signed"), c.op)
	}
	return req, nil
}

// maxAnswer bounds an answer in bytes: 100,000 failed records of an import fit.
const maxAnswer = 64 << 20

// answer makes a request and reads the body of a successful answer. Errors are those of send and hold no URL: whoever
// has a signed one may read.
func (a *Clients) answer(req *http.Request, op string) ([]byte, error) {
	res, err := a.once.Do(req)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, errors.New("no answer"), op)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err == nil && res.StatusCode < http.StatusBadRequest {
		return body, nil
	}
	var refusal struct {
		Type string `json:"__type"`
	}
	foreign := json.Unmarshal(body, &refusal) != nil && req.Header.Get("X-Amz-Target") != "" // not the service's own answer
	if err != nil || foreign || res.StatusCode >= http.StatusInternalServerError {
		return nil, fault.Wrap(fault.Unavailable, fmt.Errorf("status %d", res.StatusCode), op)
	}
	return nil, fault.Wrap(fault.Internal, fmt.Errorf("status %d %s", res.StatusCode, refusal.Type), op)
}
