package aws

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"privacydesk/shared/domain/fault"
)

// Bucket is one bucket of Amazon S3, as far as import jobs need it: a signed
// PUT, and a GET of what a service has signed.
type Bucket struct {
	aws  *Clients
	name string
}

// Bucket returns the bucket of that name.
func (a *Clients) Bucket(name string) Bucket { return Bucket{a, name} }

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
	_, err := b.aws.send(ctx, call{op: "store " + key, service: "s3", method: http.MethodPut, url: b.url(key), body: content})
	return err
}

// Fetch reads what stands behind an address that a service has signed. No
// error holds the address: whoever has it may read.
func (b Bucket) Fetch(ctx context.Context, signed string) ([]byte, error) {
	const op = "read what a job has not taken"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, signed, nil)
	if err != nil || !strings.HasPrefix(req.URL.Scheme, "http") {
		return nil, fault.Wrap(fault.Internal, errors.New("not a URL"), op)
	}
	return b.aws.answer(req, op)
}
