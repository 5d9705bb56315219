package requests

import (
	"context"
	"errors"
	"iter"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// watchIndex is the index of a watch, with its keys.
type watchIndex struct{ name, watch, at string }

func indexOf(w lifecycle.Watch) watchIndex {
	if w == lifecycle.WatchLook {
		return watchIndex{"Look", "look", "look_at"}
	}
	return watchIndex{"Due", "watch", "due_at"}
}

// Watched implements agenda.Agenda. The index lags behind a little.
func (t *Store) Watched(ctx context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	const doing = "find what is due"
	index := indexOf(w)
	return func(yield func(request.Summary, error) bool) {
		for i, err := range t.Table.Rows(ctx, dynamo.Query{Index: index.name, Key: index.watch, Is: string(w), Sort: index.at, To: string(dynamo.At(by))}) {
			r, readErr := readRequest(i)
			if err = errors.Join(err, readErr); err != nil {
				yield(request.Summary{}, dynamo.Fault(err, doing))
				return
			}
			s := summary(r)
			s.Watched = i.Time(index.at)
			if !yield(s, nil) {
				return
			}
		}
	}
}
