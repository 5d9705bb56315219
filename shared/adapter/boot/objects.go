package boot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"privacydesk/shared/domain/fault"
)

// Bucket is one bucket of Amazon S3, as far as import jobs need it: one signed
// PUT, and a GET of what a service has signed. The SDK's client is left out as
// for secrets (infra/decisions/0006-secrets-by-signed-request.md).
type Bucket struct {
	aws  *AWS
	name string
}

// Bucket returns the bucket of that name.
func (a *AWS) Bucket(name string) Bucket { return Bucket{a, name} }

// url is virtual-hosted, as S3 wants it, or path style where the environment
// names an endpoint.
func (b Bucket) url(key string) string {
	if endpoint := configured("S3"); endpoint != nil {
		return *endpoint + "/" + b.name + "/" + key
	}
	return "https://" + b.name + "." + b.aws.host("s3") + "/" + key
}

// Put stores an object (PutObject of the S3 API). The key must need no escaping.
// fault.Unavailable: it may not be there. fault.Internal: S3 refuses.
func (b Bucket) Put(ctx context.Context, key string, content []byte) error {
	doing := "store " + key
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, b.url(key), bytes.NewReader(content))
	if err != nil {
		return fault.Wrap(fault.Internal, errors.New("no such address"), doing)
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:])
	req.Header.Set("X-Amz-Content-Sha256", hash)
	keys, _ := credentials{}.Retrieve(ctx)
	plain := func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hash, "s3", b.aws.region, time.Now(), plain); err != nil {
		return fault.Wrap(fault.Internal, errors.New("the call could not be signed"), doing)
	}
	_, err = b.aws.answer(req, doing)
	return err
}

// largest is what an answer may hold: 100,000 failed records fit.
const largest = 64 << 20

// Fetch reads what stands behind an address that a service has signed. No
// error holds the address: whoever has it may read.
func (b Bucket) Fetch(ctx context.Context, signed string) ([]byte, error) {
	const doing = "read what a job has not taken"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, signed, nil)
	if err != nil || !strings.HasPrefix(req.URL.Scheme, "http") {
		return nil, fault.Wrap(fault.Internal, errors.New("no such address"), doing)
	}
	return b.aws.answer(req, doing)
}

func (a *AWS) answer(req *http.Request, doing string) ([]byte, error) {
	res, err := a.once.Do(req)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, errors.New("no answer"), doing)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(io.LimitReader(res.Body, largest))
	switch {
	case err != nil || res.StatusCode >= http.StatusInternalServerError:
		return nil, fault.Wrap(fault.Unavailable, fmt.Errorf("status %d", res.StatusCode), doing)
	case res.StatusCode >= http.StatusBadRequest:
		return nil, fault.Wrap(fault.Internal, fmt.Errorf("S3 refused: status %d", res.StatusCode), doing)
	}
	return content, nil
}
