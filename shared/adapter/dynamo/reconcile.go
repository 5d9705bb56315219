package dynamo

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

var (
	_ optout.Ledger = (*OptOuts)(nil)
	_ optout.Runs   = (*OptOuts)(nil)
)

// What a census reads of a row; an address is not among it.
const censusFields = "#ref, #scope, #state, #until, #pending, #pending_at, #ses"

// Census implements optout.Ledger. The scan need not be consistent: whatever
// it finds to be mended is read again.
func (t *OptOuts) Census(ctx context.Context, cursor string) ([]optout.Record, string, error) {
	in := &dynamodb.ScanInput{
		TableName: &t.Table, ProjectionExpression: aws.String(censusFields),
		ExpressionAttributeNames: map[string]string{
			"#ref": "ref", "#scope": "scope", "#state": "state", "#until": "until",
			"#pending": "pending", "#pending_at": "pending_at", "#ses": "ses",
		},
	}
	if ref, scope, ok := strings.Cut(cursor, " "); ok {
		in.ExclusiveStartKey = item{"ref": str(ref), "scope": str(scope)}
	}
	out, err := t.DB.Scan(ctx, in)
	if err != nil {
		return nil, "", asFault(err, "count the opt-outs")
	}
	page := make([]optout.Record, 0, len(out.Items))
	for _, i := range out.Items {
		if scope := item(i).str("scope"); !strings.HasPrefix(scope, "#") {
			page = append(page, record(i))
		}
	}
	next := ""
	if last := item(out.LastEvaluatedKey); len(last) > 0 {
		next = last.str("ref") + " " + last.str("scope")
	}
	return page, next, nil
}

// Rows of the walk through SES's list. Their ref is no person's.
const (
	walkRef     = "#reconcile"
	runScope    = "#run"
	walkedScope = "#walked"
	reportScope = "#report#"
)

func walkKey(scope string) item { return item{"ref": str(walkRef), "scope": str(scope)} }

func seenScope(run string, n int) string { return fmt.Sprintf("#seen#%s#%05d", run, n) }

// Run implements optout.Runs.
func (t *OptOuts) Run(ctx context.Context) (run optout.Run, err error) {
	out, err := t.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.Table, Key: walkKey(runScope), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return run, asFault(err, "read how far the walk has come")
	}
	text := item(out.Item).str("run")
	if text == "" {
		return run, fault.New(fault.NotFound, "no walk is under way")
	}
	if err := json.Unmarshal([]byte(text), &run); err != nil {
		return run, fault.Wrap(fault.Internal, err, "read how far the walk has come")
	}
	return run, nil
}

// SaveRun implements optout.Runs.
func (t *OptOuts) SaveRun(ctx context.Context, run optout.Run) error {
	return t.keepJSON(ctx, runScope, "run", run, run.Started, t.Kept.Walks)
}

func (t *OptOuts) keepJSON(ctx context.Context, scope, attr string, v any, start time.Time, kept time.Duration) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write how far the walk has come")
	}
	row := walkKey(scope)
	row[attr] = str(string(text))
	if err := row.expire(start, kept); err != nil {
		return err
	}
	_, err = t.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.Table, Item: row})
	return asFault(err, "keep how far the walk has come")
}

// SaveSeen implements optout.Runs: 25,000 marks are 200 KB, half of what a row
// may hold.
func (t *OptOuts) SaveSeen(ctx context.Context, run string, n int, marks []uint64, at time.Time) error {
	raw := make([]byte, 0, 8*len(marks))
	for _, m := range marks {
		raw = binary.BigEndian.AppendUint64(raw, m)
	}
	row := walkKey(seenScope(run, n))
	row["marks"] = &types.AttributeValueMemberB{Value: raw}
	if err := row.expire(at, t.Kept.Walks); err != nil {
		return err
	}
	_, err := t.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.Table, Item: row})
	return asFault(err, "keep what the walk has seen")
}

// Seen implements optout.Runs.
func (t *OptOuts) Seen(ctx context.Context, run string, n int) ([]uint64, error) {
	out, err := t.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.Table, Key: walkKey(seenScope(run, n)), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, asFault(err, "read what the walk has seen")
	}
	raw, ok := out.Item["marks"].(*types.AttributeValueMemberB)
	if !ok {
		return nil, fault.New(fault.Internal, "part %d of what the walk has seen is gone", n)
	}
	marks := make([]uint64, 0, len(raw.Value)/8)
	for b := raw.Value; len(b) >= 8; b = b[8:] {
		marks = append(marks, binary.BigEndian.Uint64(b))
	}
	return marks, nil
}

// Finish implements optout.Runs. The report comes first: killed before the
// end, the walk ends once more and writes the same.
func (t *OptOuts) Finish(ctx context.Context, run optout.Run) error {
	scope := reportScope + run.Started.UTC().Format(timeFormat)
	if err := t.keepJSON(ctx, scope, "report", run.Drift, run.Ended, t.Kept.Drifts); err != nil {
		return err
	}
	if run.Whole() {
		row := walkKey(walkedScope)
		row["walked_at"] = stamp(run.Ended)
		if _, err := t.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.Table, Item: row}); err != nil {
			return asFault(err, "keep when the walk ended")
		}
	}
	for n := range run.Parts {
		if err := t.forget(ctx, seenScope(run.ID, n)); err != nil {
			return err
		}
	}
	return t.forget(ctx, runScope)
}

func (t *OptOuts) forget(ctx context.Context, scope string) error {
	_, err := t.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &t.Table, Key: walkKey(scope)})
	return asFault(err, "forget a walk that has ended")
}

// Walked implements optout.Runs.
func (t *OptOuts) Walked(ctx context.Context, now time.Time) (time.Time, error) {
	out, err := t.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.Table, Key: walkKey(walkedScope), UpdateExpression: aws.String("SET #at = if_not_exists(#at, :now)"),
		ExpressionAttributeNames:  map[string]string{"#at": "walked_at"},
		ExpressionAttributeValues: item{":now": stamp(now)}, ReturnValues: types.ReturnValueAllNew,
	})
	if err != nil {
		return time.Time{}, asFault(err, "read when the last walk ended")
	}
	return item(out.Attributes).time("walked_at"), nil
}

// Drifts returns the latest reports of finished walks, newest first.
func (t *OptOuts) Drifts(ctx context.Context, most int) ([]optout.Drift, error) {
	out, err := t.DB.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.Table, Limit: aws.Int32(int32(most)), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression:    aws.String("#ref = :ref AND begins_with(#scope, :report)"),
		ExpressionAttributeNames:  map[string]string{"#ref": "ref", "#scope": "scope"},
		ExpressionAttributeValues: item{":ref": str(walkRef), ":report": str(reportScope)},
	})
	if err != nil {
		return nil, asFault(err, "read the drift reports")
	}
	drifts := make([]optout.Drift, len(out.Items))
	for i, row := range out.Items {
		if err := json.Unmarshal([]byte(item(row).str("report")), &drifts[i]); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "read a drift report")
		}
	}
	return drifts, nil
}
