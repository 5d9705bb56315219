package dynamo

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
)

// disposalWork is one record with what must be written for it; the write of
// its own row, which has the conditions, is the last.
type disposalWork struct {
	item   disposal.Item
	fate   disposal.Fate
	writes []types.TransactWriteItem
}

func (w disposalWork) Item() disposal.Item { return w.item }
func (w disposalWork) Fate() disposal.Fate { return w.fate }
func (w disposalWork) Writes() int         { return len(w.writes) }

// filesAtOnce is how many requests are read at the same time.
const filesAtOnce = 8

// Prepare implements disposal.Shelf. Opt-outs are read a hundred a call, of
// requests the whole file is.
func (t *Disposals) Prepare(ctx context.Context, c disposal.Class, a disposal.Action, items []disposal.Item, at time.Time) ([]disposal.Ready, error) {
	if ofOptOuts(c) {
		return t.prepareOptOuts(ctx, items, at)
	}
	ready := make([]disposal.Ready, len(items))
	var (
		wait  sync.WaitGroup
		slots = make(chan struct{}, filesAtOnce)
	)
	for n, i := range items {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			ready[n] = t.requestWork(ctx, i, a, request.EventReduced, at)
		})
	}
	wait.Wait()
	return ready, unread(ready)
}

// unread is the error of a table that does not answer: it is of no record.
func unread(ready []disposal.Ready) error {
	for _, r := range ready {
		if fault.CodeOf(r.Err) == fault.Unavailable {
			return r.Err
		}
	}
	return nil
}

// prepareOptOuts makes those ready that are still what the index has shown.
func (t *Disposals) prepareOptOuts(ctx context.Context, items []disposal.Item, at time.Time) ([]disposal.Ready, error) {
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
	ready := make([]disposal.Ready, len(items))
	for n, i := range items {
		switch row := rows[i.ID]; {
		case i.Start.IsZero():
			ready[n] = unreadable(i)
		case row == nil:
			ready[n] = disposal.Ready{Fate: disposal.Gone}
		case int(row.num("version")) != i.Version || gather(row.str("disposal")) != string(i.Class):
			ready[n] = disposal.Ready{Fate: disposal.Moved}
		default:
			ready[n] = t.optOutReady(i, row, at, false)
		}
	}
	return ready, nil
}

// optOutReady makes an opt-out ready as its row is now, unless that has no
// version: then no condition can be told of it.
func (t *Disposals) optOutReady(i disposal.Item, row item, at time.Time, erased bool) disposal.Ready {
	switch {
	case i.Version < 1:
		return unreadable(i)
	case row.str("pending") != "":
		return disposal.Ready{Fate: disposal.Waiting}
	}
	return disposal.Ready{Work: t.optOutWork(i, row, at, erased)}
}

func unreadable(i disposal.Item) disposal.Ready {
	return disposal.Ready{Fate: disposal.Failed, Err: fault.New(fault.Internal, "a record of %s has no version or no date", i.Class)}
}

// optOutWork deletes the memory of soft bounces, and makes a tombstone of any
// other record.
func (t *Disposals) optOutWork(i disposal.Item, row item, at time.Time, erased bool) disposalWork {
	if i.Class == disposal.SoftBounces {
		return told(i, disposal.Disposed, t.OptOuts.removal(named(i.ID), i.Version, optout.ClassSoftBounces))
	}
	return told(i, disposal.Reduced, t.OptOuts.tombstone(row, at, erased))
}

// told is a work whose last write says what it found when it is refused.
func told(i disposal.Item, f disposal.Fate, writes ...types.TransactWriteItem) disposalWork {
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
func (t *Disposals) requestWork(ctx context.Context, i disposal.Item, a disposal.Action, event request.Event, at time.Time) disposal.Ready {
	f, err := t.Requests.File(ctx, i.ID)
	if fault.CodeOf(err) == fault.NotFound {
		return disposal.Ready{Fate: disposal.Gone}
	}
	if err != nil {
		return disposal.Ready{Fate: disposal.Failed, Err: fault.Wrap(fault.CodeOf(err), err, "request "+i.ID)}
	}
	if class, start := f.Request.Disposal(); class != string(i.Class) || !start.Equal(i.Start) {
		if f.Request.Version == i.Version { // the index does not lag: the row contradicts itself
			return disposal.Ready{Fate: disposal.Failed, Err: fault.New(fault.Internal, "request %s is not of the class that its row names", i.ID)}
		}
		return disposal.Ready{Fate: disposal.Moved}
	}
	if f.Request.Version < 1 {
		return disposal.Ready{Fate: disposal.Failed, Err: fault.New(fault.Internal, "request %s has no version", i.ID)}
	}
	i.Version = f.Request.Version // a note moves it on, and no period
	return t.fileWork(f, i, a, event, at)
}

func (t *Disposals) fileWork(f request.File, i disposal.Item, a disposal.Action, event request.Event, at time.Time) disposal.Ready {
	if slices.ContainsFunc(f.Notices, request.Notice.UnderWay) {
		return disposal.Ready{Fate: disposal.Waiting}
	}
	if a == disposal.Delete {
		return disposal.Ready{Work: told(i, disposal.Disposed, t.Requests.deletion(f)...)}
	}
	reduced, err := request.Reduce(f, event, at, t.Random)
	if errors.Is(err, request.ErrReduced) {
		return disposal.Ready{Fate: disposal.Gone}
	}
	var writes []types.TransactWriteItem
	if err == nil {
		writes, err = t.Requests.reduction(reduced)
	}
	if err != nil {
		return disposal.Ready{Fate: disposal.Failed, Err: fault.Wrap(fault.Internal, err, "reduce "+i.ID)}
	}
	return disposal.Ready{Work: told(i, disposal.Reduced, writes...)}
}
