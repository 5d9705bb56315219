package faults

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
)

// Service is whom a call is made to.
type Service string

// The services behind a Proxy.
const (
	DynamoDB Service = "dynamodb"
	SES      Service = "ses"
	Objects  Service = "s3"
)

// Row is the key of a table row, as the calls name it.
type Row struct{ Ref, Scope string }

// Call is one request, read to its end.
type Call struct {
	N         int64 // since the count was last begun anew
	Service   Service
	Operation string // "UpdateItem"; "PUT suppression"
	Rows      []Row  // that a call to DynamoDB names, sorted
	Body      []byte
	Request   *http.Request
}

// Writes reports whether a call to DynamoDB may change rows.
func (c *Call) Writes() bool {
	return slices.Contains([]string{"UpdateItem", "PutItem", "DeleteItem", "TransactWriteItems"}, c.Operation)
}

// read takes a request apart and leaves it whole.
func read(r *http.Request) (*Call, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	c := &Call{Body: body, Request: r}
	switch target := r.Header.Get("X-Amz-Target"); {
	case strings.HasPrefix(target, "DynamoDB_"):
		c.Service = DynamoDB
		_, c.Operation, _ = strings.Cut(target, ".")
		c.Rows = rows(body)
	case strings.HasPrefix(r.URL.Path, "/s3/"):
		c.Service, c.Operation = Objects, r.Method+" object"
	case strings.HasPrefix(r.URL.Path, "/v2/"):
		c.Service = SES
		what, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v2/email/"), "/")
		c.Operation = r.Method + " " + what
	default: // a GET that opens the connection
		c.Service, c.Operation = DynamoDB, r.Method
	}
	c.rewind()
	return c, nil
}

func (c *Call) rewind() { c.Request.Body = io.NopCloser(bytes.NewReader(c.Body)) }

type key struct {
	Ref   struct{ S string } `json:"ref"`
	Scope struct{ S string } `json:"scope"`
}

// rows finds the keys in all kinds of calls, wherever they stand.
func rows(body []byte) []Row {
	type write struct{ Key, Item key }
	var in struct {
		write
		TransactItems []struct{ Update, Put, Delete, ConditionCheck write }
		RequestItems  map[string]struct{ Keys []key }
	}
	_ = json.Unmarshal(body, &in) // what is no such call names no row
	all := []key{in.Key, in.Item}
	for _, t := range in.TransactItems {
		for _, w := range []write{t.Update, t.Put, t.Delete, t.ConditionCheck} {
			all = append(all, w.Key, w.Item)
		}
	}
	for _, r := range in.RequestItems {
		all = append(all, r.Keys...)
	}
	var found []Row
	for _, k := range all {
		if k.Ref.S != "" {
			found = append(found, Row{k.Ref.S, k.Scope.S})
		}
	}
	slices.SortFunc(found, func(a, b Row) int { return strings.Compare(a.Ref+" "+a.Scope, b.Ref+" "+b.Scope) })
	return found
}
