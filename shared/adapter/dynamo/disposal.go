package dynamo

import (
	"context"
	"io"
	"strings"
	"sync"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Disposals finds what is due in both tables and disposes of it; see the
// package comment. Its own rows stand in the table of requests.
type Disposals struct {
	Requests *Requests
	OptOuts  *OptOuts
	Random   io.Reader // salts of the history

	mu   sync.Mutex
	last page
}

var (
	_ disposal.Store     = (*Disposals)(nil)
	_ disposal.HoldStore = (*Disposals)(nil)
)

const disposalIndex = "Disposal"

// ofOptOuts reports whether a class is of the table of opt-outs.
func ofOptOuts(c disposal.Class) bool {
	return c == disposal.OptOutEvidence || c == disposal.SoftBounces
}

// shelf is the index that has the records of a class.
func (t *Disposals) shelf(c disposal.Class) index {
	x := index{db: t.Requests.DB, table: t.Requests.Table, name: disposalIndex, kind: "disposal", at: "disposal_at"}
	if ofOptOuts(c) {
		x.table = t.OptOuts.Table
	}
	return x
}

// begun is the span of the records whose period began before a time.
func begun(c disposal.Class, before time.Time) span {
	return span{kind: string(c), until: text(before.Add(-time.Millisecond))}
}

// page is where the last page of Due ended, and what was read of the index and
// not given yet: the next page begins there, and nothing is read twice.
type page struct {
	class  disposal.Class
	before time.Time
	place  string
	rest   *reading
}

// Due implements disposal.Shelf.
func (t *Disposals) Due(ctx context.Context, c disposal.Class, before time.Time, place string, most int) (items []disposal.Item, more bool, err error) {
	if before.IsZero() {
		return nil, false, nil // a period that never ends
	}
	p := t.open(page{class: c, before: before, place: place}, most)
	for {
		next, err := p.rest.next(ctx)
		if err != nil {
			return nil, false, asFault(err, "find what is due for disposal")
		}
		if next == nil {
			return items, false, nil
		}
		if len(items) == most {
			p.place = items[most-1].Place
			t.keep(p)
			return items, true, nil
		}
		items = append(items, dueItem(c, next.take()))
	}
}

// open goes on with the page before, or begins anew at a place.
func (t *Disposals) open(p page, most int) page {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := t.last
	t.last = page{}
	if p.rest = last.rest; p == last {
		return last
	}
	s := begun(p.class, p.before)
	s.after, s.page = readPlace(p.class, p.place), int32(most/4+2)
	p.rest = t.shelf(p.class).read(s)
	return p
}

func (t *Disposals) keep(p page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = p
}

func dueItem(c disposal.Class, i item) disposal.Item {
	due := disposal.Item{
		Class: c, Ref: person.Ref(i.str("ref")), Version: int(i.num("version")), Pending: i.str("pending") != "",
		Start: i.time("disposal_at"),
	}
	if ofOptOuts(c) {
		due.ID = i.str("ref") + "/" + i.str("scope")
	} else {
		due.ID = i.str("id")
	}
	due.Place = i.str("disposal_at") + " " + due.ID
	return due
}

// readPlace is the place of an item in its index.
func readPlace(c disposal.Class, text string) place {
	at, id, ok := strings.Cut(text, " ")
	if !ok {
		return place{}
	}
	key := requestKey(id, requestRowName)
	if ofOptOuts(c) {
		key = optOutKey(named(id))
	}
	key["disposal"], key["disposal_at"] = str(string(c)), str(at)
	return place{at, shardOf(key), spreadRow(key)}
}

// named is the key of the opt-out that certificates know by that name.
func named(id string) optout.Key {
	ref, scope, _ := strings.Cut(id, "/")
	return optout.Key{Ref: person.Ref(ref), Scope: optout.Scope(scope)}
}

// Oldest implements disposal.Shelf.
func (t *Disposals) Oldest(ctx context.Context, c disposal.Class) (time.Time, bool, error) {
	at, err := t.shelf(c).first(ctx, span{kind: string(c)})
	return instant(at).time(), at != "", asFault(err, "find the oldest record of a class")
}

// CountDue implements disposal.Shelf.
func (t *Disposals) CountDue(ctx context.Context, c disposal.Class, before time.Time) (int, error) {
	if before.IsZero() {
		return 0, nil
	}
	count, err := t.shelf(c).count(ctx, begun(c, before))
	return count, asFault(err, "count what is due for disposal")
}
