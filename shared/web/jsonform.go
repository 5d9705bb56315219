package web

import (
	"bytes"
	"encoding/json"

	"privacydesk/shared/fault"
)

// maxDepth is how deep a JSON form may be nested.
const maxDepth = 8

// jsonFields flattens a JSON object: {"data":{"Email":"x"}} is data[Email]=x.
// A name that stands twice gives two fields, so that nobody can hide one
// address behind another. {"name":"email","value":"x"}, as HubSpot has it, is
// email=x.
func jsonFields(body []byte) (Fields, error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	d.UseNumber()
	fields, err := jsonValue(d, "", 0)
	if err != nil || d.More() {
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
			return nil, fault.New(fault.Invalid, "nested too deep")
		}
		return jsonMembers(d, v, name, depth+1)
	case string:
		return Fields{{name, v}}, nil
	case json.Number:
		return Fields{{name, v.String()}}, nil
	case bool:
		if v {
			return Fields{{name, "true"}}, nil
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
			return nil, fault.New(fault.Invalid, "too many fields")
		}
	}
	_, err := d.Token()
	return pair(fields, name), err
}

// pair folds an object of a name and its value into one field.
func pair(fields Fields, name string) Fields {
	key, value := fields.First(nested(name, "name")), fields.First(nested(name, "value"))
	if key == "" || value == "" {
		return fields
	}
	return Fields{{key, value}}
}

func nested(outer, inner string) string {
	if outer == "" {
		return inner
	}
	return outer + "[" + inner + "]"
}
