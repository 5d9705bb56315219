package optouts

import (
	"context"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
)

var _ feed.Source = (*Store)(nil)

// Changes implements feed.Source, with a Query of each key of the index Changes.
func (t *Store) Changes(ctx context.Context, after feed.Position, until time.Time, most int) (found []optout.Record, more bool, err error) {
	if until.Before(after.At) {
		return nil, false, nil
	}
	span := dynamo.Span{Kind: optout.Fed, From: after.At, Until: until, Page: max(8, most/16)}
	return feed.Take(records(t.Table.Changes().Between(ctx, span), "read the feed of changes"), after, most)
}
