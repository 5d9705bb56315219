package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"privacydesk/shared/domain/civil"
)

// object reads a JSON object so that one text has one meaning, which
// encoding/json by itself does not see to: a member that is doubled, null, of
// another type, spelt in another case, missing or unknown is an error. The
// first error stays; no error holds text of the input but names that the
// package knows.
type object struct {
	members map[string]json.RawMessage
	err     error
}

func readObject(data []byte) *object {
	members, err := readMembers(data)
	return &object{members, err}
}

func readMembers(data []byte) (map[string]json.RawMessage, error) {
	data = bytes.Trim(data, " \t\r\n")
	if !utf8.Valid(data) || !json.Valid(data) || data[0] != '{' {
		return nil, errors.New("not a JSON object in UTF-8")
	}
	members := map[string]json.RawMessage{}
	for rest := skip(data[1:]); rest[0] != '}'; {
		name, after := cut(rest)
		value, after := cut(skip(after))
		rest = skip(after)
		key, err := unquote(name)
		if _, doubled := members[key]; doubled || err != nil {
			return nil, errors.New("a member is there twice")
		}
		members[key] = value
	}
	return members, nil
}

// skip drops white space and the punctuation between values of valid JSON.
func skip(data []byte) []byte { return bytes.TrimLeft(data, " \t\r\n:,") }

// cut returns the value that valid JSON begins with, and what follows it. A
// json.Decoder for each object would take most of the time of reading a history.
func cut(data []byte) (value, rest []byte) {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case depth > 0 && (c == '}' || c == ']'):
			depth--
		case depth == 0 && bytes.IndexByte([]byte(" \t\r\n:,}]"), c) >= 0:
			return data[:i], data[i:]
		}
	}
	return data, nil
}

// unquote decodes a JSON string.
func unquote(value json.RawMessage) (s string, err error) {
	if len(value) > 1 && value[0] == '"' && bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1]), nil
	}
	err = json.Unmarshal(value, &s)
	return s, err
}

func (o *object) fail(name, why string) {
	if o.err == nil {
		o.err = errors.New(name + " " + why)
	}
}

func (o *object) has(name string) bool { _, ok := o.members[name]; return ok }

// raw takes a member out of the object.
func (o *object) raw(name string) json.RawMessage {
	value, ok := o.members[name]
	if !ok {
		o.fail(name, "is missing")
	}
	delete(o.members, name)
	return value
}

// decode decodes a value into v, a pointer to a plain type.
func (o *object) decode(name string, value json.RawMessage, v any, want string) {
	if string(value) == "null" || json.Unmarshal(value, v) != nil {
		o.fail(name, "is not "+want)
	}
}

// plain decodes a value that is a text.
func (o *object) plain(name string, value json.RawMessage) string {
	s, err := unquote(value)
	if err != nil || string(value) == "null" {
		o.fail(name, "is not a text")
	}
	return s
}

// text takes a member out that is a text.
func (o *object) text(name string) string { return o.plain(name, o.raw(name)) }

// number takes a member out that is a whole number.
func (o *object) number(name string) (n int) {
	o.decode(name, o.raw(name), &n, "a whole number")
	return n
}

// time takes a member out that is a time.
func (o *object) time(name string) time.Time {
	s := o.text(name)
	t, err := time.Parse(civil.Stamp, s)
	if err != nil || t.Format(civil.Stamp) != s { // Parse takes a comma, too
		o.fail(name, "is not a time in UTC with milliseconds")
	}
	return t
}

// list takes a member out that is an array.
func (o *object) list(name string) (items []json.RawMessage) {
	o.decode(name, o.raw(name), &items, "a list")
	return items
}

// end reports the first error; a member that nobody asked for is one.
func (o *object) end() error {
	if len(o.members) > 0 {
		o.fail("a member", "is unknown")
	}
	return o.err
}

// marshal is json.Marshal that leaves <, > and & as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
