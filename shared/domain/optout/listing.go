package optout

import (
	"context"
	"slices"
	"time"
)

// Listing reads the whole table of opt-outs in pages. It is for handing the
// list to a system that cannot ask; whoever can, asks Check.
type Listing interface {
	// List returns the records after cursor ("" begins), and the cursor of the
	// next page, "" at the end. A page may be empty and not the last. Invalid:
	// the cursor is none that List has given.
	List(ctx context.Context, cursor string) (page []Record, next string, err error)
}

// Suppressed keeps of a page what must not be contacted through a channel at
// the time now, topics included. For e-mail that is also what bounced or
// complained.
func Suppressed(page []Record, channel Channel, now time.Time) []Record {
	channels := []Channel{channel}
	if channel == Email {
		channels = append(channels, Bounce, Complaint)
	}
	var kept []Record
	for _, r := range page {
		if slices.Contains(channels, r.Scope.Channel()) && r.Suppresses(now) {
			kept = append(kept, r)
		}
	}
	return kept
}
