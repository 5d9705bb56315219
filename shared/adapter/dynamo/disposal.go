package dynamo

import (
	"context"
	"iter"
	"strings"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
)

// Disposals finds what is due in both tables and disposes of it; see the
// package comment. Its own rows stand in the table of requests.
type Disposals struct {
	Requests *Requests
	OptOuts  *OptOuts
}

var (
	_ disposal.Store     = (*Disposals)(nil)
	_ disposal.HoldStore = (*Disposals)(nil)
)

const disposalIndex = "Disposal"

// ofOptOuts reports whether a class is of the table of opt-outs.
func ofOptOuts(c schedule.Class) bool {
	return c == schedule.OptOutEvidence || c == schedule.SoftBounces
}

// index is the one that has the records of a class.
func (t *Disposals) index(c schedule.Class) index {
	x := index{db: t.Requests.DB, table: t.Requests.Table, name: disposalIndex, kind: "disposal", at: "disposal_at"}
	if ofOptOuts(c) {
		x.table = t.OptOuts.Table
	}
	return x
}

// begun is the span of the records whose period began before a time.
func begun(c schedule.Class, before time.Time) span {
	return span{kind: string(c), until: text(before.Add(-time.Millisecond)), page: dueAtOnce}
}

// dueAtOnce is how many rows of a shard are read together.
const dueAtOnce = 75

// Due implements disposal.Store.
func (t *Disposals) Due(ctx context.Context, c schedule.Class, before time.Time) iter.Seq2[disposal.Item, error] {
	return func(yield func(disposal.Item, error) bool) {
		if before.IsZero() {
			return // a period that never ends
		}
		for row, err := range t.index(c).rows(ctx, begun(c, before)) {
			if err != nil {
				yield(disposal.Item{}, asFault(err, "find what is due for disposal"))
				return
			}
			if !yield(dueItem(c, row), nil) {
				return
			}
		}
	}
}

// dueItem is a row of a table, or of its index, as an item of a class.
func dueItem(c schedule.Class, i item) disposal.Item {
	due := disposal.Item{
		Class: c, Ref: person.Ref(i.str("ref")), Version: int(i.num("version")), Pending: i.str("pending") != "", Start: i.time("disposal_at"), ID: i.str("id"),
	}
	if due.ID == "" {
		due.ID = optOutName(i)
	}
	return due
}

// optOutName is the name by which certificates know a row of the table of
// opt-outs; optOutNamed is the key of a name.
func optOutName(i item) string { return i.str("ref") + "/" + i.str("scope") }

func optOutNamed(id string) optout.Key {
	ref, scope, _ := strings.Cut(id, "/")
	return optout.Key{Ref: person.Ref(ref), Scope: optout.Scope(scope)}
}

// Oldest implements disposal.Store.
func (t *Disposals) Oldest(ctx context.Context, c schedule.Class) (time.Time, bool, error) {
	at, err := t.index(c).first(ctx, span{kind: string(c)})
	return instant(at).time(), at != "", asFault(err, "find the oldest record of a class")
}

// CountDue implements disposal.Store.
func (t *Disposals) CountDue(ctx context.Context, c schedule.Class, before time.Time) (int, error) {
	if before.IsZero() {
		return 0, nil
	}
	s := begun(c, before)
	s.page = 0
	count, err := t.index(c).count(ctx, s)
	return count, asFault(err, "count what is due for disposal")
}
