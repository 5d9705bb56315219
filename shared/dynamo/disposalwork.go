package dynamo

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
	"privacydesk/shared/retention"
	"privacydesk/shared/rights"
)

// disposalWork is one record with what must be written for it; the write of
// its own row, which has the conditions, is the last.
type disposalWork struct {
	item   retention.Item
	fate   retention.Fate
	writes []types.TransactWriteItem
}

func (w disposalWork) Item() retention.Item { return w.item }
func (w disposalWork) Fate() retention.Fate { return w.fate }
func (w disposalWork) Writes() int          { return len(w.writes) }

// filesAtOnce is how many requests are read at the same time.
const filesAtOnce = 8

// Prepare implements retention.Shelf. Opt-outs are read a hundred a call, of
// requests the whole file is.
func (t *Disposals) Prepare(ctx context.Context, c retention.Class, a retention.Action, items []retention.Item, at time.Time) ([]retention.Ready, error) {
	if ofOptOuts(c) {
		return t.prepareOptOuts(ctx, items, at)
	}
	ready := make([]retention.Ready, len(items))
	var (
		wait  sync.WaitGroup
		slots = make(chan struct{}, filesAtOnce)
	)
	for n, i := range items {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			ready[n] = t.requestWork(ctx, i, a, rights.EventReduced, at)
		})
	}
	wait.Wait()
	return ready, unread(ready)
}

// unread is the error of a table that does not answer: it is of no record.
func unread(ready []retention.Ready) error {
	for _, r := range ready {
		if fault.CodeOf(r.Err) == fault.Unavailable {
			return r.Err
		}
	}
	return nil
}

// prepareOptOuts makes those ready that are still what the index has shown.
func (t *Disposals) prepareOptOuts(ctx context.Context, items []retention.Item, at time.Time) ([]retention.Ready, error) {
	rows := map[string]item{}
	for part := range slices.Chunk(items, batchKeys) {
		keys := make([]optout.Key, len(part))
		for n, i := range part {
			keys[n] = named(i.ID)
		}
		found, err := t.OptOuts.batchGet(ctx, keys)
		if err != nil {
			return nil, asFault(err, "read what is due for disposal")
		}
		for _, row := range found {
			rows[row.str("ref")+"/"+row.str("scope")] = row
		}
	}
	ready := make([]retention.Ready, len(items))
	for n, i := range items {
		switch row := rows[i.ID]; {
		case i.Start.IsZero():
			ready[n] = unreadable(i)
		case row == nil:
			ready[n] = retention.Ready{Fate: retention.Gone}
		case int(row.num("version")) != i.Version || gather(row.str("disposal")) != string(i.Class):
			ready[n] = retention.Ready{Fate: retention.Moved}
		default:
			ready[n] = t.optOutReady(i, row, at, false)
		}
	}
	return ready, nil
}

// optOutReady makes an opt-out ready as its row is now, unless that has no
// version: then no condition can be told of it.
func (t *Disposals) optOutReady(i retention.Item, row item, at time.Time, erased bool) retention.Ready {
	switch {
	case i.Version < 1:
		return unreadable(i)
	case row.str("pending") != "":
		return retention.Ready{Fate: retention.Waiting}
	}
	return retention.Ready{Work: t.optOutWork(i, row, at, erased)}
}

func unreadable(i retention.Item) retention.Ready {
	return retention.Ready{Fate: retention.Failed, Err: fault.New(fault.Internal, "a record of %s has no version or no date", i.Class)}
}

// optOutWork deletes the memory of soft bounces, and makes a tombstone of any
// other record.
func (t *Disposals) optOutWork(i retention.Item, row item, at time.Time, erased bool) disposalWork {
	if i.Class == retention.SoftBounces {
		return told(i, retention.Disposed, t.OptOuts.removal(named(i.ID), i.Version, optout.ClassSoftBounces))
	}
	return told(i, retention.Reduced, t.OptOuts.tombstone(row, at, erased))
}

// told is a work whose last write says what it found when it is refused.
func told(i retention.Item, f retention.Fate, writes ...types.TransactWriteItem) disposalWork {
	const old = types.ReturnValuesOnConditionCheckFailureAllOld
	switch own := &writes[len(writes)-1]; {
	case own.Delete != nil:
		own.Delete.ReturnValuesOnConditionCheckFailure = old
	case own.Put != nil:
		own.Put.ReturnValuesOnConditionCheckFailure = old
	}
	return disposalWork{i, f, writes}
}

// requestWork reads a request's file and makes it ready, if it is still due as
// the index says.
func (t *Disposals) requestWork(ctx context.Context, i retention.Item, a retention.Action, event rights.Event, at time.Time) retention.Ready {
	f, err := t.Requests.File(ctx, i.ID)
	if fault.CodeOf(err) == fault.NotFound {
		return retention.Ready{Fate: retention.Gone}
	}
	if err != nil {
		return retention.Ready{Fate: retention.Failed, Err: fault.Wrap(fault.CodeOf(err), err, "request "+i.ID)}
	}
	if class, start := f.Request.Disposal(); class != string(i.Class) || !start.Equal(i.Start) {
		if f.Request.Version == i.Version { // the index does not lag: the row contradicts itself
			return retention.Ready{Fate: retention.Failed, Err: fault.New(fault.Internal, "request %s is not of the class that its row names", i.ID)}
		}
		return retention.Ready{Fate: retention.Moved}
	}
	if f.Request.Version < 1 {
		return retention.Ready{Fate: retention.Failed, Err: fault.New(fault.Internal, "request %s has no version", i.ID)}
	}
	i.Version = f.Request.Version // a note moves it on, and no period
	return t.fileWork(f, i, a, event, at)
}

func (t *Disposals) fileWork(f rights.File, i retention.Item, a retention.Action, event rights.Event, at time.Time) retention.Ready {
	if slices.ContainsFunc(f.Notices, rights.Notice.UnderWay) {
		return retention.Ready{Fate: retention.Waiting}
	}
	if a == retention.Delete {
		return retention.Ready{Work: told(i, retention.Disposed, t.Requests.deletion(f)...)}
	}
	reduced, err := rights.Reduce(f, event, at, t.Random)
	if errors.Is(err, rights.ErrReduced) {
		return retention.Ready{Fate: retention.Gone}
	}
	var writes []types.TransactWriteItem
	if err == nil {
		writes, err = t.Requests.reduction(reduced)
	}
	if err != nil {
		return retention.Ready{Fate: retention.Failed, Err: fault.Wrap(fault.Internal, err, "reduce "+i.ID)}
	}
	return retention.Ready{Work: told(i, retention.Reduced, writes...)}
}
