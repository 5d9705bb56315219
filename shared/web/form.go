package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"

	"privacydesk/shared/fault"
)

// Field is one named value of a form, in the order in which it was sent. All
// of it is valid UTF-8.
type Field struct {
	Name, Value string
	// Raw is Value with its plus signs kept, where a urlencoded form has sent
	// some: a blank there may be a plus that nobody encoded. Else it is Value.
	Raw string
}

// Fields are what a form sent. A name may stand more than once.
type Fields []Field

// First returns the first value of a name, "" if there is none.
func (f Fields) First(name string) string {
	for _, field := range f {
		if field.Name == name {
			return field.Value
		}
	}
	return ""
}

// Limits on bodies, in bytes.
const (
	MaxForm = 256 << 10
	MaxJSON = 1 << 20 // of the sender's systems
)

// maxFields is more than any form has that people fill in.
const maxFields = 500

// ReadForm reads the fields of a request's body: urlencoded, multipart, JSON
// (of any nesting), or name=value lines sent as text/plain; and what is plainly
// one of these under a type that is another, or none. Files are skipped. The
// errors are faults: TooLarge, Unsupported for another content type, Invalid
// for a body that is broken.
func ReadForm(r *http.Request) (Fields, error) {
	body, err := readBody(r, MaxForm)
	if err != nil {
		return nil, err
	}
	contentType := r.Header.Get("Content-Type")
	_, params, _ := mime.ParseMediaType(contentType)
	fields, err := parse(bytes.TrimPrefix(body, []byte("\ufeff")), mediaType(contentType), params)
	switch {
	case len(fields) > maxFields:
		return nil, fault.New(fault.TooLarge, "The form has more than %d fields.", maxFields)
	case err != nil:
		return nil, err
	}
	return fields, nil
}

// ReadQuery reads the fields of a form sent with method="get", in the order in
// which they were sent. It takes anything.
func ReadQuery(r *http.Request) Fields {
	fields := toUTF8(urlencodedFields([]byte(r.URL.RawQuery)), "")
	return fields[:min(len(fields), maxFields)]
}

func readBody(r *http.Request, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, limit))
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return nil, fault.New(fault.TooLarge, "The request is larger than %d KiB.", limit>>10)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the request did not arrive whole")
	}
	return body, nil
}
