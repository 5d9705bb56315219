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

// read is a row of the index.
func (x watchIndex) read(i dynamo.Item) (request.Summary, error) {
	s, err := readSummary(i)
	s.Watched = i.Time(x.at)
	return s, err
}

// Watched implements agenda.Agenda. The index lags behind a little.
func (t *Store) Watched(ctx context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	const doing = "find what is due"
	index := indexOf(w)
	return func(yield func(request.Summary, error) bool) {
		for i, err := range t.Table.Rows(ctx, dynamo.Query{Index: index.name, Key: index.watch, Is: string(w), Sort: index.at, To: string(dynamo.At(by))}) {
			s, readErr := index.read(i)
			if err = errors.Join(err, readErr); err != nil {
				yield(request.Summary{}, dynamo.Fault(err, doing))
				return
			}
			if !yield(s, nil) {
				return
			}
		}
	}
}
