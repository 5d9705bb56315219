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
		"exact":               {`{"dynamodb":{"NewImage":{"pending":{"S":["ses"]}}}}`, true},
		"another":             {`{"dynamodb":{"NewImage":{"pending":{"S":["mail"]}}}}`, false},
		"one of two":          {`{"eventName":["MODIFY","INSERT"]}`, true},
		"all keys must match": {`{"eventName":["INSERT"],"dynamodb":{"NewImage":{"pending":{"S":["mail"]}}}}`, false},
		"absent image":        {`{"dynamodb":{"OldImage":{"pending":{"S":["ses"]}}}}`, false},
		"prefix":              {`{"eventName":[{"prefix":"INS"}]}`, true},
		"no prefix":           {`{"eventName":[{"prefix":"ins"}]}`, false},
		"number":              {`{"size":[12]}`, true},
		"N as text":           {`{"dynamodb":{"NewImage":{"n":{"N":["5"]}}}}`, true},
		"an element of a set": {`{"dynamodb":{"NewImage":{"tags":{"SS":["b"]}}}}`, true},
		"null":                {`{"nothing":[null]}`, true},
		"null is not absent":  {`{"absent":[null]}`, false},
		"bool":                {`{"dynamodb":{"NewImage":{"gone":{"NULL":[true]}}}}`, true},
	}
	var event any
	if err := json.Unmarshal([]byte(record), &event); err != nil {
		t.Fatal(err)
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			match, err := compile(json.RawMessage(c.pattern))
			if err != nil {
				t.Fatal(err)
			}
			if got := match(event, true); got != c.want {
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
		"wildcard":         {`{"a":[{"wildcard":"x*"}]}`, "does not know map[wildcard:x*]"},
		"suffix":           {`{"a":[{"suffix":"x"}]}`, "does not know map[suffix:x]"},
		"ignoring case":    {`{"a":[{"equals-ignore-case":"x"}]}`, "does not know map[equals-ignore-case:x]"},
		"exists":           {`{"a":[{"exists":true}]}`, "does not know map[exists:true]"},
		"does not exist":   {`{"a":[{"exists":false}]}`, "does not know map[exists:false]"},
		"anything but":     {`{"a":[{"anything-but":"x"}]}`, "does not know map[anything-but:x]"},
		"numeric":          {`{"a":[{"numeric":[">",10]}]}`, "does not know map[numeric:[> 10]]"},
		"or":               {`{"$or":[{"a":["x"]},{"b":["x"]}]}`, "does not know $or"},
		"a list in a list": {`{"a":[["x"]]}`, "does not know [x]"},
		"two operators":    {`{"a":[{"prefix":"x","suffix":"y"}]}`, "does not know map[prefix:x suffix:y]"},
		"wrong argument":   {`{"a":[{"prefix":1}]}`, "does not know map[prefix:1]"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := compile(json.RawMessage(c.pattern)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
