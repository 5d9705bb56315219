package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// watchIndex is the index of a watch, with its keys.
type watchIndex struct{ name, watch, at string }

func indexOf(w request.Watch) watchIndex {
	if w == request.WatchLook {
		return watchIndex{"Look", "look", "look_at"}
	}
	return watchIndex{"Due", "watch", "due_at"}
}

// Watched implements request.Agenda. The index lags behind a little.
func (t *Requests) Watched(ctx context.Context, w request.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	const doing = "find what is due"
	index := indexOf(w)
	return func(yield func(request.Summary, error) bool) {
		for i, err := range rows(ctx, t.DB, &dynamodb.QueryInput{
			TableName: &t.Table, IndexName: aws.String(index.name),
			KeyConditionExpression:    aws.String("#watch = :watch AND #due <= :by"),
			ExpressionAttributeNames:  map[string]string{"#watch": index.watch, "#due": index.at},
			ExpressionAttributeValues: item{":watch": str(string(w)), ":by": stamp(by)},
		}) {
			r, readErr := readRequest(i)
			if err = errors.Join(err, readErr); err != nil {
				yield(request.Summary{}, asFault(err, doing))
				return
			}
			s := summary(r)
			s.Watched = i.time(index.at)
			if !yield(s, nil) {
				return
			}
		}
	}
}

// The row that says how far the digest has come. Its id is no request's.
func digestKey() item { return requestKey("#clock", "#digest") }

// Digesting implements request.DigestStore.
func (t *Requests) Digesting(ctx context.Context) (request.Digesting, error) {
	const doing = "find the last digest"
	var d request.Digesting
	out, err := t.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.Table, Key: digestKey(), ConsistentRead: aws.Bool(true)})
	if err != nil || len(out.Item) == 0 {
		return d, asFault(err, doing)
	}
	if err := json.Unmarshal([]byte(item(out.Item).str("digest")), &d); err != nil {
		return d, fault.Wrap(fault.Internal, err, doing)
	}
	return d, nil
}

// SaveDigesting implements request.DigestStore.
func (t *Requests) SaveDigesting(ctx context.Context, d request.Digesting) error {
	text, err := json.Marshal(d)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a digest")
	}
	row := digestKey()
	row["version"], row["digest"] = num(d.Version), str(string(text))
	put := t.put(row, d.Version-1).Put
	_, err = t.DB.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: put.TableName, Item: put.Item,
		ConditionExpression: put.ConditionExpression, ExpressionAttributeValues: put.ExpressionAttributeValues,
	})
	return asFault(err, "keep a digest")
}
