package aws

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
)

// Bucket is one bucket of Amazon S3, as far as import jobs and people's files need
// it. What a browser may do itself is in presigned.go.
type Bucket struct {
	aws     *Clients
	name    string
	scanned bool
}

// Bucket returns the bucket of that name.
func (a *Clients) Bucket(name string) Bucket { return Bucket{aws: a, name: name} }

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

// Object is what S3 says of one object.
type Object struct {
	Size int64 // bytes
	Type string
	ETag string // another content, another tag
}

// Head looks at an object (HeadObject). NotFound: there is none. S3 says so only to
// who may list the bucket, and refuses others.
func (b Bucket) Head(ctx context.Context, key string) (Object, error) {
	o, body, err := b.read(ctx, http.MethodHead, key)
	if err != nil {
		return Object{}, err
	}
	return o, body.Close()
}

// Read reads an object to its end (GetObject). It keeps the beginning, and the whole
// of a text that is not too large. NotFound: there is none.
func (b Bucket) Read(ctx context.Context, key string) (attachment.Content, error) {
	o, body, err := b.read(ctx, http.MethodGet, key)
	if err != nil {
		return attachment.Content{}, err
	}
	defer body.Close()
	hash, kept := sha256.New(), bytes.Buffer{}
	all := io.TeeReader(body, hash)
	first, err := io.Copy(&kept, io.LimitReader(all, 4096))
	c := attachment.Content{Size: o.Size, ETag: o.ETag, Begins: kept.Bytes()}
	var rest io.Writer = io.Discard
	if o.Size <= attachment.MaxSize && attachment.IsText(c.Begins) {
		kept.Grow(int(o.Size - first))
		rest = &kept
	}
	more, cut := io.Copy(rest, all)
	if err != nil || cut != nil || first+more != o.Size {
		return attachment.Content{}, fault.Wrap(fault.Unavailable, errors.New("the answer was cut"), "read an object")
	}
	c.SHA256 = hex.EncodeToString(hash.Sum(nil))
	if rest == &kept {
		c.Begins, c.Text = kept.Bytes()[:first], kept.Bytes()
	}
	return c, nil
}

// Open gives what an object holds (GetObject). Whoever gives it out asks Ready first.
// NotFound: there is none.
func (b Bucket) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	_, body, err := b.read(ctx, http.MethodGet, key)
	return body, err
}

// PutFile stores an object of so many bytes, with that SHA-256 in hex, which S3 checks
// (PutObject). It says what Read would. Errors are those of Put.
func (b Bucket) PutFile(ctx context.Context, key string, file io.Reader, size int64, sha256 string) (attachment.Content, error) {
	const op = "store a file"
	begins, err := io.ReadAll(io.LimitReader(file, 4096))
	if err != nil {
		return attachment.Content{}, fault.Wrap(fault.Internal, errors.New("it cannot be read"), op)
	}
	content := &large{io.MultiReader(bytes.NewReader(begins), file), size, sha256}
	req, err := b.aws.signed(ctx, call{op: op, service: "s3", method: http.MethodPut, url: b.url(key), large: content})
	if err != nil {
		return attachment.Content{}, err
	}
	res, err := b.aws.files.Do(req)
	if err != nil {
		return attachment.Content{}, fault.Wrap(fault.Unavailable, errors.New("no answer"), op)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return attachment.Content{}, refused(res, op)
	}
	return attachment.Content{Size: size, ETag: res.Header.Get("ETag"), SHA256: sha256, Begins: begins}, nil
}

func (b Bucket) read(ctx context.Context, method, key string) (Object, io.ReadCloser, error) {
	const op = "read an object"
	req, err := b.aws.signed(ctx, call{op: op, service: "s3", method: method, url: b.url(key)})
	if err != nil {
		return Object{}, nil, err
	}
	res, err := b.aws.files.Do(req)
	if err != nil {
		return Object{}, nil, fault.Wrap(fault.Unavailable, errors.New("no answer"), op)
	}
	if res.StatusCode == http.StatusOK {
		return Object{res.ContentLength, res.Header.Get("Content-Type"), res.Header.Get("ETag")}, res.Body, nil
	}
	_ = res.Body.Close()
	return Object{}, nil, refused(res, op)
}

func refused(res *http.Response, op string) error {
	code := fault.Internal
	switch {
	case res.StatusCode == http.StatusNotFound:
		code = fault.NotFound
	case res.StatusCode >= http.StatusInternalServerError:
		code = fault.Unavailable
	}
	return fault.Wrap(code, errors.New(res.Status), op)
}

// Delete deletes an object (DeleteObject). One that is not there is no fault.
func (b Bucket) Delete(ctx context.Context, key string) error {
	_, err := b.aws.send(ctx, call{op: "delete an object", service: "s3", method: http.MethodDelete, url: b.url(key)})
	return err
}
