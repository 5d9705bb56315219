package dynamo

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

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
