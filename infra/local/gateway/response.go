package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// response is what goes back to the client.
type response struct {
	status  int
	headers map[string]string
	cookies []string
	body    []byte
	close   bool // the connection cannot be used again

	refused string // why the gateway refused, in the access log's word
	lambda  lambda
}

// lambda is what came of the invocation, for the access log; 0 is unknown.
type lambda struct {
	status, function int // of the Lambda service, and what the function answered
	latency          time.Duration
}

// message is an answer of the gateway itself.
func message(status int, text string) response {
	return response{status: status, headers: map[string]string{"Content-Type": "application/json"},
		body: []byte(`{"message":"` + text + `"}`)}
}

// functionResponse is payload format 2.0's answer.
type functionResponse struct {
	StatusCode      json.RawMessage
	Headers         map[string]any
	Cookies         []string
	Body            *string
	IsBase64Encoded bool
}

// parseResponse follows the rules of the payload format 2.0: an answer without
// a statusCode is a body, of JSON, with status 200. One that the format cannot
// read is a 500.
func parseResponse(answer []byte) response {
	broken := message(http.StatusInternalServerError, "Internal Server Error")
	if !json.Valid(answer) {
		return broken
	}
	var has struct{ StatusCode *json.RawMessage }
	if json.Unmarshal(answer, &has) != nil || has.StatusCode == nil {
		return inferred(answer)
	}
	var f functionResponse
	if json.Unmarshal(answer, &f) != nil {
		return broken
	}
	out, ok := f.response()
	if !ok {
		return broken
	}
	return out
}

func inferred(answer []byte) response {
	body := bytes.TrimSpace(answer)
	var text string
	if json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	}
	return response{status: http.StatusOK, headers: map[string]string{"Content-Type": "application/json"}, body: body, lambda: lambda{function: http.StatusOK}}
}

func (f functionResponse) response() (response, bool) {
	status, err := strconv.Atoi(strings.Trim(string(f.StatusCode), `"`))
	if err != nil || status < 200 || status > 599 {
		return response{}, false
	}
	out := response{status: status, headers: map[string]string{}, cookies: f.Cookies, lambda: lambda{function: status}}
	if f.Body != nil {
		out.body = []byte(*f.Body)
	}
	if f.IsBase64Encoded {
		if out.body, err = base64.StdEncoding.DecodeString(string(out.body)); err != nil {
			return response{}, false
		}
	}
	for name, value := range f.Headers {
		text, ok := headerText(value)
		if !ok {
			return response{}, false
		}
		out.headers[http.CanonicalHeaderKey(name)] = text
	}
	if out.headers["Content-Type"] == "" {
		out.headers["Content-Type"] = "text/plain;charset=UTF-8"
	}
	return out, true
}

func headerText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	}
	return "", false
}

func (r response) write(w http.ResponseWriter) {
	h := w.Header()
	for name, value := range r.headers {
		h.Set(name, value)
	}
	for _, cookie := range r.cookies {
		h.Add("Set-Cookie", cookie)
	}
	if r.close {
		h.Set("Connection", "close")
	}
	h.Set("Content-Length", strconv.Itoa(len(r.body)))
	if r.status == http.StatusNoContent || r.status == http.StatusNotModified {
		h.Del("Content-Length")
		h.Del("Content-Type")
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // net/http keeps it back for HEAD, 204 and 304
}
