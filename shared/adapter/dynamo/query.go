package dynamo

import (
	"context"
	"iter"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// rows yields the rows of a query, paging to the end. It changes in.
func rows(ctx context.Context, db *dynamodb.Client, in *dynamodb.QueryInput) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		for {
			out, err := db.Query(ctx, in)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, i := range out.Items {
				if !yield(i, nil) {
					return
				}
			}
			if len(out.LastEvaluatedKey) == 0 {
				return
			}
			in.ExclusiveStartKey = out.LastEvaluatedKey
		}
	}
}
