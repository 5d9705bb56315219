package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"privacydesk/shared/fault"
)

// Field is one named value of a form, in the order in which it was sent. Name
// and Value are valid UTF-8.
type Field struct{ Name, Value string }

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
// (of any nesting), JSON or name=value lines sent as text/plain, and the same
// without a content type. Files are skipped. The errors are faults: TooLarge,
// Unsupported for another content type, Invalid for a body that is broken.
func ReadForm(r *http.Request) (Fields, error) {
	body, err := readBody(r, MaxForm)
	if err != nil {
		return nil, err
	}
	contentType := r.Header.Get("Content-Type")
	_, params, _ := mime.ParseMediaType(contentType)
	fields, err := parse(body, mediaType(contentType), params)
	if len(fields) > maxFields {
		return nil, fault.New(fault.TooLarge, "The form has more than %d fields.", maxFields)
	}
	return fields, err
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

// ReadJSON reads a JSON body of the sender's systems into v. The errors are
// faults: TooLarge, Invalid.
func ReadJSON(r *http.Request, v any) error {
	body, err := readBody(r, MaxJSON)
	if err != nil {
		return err
	}
	if json.Unmarshal(body, v) != nil {
		return fault.Field("body", "json", "The body must be a JSON object of the documented shape.")
	}
	return nil
}

func parse(body []byte, media string, params map[string]string) (Fields, error) {
	looksJSON := bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n\ufeff"), []byte("{"))
	switch {
	case media == "multipart/form-data":
		fields, err := multipartFields(body, params["boundary"])
		return toUTF8(fields, params["charset"]), err
	case isJSON(media), looksJSON && (media == "text/plain" || media == ""):
		return jsonFields(body)
	case media == "text/plain":
		return toUTF8(lineFields(body), params["charset"]), nil
	case media == "application/x-www-form-urlencoded", media == "":
		return toUTF8(urlencodedFields(body), params["charset"]), nil
	}
	return nil, fault.New(fault.Unsupported, "Send the form as application/x-www-form-urlencoded, multipart/form-data or application/json.")
}

// urlencodedFields follows https://url.spec.whatwg.org/#urlencoded-parsing: it
// takes anything.
func urlencodedFields(body []byte) Fields {
	var fields Fields
	for pair := range strings.SplitSeq(string(body), "&") {
		if pair == "" || len(fields) > maxFields {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		fields = append(fields, Field{unescape(name), unescape(value)})
	}
	return fields
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return strings.ReplaceAll(s, "+", " ")
}

// lineFields reads a form sent with enctype="text/plain".
func lineFields(body []byte) Fields {
	var fields Fields
	for line := range strings.Lines(string(body)) {
		if name, value, found := strings.Cut(strings.TrimRight(line, "\r\n"), "="); found && len(fields) <= maxFields {
			fields = append(fields, Field{name, value})
		}
	}
	return fields
}

func multipartFields(body []byte, boundary string) (Fields, error) {
	broken := fault.New(fault.Invalid, "The form could not be read.")
	if boundary == "" {
		return nil, broken
	}
	var fields Fields
	for reader := multipart.NewReader(bytes.NewReader(body), boundary); len(fields) <= maxFields; {
		part, err := reader.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, broken
		}
		if part.FormName() == "" || part.FileName() != "" {
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, broken
		}
		fields = append(fields, Field{part.FormName(), string(value)})
	}
	return fields, nil
}
