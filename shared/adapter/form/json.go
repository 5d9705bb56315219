package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"privacydesk/shared/domain/fault"
)

// maxDepth is how deep a JSON form may be nested.
const maxDepth = 32

var errMany, errDeep = errors.New("too many fields"), errors.New("nested too deep")

// jsonFields flattens a JSON object: {"data":{"Email":"x"}} is data[Email]=x.
// A name that stands twice gives two fields, so that nobody can hide one
// address behind another.
func jsonFields(body []byte) (Fields, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	fields, err := jsonValue(d, "", 0)
	if errors.Is(err, errMany) {
		return make(Fields, maxFields+1), nil
	}
	if _, end := d.Token(); err != nil || end != io.EOF {
		return nil, fault.New(fault.Invalid, "The JSON could not be read.")
	}
	return fields, nil
}

func jsonValue(d *json.Decoder, name string, depth int) (Fields, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		if depth == maxDepth {
			return nil, errDeep
		}
		return jsonMembers(d, v, name, depth+1)
	case string:
		return Fields{{name, v, v}}, nil
	case json.Number:
		return Fields{{name, v.String(), v.String()}}, nil
	case bool:
		if v {
			return Fields{{name, "true", "true"}}, nil
		}
	}
	return nil, nil // null and false are fields that were not sent
}

func jsonMembers(d *json.Decoder, open json.Delim, name string, depth int) (Fields, error) {
	var fields Fields
	for d.More() {
		member := name
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			member = nested(name, key.(string))
		}
		inner, err := jsonValue(d, member, depth)
		if err != nil {
			return nil, err
		}
		if fields = append(fields, inner...); len(fields) > maxFields {
			return nil, errMany
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if open == '{' && depth > 1 {
		fields = pairs(fields, name)
	}
	if len(fields) > maxFields {
		return nil, errMany
	}
	return fields, nil
}

// namings are the members by which form builders name the field whose value
// stands beside it: {"name":"email","value":"x"} is email=x.
var namings = []string{"name", "label", "key", "field", "id", "title"}

// pairs folds the names and values of an object that is a field by itself. Its
// own name goes, so that it is not taken for a person's; the rest is kept.
func pairs(fields Fields, object string) Fields {
	var paired Fields
	for _, naming := range namings {
		for _, name := range fields.All(nested(object, naming)) {
			for _, value := range fields.All(nested(object, "value")) {
				paired = append(paired, Field{name, value, value})
			}
		}
	}
	if len(paired) == 0 {
		return fields
	}
	for _, f := range fields {
		if f.Name != nested(object, "name") && f.Name != nested(object, "value") {
			paired = append(paired, f)
		}
	}
	return paired
}

func nested(outer, inner string) string {
	if outer == "" {
		return inner
	}
	return outer + "[" + inner + "]"
}
