package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"

	"privacydesk/shared/domain/fault"
)

// objects is the bucket of the bulk jobs, at the stand-in behind the proxy.
type objects struct {
	front string
	http  *http.Client
}

// Put implements ses.Objects.
func (o objects) Put(ctx context.Context, key string, content []byte) error {
	_, err := o.call(ctx, http.MethodPut, o.front+"/s3/bulk/"+key, content)
	return err
}

// Fetch implements ses.Objects.
func (o objects) Fetch(ctx context.Context, signed string) ([]byte, error) {
	u, err := url.Parse(signed)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "read")
	}
	return o.call(ctx, http.MethodGet, o.front+u.Path+"?"+u.RawQuery, nil)
}

func (o objects) call(ctx context.Context, method, url string, content []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(content))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, method)
	}
	answer, err := o.http.Do(r)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, method)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		return nil, fault.New(fault.Unavailable, "status %d", answer.StatusCode)
	}
	return text, nil
}
