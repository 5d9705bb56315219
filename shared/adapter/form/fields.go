package form

import (
	"bytes"

	"privacydesk/shared/domain/fault"
)

// Field is one named value of a form. All of it is valid UTF-8.
type Field struct {
	Name, Value string
	// Raw is Value with its plus signs kept, where a urlencoded form has sent some: a blank there may be a plus that
	// nobody encoded. Otherwise it equals Value.
	Raw string
}

// Fields are what a form sent, in the order in which it was sent. A name may occur more than once.
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

// All returns the values of a field that are not empty, in their order.
func (f Fields) All(name string) []string {
	var values []string
	for _, field := range f {
		if field.Name == name && field.Value != "" {
			values = append(values, field.Value)
		}
	}
	return values
}

// MaxBytes bounds the body of a form.
const MaxBytes = 256 << 10

// maxFields is more than any form has that people fill in.
const maxFields = 500

// Parse reads the fields of a body: urlencoded, multipart, JSON (of any nesting), or name=value lines sent as
// text/plain. A body that plainly is one of these is read as that under another type, or none. Files are skipped.
// The media type is in lower case, and application/json for every kind of JSON. Errors are faults: TooLarge,
// Unsupported for another content type, Invalid for a broken body.
func Parse(body []byte, media string, params map[string]string) (Fields, error) {
	fields, err := parse(bytes.TrimPrefix(body, []byte("\ufeff")), media, params)
	switch {
	case len(fields) > maxFields:
		return nil, fault.New(fault.TooLarge, "The form has more than %d fields.", maxFields)
	case err != nil:
		return nil, err
	}
	return fields, nil
}

// ParseQuery reads the fields of a form sent with method="get". It accepts anything.
func ParseQuery(query string) Fields {
	fields := toUTF8(urlencodedFields([]byte(query)), "")
	return fields[:min(len(fields), maxFields)]
}
