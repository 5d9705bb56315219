package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
)

var errJSON = errors.New("the JSON holds no list of records, or more than one; give one list of objects, or one object a line")

// openJSON reads a list of objects, one inside an object, or objects one after
// the other, as the makers' APIs and exports print them. A record's number
// serves as its line, and the names on the way to a value for its column.
func openJSON(text string) (table, error) {
	values, err := jsonValues(text)
	if err != nil {
		return table{}, err
	}
	objects := values
	if len(values) == 1 {
		if objects = jsonList(values[0], 3); objects == nil {
			objects = values
		}
	}
	t := table{json: true}
	var flat []map[string]string
	for _, v := range objects {
		object, ok := v.(map[string]any)
		if !ok {
			return table{}, errJSON
		}
		row := map[string]string{}
		flatten(row, "", object)
		flat = append(flat, row)
		for _, name := range slices.Sorted(maps.Keys(row)) {
			if !slices.Contains(t.header, name) {
				t.header = append(t.header, name)
			}
		}
	}
	t.records = func(yield func(record) bool) {
		for i, row := range flat {
			cells := make([]string, len(t.header))
			for n, name := range t.header {
				cells[n] = row[name]
			}
			if !yield(record{i + 1, cells}) {
				return
			}
		}
	}
	return t, nil
}

func jsonValues(text string) (values []any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	for {
		var v any
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return values, nil
		} else if err != nil {
			return nil, errors.New("the JSON is broken; is the file whole?")
		}
		values = append(values, v)
	}
}

// jsonList is the one list of objects in a value, at most so many names deep;
// nil if there is none, or more than one.
func jsonList(v any, depth int) []any {
	switch v := v.(type) {
	case []any:
		if slices.ContainsFunc(v, func(one any) bool { _, ok := one.(map[string]any); return !ok }) {
			return nil
		}
		return v
	case map[string]any:
		var only []any
		for _, member := range v {
			list := []any(nil)
			if depth > 0 {
				list = jsonList(member, depth-1)
			}
			if len(list) > 0 && len(only) > 0 {
				return nil
			}
			if len(list) > 0 || only == nil {
				only = list
			}
		}
		return only
	}
	return nil
}

func flatten(into map[string]string, name string, v any) {
	switch v := v.(type) {
	case nil:
		into[name] = ""
	case string:
		into[name] = v
	case map[string]any:
		for member, value := range v {
			flatten(into, strings.TrimPrefix(name+"."+member, "."), value)
		}
	default: // numbers as they are written, true and false, lists as JSON
		var text bytes.Buffer
		_ = json.NewEncoder(&text).Encode(v)
		into[name] = strings.Trim(text.String(), "[]\" \n")
	}
}
