package streams

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestFilter(t *testing.T) {
	const record = `{"eventName":"INSERT","dynamodb":{"NewImage":{"pending":{"S":"ses"},"n":{"N":"5"},"tags":{"SS":["a","b"]},"gone":{"NULL":true}}},"size":12,"nothing":null}`
	cases := map[string]struct {
		pattern string
		want    bool
	}{
		"exact":                   {`{"dynamodb":{"NewImage":{"pending":{"S":["ses"]}}}}`, true},
		"another":                 {`{"dynamodb":{"NewImage":{"pending":{"S":["mail"]}}}}`, false},
		"one of two":              {`{"eventName":["MODIFY","INSERT"]}`, true},
		"all keys must match":     {`{"eventName":["INSERT"],"dynamodb":{"NewImage":{"pending":{"S":["mail"]}}}}`, false},
		"absent image":            {`{"dynamodb":{"OldImage":{"pending":{"S":["ses"]}}}}`, false},
		"prefix":                  {`{"eventName":[{"prefix":"INS"}]}`, true},
		"no prefix":               {`{"eventName":[{"prefix":"ins"}]}`, false},
		"suffix":                  {`{"eventName":[{"suffix":"SERT"}]}`, true},
		"ignoring case":           {`{"eventName":[{"equals-ignore-case":"insert"}]}`, true},
		"exists":                  {`{"dynamodb":{"NewImage":{"pending":{"S":[{"exists":true}]}}}}`, true},
		"exists looks at leaves":  {`{"dynamodb":{"NewImage":{"pending":[{"exists":true}]}}}`, false},
		"does not exist":          {`{"dynamodb":{"OldImage":{"pending":{"S":[{"exists":false}]}}}}`, true},
		"does exist":              {`{"dynamodb":{"NewImage":{"pending":{"S":[{"exists":false}]}}}}`, false},
		"anything but":            {`{"eventName":[{"anything-but":"REMOVE"}]}`, true},
		"anything but a list":     {`{"eventName":[{"anything-but":["REMOVE","INSERT"]}]}`, false},
		"anything but a prefix":   {`{"eventName":[{"anything-but":{"prefix":"RE"}}]}`, true},
		"anything but the absent": {`{"x":[{"anything-but":"a"}]}`, false},
		"number":                  {`{"size":[12]}`, true},
		"numeric":                 {`{"size":[{"numeric":[">",10,"<=",12]}]}`, true},
		"out of range":            {`{"size":[{"numeric":["<",12]}]}`, false},
		"N is text":               {`{"dynamodb":{"NewImage":{"n":{"N":[{"numeric":["=",5]}]}}}}`, false},
		"N as text":               {`{"dynamodb":{"NewImage":{"n":{"N":["5"]}}}}`, true},
		"an element of a set":     {`{"dynamodb":{"NewImage":{"tags":{"SS":["b"]}}}}`, true},
		"null":                    {`{"nothing":[null]}`, true},
		"null is not absent":      {`{"absent":[null]}`, false},
		"bool":                    {`{"dynamodb":{"NewImage":{"gone":{"NULL":[true]}}}}`, true},
		"or, second":              {`{"$or":[{"eventName":["MODIFY"]},{"size":[12]}]}`, true},
		"or, none":                {`{"$or":[{"eventName":["MODIFY"]},{"size":[13]}]}`, false},
		"or and another key":      {`{"eventName":["INSERT"],"$or":[{"size":[1]},{"size":[12]}]}`, true},
	}
	var event any
	if err := json.Unmarshal([]byte(record), &event); err != nil {
		t.Fatal(err)
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			pattern, err := Compile(json.RawMessage(c.pattern))
			if err != nil {
				t.Fatal(err)
			}
			if got := pattern.Match(event); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestFilterFaults(t *testing.T) {
	cases := map[string]struct{ pattern, want string }{
		"no JSON":          {`{`, "filter pattern"},
		"a list":           {`[1]`, "must be an object"},
		"a bare value":     {`{"a":"b"}`, "$.a must be a list or an object"},
		"empty list":       {`{"a":[]}`, "$.a is empty"},
		"empty object":     {`{"a":{}}`, "$.a is empty"},
		"unknown operator": {`{"a":[{"wildcard":"x*"}]}`, "does not know map[wildcard:x*]"},
		"wrong argument":   {`{"a":[{"prefix":1}]}`, "prefix does not take 1"},
		"half a range":     {`{"a":[{"numeric":[">"]}]}`, "numeric does not take"},
		"or of values":     {`{"$or":[1]}`, "takes a list of objects"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := Compile(json.RawMessage(c.pattern)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
