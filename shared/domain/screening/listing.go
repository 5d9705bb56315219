package screening

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/optout"
)

// Listing reads the whole table of opt-outs in pages. It is for handing the
// list to a system that cannot ask; others use Checker.
type Listing interface {
	// List returns the records after cursor ("" begins), and the cursor of the
	// next page, "" at the end. A page may be empty and not the last. Invalid:
	// the cursor is none that List has given.
	List(ctx context.Context, cursor string) (page []optout.Record, next string, err error)
}

// Suppressed keeps of a page what must not be contacted through a channel at
// the time now, topics included. For e-mail that is also what bounced or
// complained.
func Suppressed(page []optout.Record, channel optout.Channel, now time.Time) []optout.Record {
	channels := []optout.Channel{channel}
	if channel == optout.Email {
		channels = append(channels, optout.Bounce, optout.Complaint)
	}
	var kept []optout.Record
	for _, r := range page {
		if slices.Contains(channels, r.Scope.Channel()) && r.Suppresses(now) {
			kept = append(kept, r)
		}
	}
	return kept
}
