package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

// Rows of the sweep. No request's reference begins with "#".
const (
	disposalID = "#disposal" // the run under way
	namesID    = "#names"    // of what it has disposed of, until they are certified
	runRow     = "run"
)

func namesRow(run string, c disposal.Class, n int) string {
	return fmt.Sprintf("%s#%s#%06d", run, c, n)
}

// Run implements disposal.Runs.
func (t *Disposals) Run(ctx context.Context) (r disposal.Run, err error) {
	const doing = "read how far the sweep has come"
	out, err := t.Requests.DB.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.Requests.Table, Key: requestKey(disposalID, runRow), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return r, asFault(err, doing)
	}
	text := item(out.Item).str("run")
	if text == "" {
		return r, fault.New(fault.NotFound, "no run is under way")
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fault.Wrap(fault.Internal, err, doing)
	}
	return r, nil
}

// runPut writes the run over the version before, which no other run can have.
func (t *Disposals) runPut(r disposal.Run) (*types.Put, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write how far the sweep has come")
	}
	row := requestKey(disposalID, runRow)
	row["run"], row["run_id"], row["version"] = str(string(text)), str(r.ID), num(r.Version)
	p := &types.Put{TableName: &t.Requests.Table, Item: row, ConditionExpression: aws.String("attribute_not_exists(id)")}
	if r.Version > 1 {
		p.ConditionExpression = aws.String("run_id = :run AND version = :before")
		p.ExpressionAttributeValues = item{":run": str(r.ID), ":before": num(r.Version - 1)}
	}
	return p, nil
}

// SaveRun implements disposal.Runs.
func (t *Disposals) SaveRun(ctx context.Context, r disposal.Run) error {
	p, err := t.runPut(r)
	if err != nil {
		return err
	}
	// A transaction, for what a repeat of a lost answer finds is its own work.
	return asFault(t.Requests.transact(ctx, []types.TransactWriteItem{{Put: p}}), "write how far the sweep has come")
}

// EndRun implements disposal.Runs. Names that no certificate covers stay.
func (t *Disposals) EndRun(ctx context.Context, r disposal.Run) error {
	for _, p := range r.Classes {
		if err := t.forgetNames(ctx, r.ID, p); err != nil {
			return err
		}
	}
	_, err := t.Requests.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &t.Requests.Table, Key: requestKey(disposalID, runRow), ConditionExpression: aws.String("run_id = :run AND version = :version"),
		ExpressionAttributeValues: item{":run": str(r.ID), ":version": num(r.Version)},
	})
	return asFault(err, "end a run of the sweep")
}

func (t *Disposals) forgetNames(ctx context.Context, run string, p disposal.Progress) error {
	var deletes []types.WriteRequest
	for n := range p.Proven {
		deletes = append(deletes, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: requestKey(namesID, namesRow(run, p.Class, n+1))}})
	}
	return asFault(t.Requests.batchWrite(ctx, deletes), "forget the names of what was disposed of")
}

// Names implements disposal.Register.
func (t *Disposals) Names(ctx context.Context, run string, c disposal.Class, from, to int) ([]string, error) {
	var names []string
	if from >= to {
		return names, nil
	}
	for i, err := range rows(ctx, t.Requests.DB, &dynamodb.QueryInput{
		TableName: &t.Requests.Table, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:   aws.String("id = :id AND #row BETWEEN :from AND :to"),
		ExpressionAttributeNames: map[string]string{"#row": "row"},
		ExpressionAttributeValues: item{
			":id": str(namesID), ":from": str(namesRow(run, c, from+1)), ":to": str(namesRow(run, c, to)),
		},
	}) {
		if err != nil {
			return nil, asFault(err, "read the names of what was disposed of")
		}
		names = append(names, strings.Split(i.str("names"), "\n")...)
	}
	return names, nil
}

// Dispose implements disposal.Shelf. Run, names and holds are the first
// three of the transaction.
func (t *Disposals) Dispose(ctx context.Context, b disposal.Batch) error {
	run, err := t.runPut(b.Run)
	if err != nil {
		return err
	}
	names := requestKey(namesID, namesRow(b.Run.ID, b.Class, b.Part))
	names["names"] = str(strings.Join(b.IDs(), "\n"))
	writes := []types.TransactWriteItem{
		{Put: run},
		{Put: &types.Put{TableName: &t.Requests.Table, Item: names, ConditionExpression: aws.String("attribute_not_exists(id)")}},
		t.holdsUnmoved(b.Holds),
	}
	var owner []int // of each write, the work
	for n, w := range b.Works {
		for _, write := range w.(disposalWork).writes {
			writes, owner = append(writes, write), append(owner, n)
		}
	}
	err = t.Requests.transact(ctx, writes)
	if refused := whyRefused(err, owner); refused != nil {
		return refused
	}
	return disposalFault(err, "dispose of records")
}

// disposalFault tells apart where DynamoDB finds fault with the call itself, as
// it will next time: a record of which two parts say that they are the same.
func disposalFault(err error, doing string) error {
	var api interface{ ErrorCode() string }
	if cancelled(err, "ValidationError") || errors.As(err, &api) && api.ErrorCode() == "ValidationException" {
		return fmt.Errorf("%w: %w", disposal.ErrUnwritable, err)
	}
	return asFault(err, doing)
}

// whyRefused reads the reasons of a transaction that was cancelled; nil when
// it was not, or for none that is known.
func whyRefused(err error, owner []int) error {
	c, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok || len(c.CancellationReasons) != 3+len(owner) {
		return nil
	}
	r := &disposal.Refused{Works: map[int]disposal.Fate{}}
	for n, reason := range c.CancellationReasons {
		switch code := aws.ToString(reason.Code); {
		case code != "ConditionalCheckFailed" && (code != "TransactionConflict" || n < 3):
		case n < 2:
			r.Lost = true
		case n == 2:
			r.Holds = true
		default:
			r.Works[owner[n-3]] = found(reason)
		}
	}
	if !r.Lost && !r.Holds && len(r.Works) == 0 {
		return nil
	}
	return r
}

// found says what a record has become that is not what it was.
func found(reason types.CancellationReason) disposal.Fate {
	switch row := item(reason.Item); {
	case aws.ToString(reason.Code) == "TransactionConflict":
		return disposal.Moved
	case len(row) == 0:
		return disposal.Gone
	case row.str("pending") != "":
		return disposal.Waiting
	}
	return disposal.Moved
}

// Lighten implements disposal.Shelf.
func (t *Disposals) Lighten(ctx context.Context, w disposal.Work, most, holds int) (disposal.Work, error) {
	work := w.(disposalWork)
	turns := t.Requests.turns(work.item.ID, work.item.Version, work.writes, most)
	last := len(turns) - 1
	for _, turn := range turns[:last] {
		err := t.Requests.transact(ctx, append([]types.TransactWriteItem{t.holdsUnmoved(holds)}, turn...))
		if c, ok := errors.AsType[*types.TransactionCanceledException](err); ok && cancelled(err, "ConditionalCheckFailed") {
			moved := aws.ToString(c.CancellationReasons[0].Code) == "ConditionalCheckFailed"
			return nil, &disposal.Refused{Holds: moved, Works: map[int]disposal.Fate{0: disposal.Moved}}
		}
		if err != nil {
			return nil, disposalFault(err, "dispose of a part of a request")
		}
	}
	work.writes = turns[last]
	return work, nil
}
