package standin

import (
	"encoding/json"
	"slices"
	"strings"
)

// Headers are a mail's header fields in their order. As JSON they are an object by
// name, for `.headers["List-Unsubscribe"]`; a repeated field is joined by newlines.
type Headers []Header

// Get returns the first field of that name, or nothing.
func (h Headers) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// MarshalJSON writes the fields as one object, in their order.
func (h Headers) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, f := range h {
		if slices.ContainsFunc(h[:i], f.sameName) {
			continue
		}
		var values []string
		for _, other := range h[i:] {
			if f.sameName(other) {
				values = append(values, other.Value)
			}
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = appendString(append(appendString(out, f.Name), ':'), strings.Join(values, "\n"))
	}
	return append(out, '}'), nil
}

func (f Header) sameName(other Header) bool { return strings.EqualFold(f.Name, other.Name) }

func appendString(out []byte, s string) []byte {
	quoted, _ := json.Marshal(s) // a string always has a JSON form
	return append(out, quoted...)
}

// UnmarshalJSON reads what MarshalJSON wrote, keeping the order.
func (h *Headers) UnmarshalJSON(raw []byte) error {
	*h = nil
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var value string
		if err := dec.Decode(&value); err != nil {
			return err
		}
		for line := range strings.SplitSeq(value, "\n") {
			*h = append(*h, Header{name.(string), line})
		}
	}
	return nil
}

// reservedHeaders are set by SES itself; Simple content may not carry them ("Amazon
// SES header fields").
var reservedHeaders = []string{
	"bcc", "cc", "content-disposition", "content-type", "date", "from", "message-id",
	"mime-version", "reply-to", "return-path", "subject", "to",
}

// checkHeaders applies the limits of MessageHeader.
func checkHeaders(headers []Header) error {
	if len(headers) > 15 {
		return badRequest("At most 15 headers may be given.")
	}
	for _, h := range headers {
		switch {
		case h.Name == "" || len(h.Name) > 126 || strings.ContainsFunc(h.Name, badInName):
			return badRequest("Invalid header name %q.", h.Name)
		case len(h.Value) > 995 || len(h.Name)+len(h.Value) > 996 || strings.ContainsFunc(h.Value, badInValue):
			return badRequest("Invalid value for header %q.", h.Name)
		case slices.Contains(reservedHeaders, strings.ToLower(h.Name)):
			return badRequest("Header %q is set by SES and may not be given.", h.Name)
		}
	}
	return nil
}

func badInName(c rune) bool  { return c < '!' || c > '~' || c == ':' }
func badInValue(c rune) bool { return c < ' ' || c > '~' }
