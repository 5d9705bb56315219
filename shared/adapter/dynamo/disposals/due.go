// Package disposals finds what is due for disposal in both tables, disposes of
// it together with its certificate, and stores the legal holds. It must not
// decide what goes. Its rows are on the page of dynamo.
package disposals

import (
	"context"
	"iter"
	"strings"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
)

// Store finds what is due in both tables and disposes of it; see package
// dynamo. Its own rows stand in the table of requests.
type Store struct {
	Requests *requests.Store
	OptOuts  *optouts.Store
}

var (
	_ disposal.Store     = (*Store)(nil)
	_ disposal.HoldStore = (*Store)(nil)
)

// ofOptOuts reports whether a class is of the table of opt-outs.
func ofOptOuts(c schedule.Class) bool {
	return c == schedule.OptOutEvidence || c == schedule.SoftBounces
}

// index is the one that has the records of a class.
func (t *Store) index(c schedule.Class) dynamo.Index {
	if ofOptOuts(c) {
		return t.OptOuts.Table.Disposal()
	}
	return t.Requests.Table.Disposal()
}

// begun is the end of the span of the records whose period began before a time.
func begun(before time.Time) time.Time { return before.Add(-time.Millisecond) }

// Due implements disposal.Store.
func (t *Store) Due(ctx context.Context, c schedule.Class, before time.Time) iter.Seq2[disposal.Item, error] {
	return func(yield func(disposal.Item, error) bool) {
		if before.IsZero() {
			return // a period that never ends
		}
		for row, err := range t.index(c).Rows(ctx, string(c), begun(before)) {
			if err != nil {
				yield(disposal.Item{}, dynamo.Fault(err, "find what is due for disposal"))
				return
			}
			if !yield(dueItem(c, row), nil) {
				return
			}
		}
	}
}

// dueItem is a row of a table, or of its index, as an item of a class.
func dueItem(c schedule.Class, i dynamo.Item) disposal.Item {
	due := disposal.Item{
		Class: c, Ref: person.Ref(i.Str("ref")), Version: int(i.Num("version")), Pending: i.Str("pending") != "", Start: i.Time("disposal_at"), ID: i.Str("id"),
	}
	if due.ID == "" {
		due.ID = optOutName(i)
	}
	return due
}

// optOutName is the name by which certificates know a row of the table of
// opt-outs; optOutNamed is the key of a name.
func optOutName(i dynamo.Item) string { return i.Str("ref") + "/" + i.Str("scope") }

func optOutNamed(id string) optout.Key {
	ref, scope, _ := strings.Cut(id, "/")
	return optout.Key{Ref: person.Ref(ref), Scope: optout.Scope(scope)}
}

// Oldest implements disposal.Store.
func (t *Store) Oldest(ctx context.Context, c schedule.Class) (time.Time, bool, error) {
	row, err := t.index(c).First(ctx, dynamo.Span{Kind: string(c)})
	return row.Time("disposal_at"), row != nil, dynamo.Fault(err, "find the oldest record of a class")
}

// CountDue implements disposal.Store.
func (t *Store) CountDue(ctx context.Context, c schedule.Class, before time.Time) (int, error) {
	if before.IsZero() {
		return 0, nil
	}
	count, err := t.index(c).Count(ctx, dynamo.Span{Kind: string(c), Until: begun(before)})
	return count, dynamo.Fault(err, "count what is due for disposal")
}
