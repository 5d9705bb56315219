// Package optouts stores and finds opt-outs, and beside them the bulk jobs and
// the reconciliation runs that bring SES's list up to date. It must not decide
// what a choice means. Its rows are on the page of dynamo.
package optouts

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
)

// Store is the table of opt-outs; see the package comment. It is an
// optout.Store, a suppression.Queue and an optin.Store.
type Store struct {
	Table   dynamo.Table
	Periods Periods // of bulk jobs and reconciliation runs
}

var (
	_ optout.Store      = (*Store)(nil)
	_ suppression.Queue = (*Store)(nil)
	_ optin.Store       = (*Store)(nil)
)

// Key is that of a record.
func Key(k optout.Key) dynamo.Item {
	return dynamo.Item{"ref": dynamo.Str(string(k.Ref)), "scope": dynamo.Str(string(k.Scope))}
}

// ApplyAll implements optout.Store.
func (t *Store) ApplyAll(ctx context.Context, changes []optout.Change, c *optout.OptInConfirmation) error {
	var others []types.TransactWriteItem
	if c != nil {
		others = append(others, t.Table.UpdateWrite(letters.Key(optin.Letter(c)), confirmationPatch(*c)))
	}
	return dynamo.Fault(Transact(ctx, t.Table, t.Table, others, changes), "record choices")
}

// Record reads a row.
func Record(i dynamo.Item) optout.Record { return optout.FromRow(dynamo.RowOf(i)) }

// OfPerson implements optout.Store.
func (t *Store) OfPerson(ctx context.Context, ref person.Ref) ([]optout.Record, error) {
	var records []optout.Record
	for i, err := range t.Table.Rows(ctx, dynamo.Query{Key: "ref", Is: string(ref)}) {
		if err != nil {
			return nil, dynamo.Fault(err, "read a person's choices")
		}
		if r := Record(i); r.State != "" { // else a row of another kind, or of nothing any more
			records = append(records, r)
		}
	}
	return records, nil
}

// Records implements optout.Store. The reads are consistent: an opt-out
// accepted a moment ago counts.
func (t *Store) Records(ctx context.Context, keys []optout.Key) (map[optout.Key]optout.Record, error) {
	rows, err := t.Rows(ctx, keys)
	found := make(map[optout.Key]optout.Record, len(rows))
	for _, i := range rows {
		r := Record(i)
		found[r.Key] = r
	}
	return found, err
}

// Rows reads records as rows, without those that are not there.
func (t *Store) Rows(ctx context.Context, keys []optout.Key) ([]dynamo.Item, error) {
	unique := make(map[optout.Key]dynamo.Item, len(keys))
	for _, k := range keys {
		unique[k] = Key(k)
	}
	rows, err := t.Table.BatchGet(ctx, slices.Collect(maps.Values(unique)))
	return rows, dynamo.Fault(err, "read records by key")
}

// PendingErasures yields the opt-outs whose wish to be erased is no request
// yet. It scans the index Erasures, which holds nothing else.
func (t *Store) PendingErasures(ctx context.Context) iter.Seq2[optout.Record, error] {
	return records(t.Table.Scan(ctx, dynamodb.ScanInput{IndexName: aws.String("Erasures")}), "find pending erasures")
}

// records reads rows as records, up to the first error.
func records(rows iter.Seq2[dynamo.Item, error], doing string) iter.Seq2[optout.Record, error] {
	return dynamo.Read(rows, Record, doing)
}
