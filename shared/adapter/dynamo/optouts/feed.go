package optouts

import (
	"context"
	"encoding/json"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
)

var _ feed.Store = (*Store)(nil)

// FeedRef is that of the rows that say how far systems were told, which is no
// person's.
const FeedRef = "#feed"

func cursorKey(system string) dynamo.Item {
	return dynamo.Item{"ref": dynamo.Str(FeedRef), "scope": dynamo.Str("#" + system)}
}

// Changes implements feed.Source, with a Query of each key of the index Changes.
func (t *Store) Changes(ctx context.Context, after feed.Position, until time.Time, most int) (found []optout.Record, more bool, err error) {
	if until.Before(after.At) {
		return nil, false, nil
	}
	span := dynamo.Span{Kind: optout.Fed, From: after.At, Until: until, Page: max(8, most/16)}
	return feed.Take(records(t.Table.Changes().Between(ctx, span), "read the feed of changes"), after, most)
}

// Cursors implements feed.Store.
func (t *Store) Cursors(ctx context.Context) ([]feed.Cursor, error) {
	var all []feed.Cursor
	for i, err := range t.Table.Rows(ctx, dynamo.Query{Key: "ref", Is: FeedRef}) {
		if err != nil {
			return nil, dynamo.Fault(err, "read how far systems were told")
		}
		var c feed.Cursor
		if err := i.JSON("cursor", &c); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// SaveCursor implements feed.Store.
func (t *Store) SaveCursor(ctx context.Context, c feed.Cursor) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write how far a system was told")
	}
	var p patch.Patch
	p.Set("cursor", string(text))
	p.Set("version", c.Version)
	if c.Version == 1 {
		p.If(patch.Absent("version"))
	} else {
		p.If(patch.Is("version", c.Version-1))
	}
	return dynamo.Fault(t.Table.Update(ctx, cursorKey(c.System), p), "keep how far a system was told")
}

// EndCursor implements feed.Store.
func (t *Store) EndCursor(ctx context.Context, system string) error {
	return dynamo.Fault(t.Table.Delete(ctx, cursorKey(system)), "forget how far a system was told")
}
