package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"privacydesk/shared/domain/fault"
)

// MaxJSON bounds the JSON bodies of the sender's systems, in bytes.
const MaxJSON = 1 << 20

// Body reads a request's body, at most limit bytes; it can be read again. Errors are faults: TooLarge, and Invalid for a body that did not
// arrive whole.
func Body(r *http.Request, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, limit))
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return nil, fault.New(fault.TooLarge, "The request is larger than %d KiB.", limit>>10)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the request did not arrive whole")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// Media returns the media type of a request's body in lower case, and its parameters. Every kind of JSON is
// application/json.
func Media(r *http.Request) (media string, params map[string]string) {
	header := r.Header.Get("Content-Type")
	media, params, err := mime.ParseMediaType(header)
	if err != nil {
		media = header[:strings.IndexAny(header+";", ";,")] // a header that was sent twice is joined by a comma
	}
	media = strings.ToLower(strings.TrimSpace(media))
	if media == "text/json" || strings.HasSuffix(media, "+json") {
		media = "application/json"
	}
	return media, params
}
