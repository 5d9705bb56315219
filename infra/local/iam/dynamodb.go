package iam

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"privacydesk/shared/testkit/template"
)

// value is an attribute's value, as far as it can be a key.
type value struct{ S, N, B string }

func (v value) text() string { return v.S + v.N + v.B }

type attributes = map[string]value

// access is what an operation, or one part of a transaction, touches.
type access struct {
	TableName, IndexName      string
	Key, Item                 attributes
	KeyConditionExpression    string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues attributes
}

// single are the operations of one table whose action has their name. Those of
// an index and of a batch have their own permission, those in a transaction
// that of the single operation ("Using IAM with DynamoDB transactions").
var single = []string{"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"}

func (r *Roles) dynamoDB(request *http.Request, body []byte) ([]Call, error) {
	switch name := operation(request); {
	case slices.Contains(single, name):
		var a access
		if err := json.Unmarshal(body, &a); err != nil {
			return nil, fmt.Errorf("the body of %s is not read: %w", name, err)
		}
		c, err := r.touch(name, a)
		return []Call{c}, err
	case name == "BatchGetItem", name == "BatchWriteItem":
		return r.batch(name, body)
	case name == "TransactWriteItems", name == "TransactGetItems":
		return r.transaction(name, body)
	}
	return nil, errUnknown(request)
}

// touch is one operation's call. Its leading key is the partition key's value
// in the table or index; a Scan has none.
func (r *Roles) touch(name string, a access) (Call, error) {
	c := Call{Action: "dynamodb:" + name, Resource: r.arn("dynamodb", "table/"+a.TableName), Context: map[string][]string{}}
	key := r.key(a.TableName, a.IndexName)
	if a.IndexName != "" {
		c.Resource += "/index/" + a.IndexName
	}
	leading, ok := a.Key[key]
	switch name {
	case "Scan":
		return c, nil
	case "PutItem":
		leading, ok = a.Item[key]
	case "Query":
		leading, ok = a.condition(key)
	}
	if !ok {
		return c, fmt.Errorf("infra/local/iam does not find the partition key in a %s of %s", name, a.TableName)
	}
	c.Context[leadingKeys] = []string{leading.text()}
	return c, nil
}

// key is the name of the partition key.
func (r *Roles) key(table, index string) string {
	at := slices.IndexFunc(r.tables, func(t template.Table) bool { return t.Name == table })
	if at < 0 {
		return ""
	}
	if index == "" {
		return r.tables[at].Key.Hash
	}
	for _, i := range r.tables[at].Indexes {
		if i.Name == index {
			return i.Key.Hash
		}
	}
	return ""
}

// equals finds "name = :value" in a key condition; the partition key has no
// other operator.
var equals = regexp.MustCompile(`([#\w.-]+)\s*=\s*(:\w+)`)

func (a access) condition(key string) (value, bool) {
	for _, part := range equals.FindAllStringSubmatch(a.KeyConditionExpression, -1) {
		name, placeholder := part[1], part[2]
		if alias, ok := a.ExpressionAttributeNames[name]; ok {
			name = alias
		}
		if name == key {
			found, ok := a.ExpressionAttributeValues[placeholder]
			return found, ok
		}
	}
	return value{}, false
}

// transactional maps the parts of a transaction to the actions they need.
var transactional = map[string]string{"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem",
	"ConditionCheck": "ConditionCheckItem", "Get": "GetItem"}

func (r *Roles) transaction(name string, body []byte) ([]Call, error) {
	var in struct{ TransactItems []map[string]access }
	if err := json.Unmarshal(body, &in); err != nil || len(in.TransactItems) == 0 {
		return nil, fmt.Errorf("the body of %s is not read", name)
	}
	var calls []Call
	for _, item := range in.TransactItems {
		for part, a := range item {
			c, err := r.touch(transactional[part], a)
			if err != nil || transactional[part] == "" {
				return nil, fmt.Errorf("the part %s of %s is not read: %w", part, name, err)
			}
			calls = append(calls, c)
		}
	}
	return calls, nil
}

type batchWrite struct{ PutRequest, DeleteRequest access }

// batch is one call for each table, with all leading keys in it.
func (r *Roles) batch(name string, body []byte) ([]Call, error) {
	var in struct{ RequestItems map[string]json.RawMessage }
	if err := json.Unmarshal(body, &in); err != nil || len(in.RequestItems) == 0 {
		return nil, fmt.Errorf("the body of %s is not read", name)
	}
	var calls []Call
	for table, raw := range in.RequestItems {
		c := Call{Action: "dynamodb:" + name, Resource: r.arn("dynamodb", "table/"+table), Context: map[string][]string{}}
		rows, err := rowsOf(name, raw)
		if err != nil {
			return nil, err
		}
		key := r.key(table, "")
		for _, row := range rows {
			leading, ok := row[key]
			if !ok {
				return nil, fmt.Errorf("infra/local/iam does not find the partition key in a %s of %s", name, table)
			}
			c.Context[leadingKeys] = append(c.Context[leadingKeys], leading.text())
		}
		calls = append(calls, c)
	}
	return calls, nil
}

func rowsOf(name string, raw json.RawMessage) (rows []attributes, err error) {
	if name == "BatchGetItem" {
		var in struct{ Keys []attributes }
		err = json.Unmarshal(raw, &in)
		return in.Keys, err
	}
	var in []batchWrite
	err = json.Unmarshal(raw, &in)
	for _, write := range in {
		if rows = append(rows, write.DeleteRequest.Key); write.PutRequest.Item != nil {
			rows[len(rows)-1] = write.PutRequest.Item
		}
	}
	return rows, err
}
