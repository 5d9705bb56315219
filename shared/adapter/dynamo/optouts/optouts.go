// Package optouts stores and finds opt-outs, and beside them the bulk jobs and
// the reconciliation runs that bring SES's list up to date. It must not decide
// what a choice means. Its rows are on the page of dynamo.
package optouts

import (
	"context"
	"iter"
	"maps"
	"privacydesk/shared/domain/suppression"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
)

// Store is the table of opt-outs; see the package comment. It is an
// optout.Store, an optout.Queue and an optout.ConfirmationStore.
type Store struct {
	Table   dynamo.Table
	Periods Periods // of bulk jobs and walks
}

var (
	_ optout.Store             = (*Store)(nil)
	_ suppression.Queue        = (*Store)(nil)
	_ optout.ConfirmationStore = (*Store)(nil)
)

func Key(k optout.Key) dynamo.Item {
	return dynamo.Item{"ref": dynamo.Str(string(k.Ref)), "scope": dynamo.Str(string(k.Scope))}
}

// Apply implements optout.Store.
func (t *Store) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	row, err := t.choose(ctx, c)
	if err != nil {
		return optout.Record{}, dynamo.Fault(err, "record a choice")
	}
	return Record(row), nil
}

// ApplyAll implements optout.Store.
func (t *Store) ApplyAll(ctx context.Context, changes []optout.Change, c *optout.OptInConfirmation) error {
	var others []types.TransactWriteItem
	if c != nil {
		others = append(others, t.Table.UpdateWrite(letters.Key(c.Letter()), confirmationPatch(*c)))
	}
	return dynamo.Fault(Transact(ctx, t.Table, t.Table, others, changes), "record choices")
}

func changeUpdate(c optout.Change) patch.Patch {
	var u patch.Patch
	at := c.Evidence.At
	u.Increment("version")
	u.Set("changed_at", at)
	if c.DatesOnly {
		return u
	}
	if !c.ErasedAt.IsZero() {
		u.Set("state", c.To)
		u.Set("first_at", at)
		u.Set("out_since", at)
		u.Set("reduced_at", at)
		u.Set("erased_at", c.ErasedAt)
		return u
	}
	u.Set("state", c.To)
	u.Set("address", c.Address.Reveal())
	u.Set("source", c.Evidence.Source)
	u.Set("campaign", c.Evidence.Campaign)
	u.Set("form", c.Evidence.Form)
	u.Set("detail", c.Evidence.Detail)
	u.Set("made_by", c.MadeBy)
	switch {
	case c.Observed != nil:
		tell(&u, c)
	case c.To == optout.Out:
		u.SetOnce("first_at", at)
		u.SetOnce("out_since", at)
	case c.To == optout.Paused:
		u.Set("until", c.Until)
		u.Clear("out_since")
	default:
		u.Clear("out_since", "until")
	}
	class, since := c.Disposal()
	u.Set("disposal", class)
	u.Set("disposal_at", since)
	u.Clear("reduced_at")
	leave(&u, c.Trace)
	if c.Name != "" {
		u.Set("name", c.Name)
	}
	if c.ErasureRequested {
		u.SetOnce("erase_wanted_at", at)
		u.Set("erase_language", c.Language)
	}
	if c.Scope.Synced() && (c.Observed == nil || !c.Observed.Quiet) {
		u.Set("pending", PendingSES)
		u.Set("pending_at", c.KnownAt())
	}
	return u
}

// tell sets the times that SES's news bring along, whatever the row has.
func tell(u *patch.Patch, c optout.Change) {
	if !c.Observed.FirstAt.IsZero() {
		u.Set("first_at", c.Observed.FirstAt)
	}
	u.Set("soft_days", strings.Join(c.Observed.SoftDays, ","))
	if c.To == optout.Out {
		u.Set("out_since", c.Evidence.At)
		return
	}
	u.Clear("out_since", "until")
}

func Record(i dynamo.Item) optout.Record {
	address, _ := person.Parse(i.Str("address"))
	return optout.Record{
		Key:                optout.Key{Ref: person.Ref(i.Str("ref")), Scope: optout.Scope(i.Str("scope"))},
		State:              optout.State(i.Str("state")),
		Version:            int(i.Num("version")),
		Address:            address,
		Name:               i.Str("name"),
		MadeBy:             i.Str("made_by"),
		FirstAt:            i.Time("first_at"),
		OutSince:           i.Time("out_since"),
		ChangedAt:          i.Time("changed_at"),
		Until:              i.Time("until"),
		ErasureRequestedAt: i.Time("erase_wanted_at"),
		ErasureLanguage:    i.Str("erase_language"),
		ReducedAt:          i.Time("reduced_at"),
		ErasedAt:           i.Time("erased_at"),
		Evidence: optout.Evidence{
			Source: optout.Source(i.Str("source")), At: i.Time("changed_at"),
			Campaign: i.Str("campaign"), Form: i.Str("form"), Detail: i.Str("detail"),
		},
		SoftDays: words(i.Str("soft_days")),
		Trace:    trace(i),
		Projection: optout.Projection{
			DueAt: i.Time("pending_at"), Status: optout.ListStatus(i.Str("ses")),
			At: i.Time("ses_at"), Reason: i.Str("ses_reason"), Job: i.Str("job"),
		},
	}
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

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
	return func(yield func(optout.Record, error) bool) {
		for i, err := range rows {
			if err != nil {
				yield(optout.Record{}, dynamo.Fault(err, doing))
				return
			}
			if !yield(Record(i), nil) {
				return
			}
		}
	}
}
