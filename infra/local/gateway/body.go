package gateway

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// readBody reads a body up to the service's limit.
func readBody(r *http.Request) ([]byte, *response) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err == nil {
		return body, nil
	}
	refusal := message(http.StatusBadRequest, "Bad Request")
	if tooLong := new(http.MaxBytesError); errors.As(err, &tooLong) {
		refusal = message(http.StatusRequestEntityTooLarge, "Request Too Long")
	}
	refusal.close = true
	return nil, &refusal
}

// plainTypes are the content types, besides text/*, whose bodies come as text.
var plainTypes = map[string]bool{
	"application/json": true, "application/javascript": true, "application/xml": true,
}

// encodeBody gives a body as the service does: text for the types it takes for
// text, whatever their charset says, and base64 for all others, form posts and
// bodies without a type among them.
func encodeBody(contentType string, body []byte) (string, bool) {
	if len(body) == 0 {
		return "", false
	}
	kind, _, err := mime.ParseMediaType(contentType)
	if kind == "" && err != nil {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	if plainTypes[kind] || strings.HasPrefix(kind, "text/") {
		return valid(string(body)), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}
