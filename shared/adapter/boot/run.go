package boot

import (
	"context"
	"time"
)

// Margin tells when a run has no more than so much time left before Lambda's
// deadline, so that nothing more is begun. It goes by the machine's clock,
// whatever time the desk goes by. Call stop at the end.
func Margin(ctx context.Context, margin time.Duration) (over func() bool, stop func()) {
	deadline, ok := ctx.Deadline()
	if ok {
		ctx, stop = context.WithDeadline(ctx, deadline.Add(-margin))
	} else {
		ctx, stop = context.WithCancel(ctx)
	}
	return func() bool { return ctx.Err() != nil }, stop
}

// Hint is an event that is not read: whatever has come, what is due is looked up.
type Hint struct{}

// UnmarshalJSON takes any event.
func (*Hint) UnmarshalJSON([]byte) error { return nil }
