package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Late counts the records that SES was to be told of at the time before or
// earlier and has not been, those that are on their way in a bulk job too, and
// says since when the oldest of all has waited (zero: none does).
func (t *OptOuts) Late(ctx context.Context, before, now time.Time) (count int, oldest time.Time, err error) {
	jobs, err := t.Jobs(ctx)
	if err != nil {
		return 0, time.Time{}, err
	}
	kinds := []string{pendingSES}
	for _, j := range jobs {
		kinds = append(kinds, pendJob+j.ID)
	}
	for _, kind := range kinds {
		first, err := t.first(ctx, kind, now)
		if err != nil {
			return 0, time.Time{}, err
		}
		if first.IsZero() {
			continue
		}
		if oldest.IsZero() || first.Before(oldest) {
			oldest = first
		}
		if first.After(before) {
			continue
		}
		n, err := t.countDue(ctx, kind, before)
		if err != nil {
			return 0, time.Time{}, err
		}
		count += n
	}
	return count, oldest, nil
}

// first is since when the oldest record of a kind of work has waited; zero when
// there is none.
func (t *OptOuts) first(ctx context.Context, kind string, now time.Time) (time.Time, error) {
	in := t.due(kind, now)
	in.Limit = aws.Int32(1)
	out, err := t.DB.Query(ctx, in)
	if err != nil || len(out.Items) == 0 {
		return time.Time{}, asFault(err, "find the oldest record that SES must be told of")
	}
	return item(out.Items[0]).time("pending_at"), nil
}

func (t *OptOuts) countDue(ctx context.Context, kind string, by time.Time) (int, error) {
	in := t.due(kind, by)
	in.Select = types.SelectCount
	for count := 0; ; {
		out, err := t.DB.Query(ctx, in)
		if err != nil {
			return 0, asFault(err, "count what SES must be told")
		}
		count += int(out.Count)
		if len(out.LastEvaluatedKey) == 0 {
			return count, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
