package suppression

import (
	"context"
	"errors"
	"time"
)

// Pace lets one call to SES pass at a time.
type Pace interface{ Wait(context.Context) error }

// calls are made to SES at its pace, until stopAt (zero: without end).
type calls struct {
	pace   Pace
	now    func() time.Time
	sleep  func(context.Context, time.Duration)
	stopAt time.Time
}

// Back-off on "too many requests": SES sends no Retry-After, so double from
// its own documented second.
const (
	firstBackoff = time.Second
	lastBackoff  = 30 * time.Second
)

// Ends of the work of an invocation; the next one goes on.
var (
	errNotNow  = errors.New("SES does not answer now")
	errRefused = errors.New("SES refuses every call, and no time is left to wait")
)

// call makes one call, and waits longer after every "too many requests".
// errNotNow: it could not be made in time. errRefused: nor repeated.
func (c calls) call(ctx context.Context, do func() error) error {
	for wait := firstBackoff; ; wait = min(2*wait, lastBackoff) {
		if c.pace.Wait(ctx) != nil || c.over(ctx, 0) {
			return errNotNow
		}
		if err := do(); !errors.Is(err, ErrThrottled) {
			return err
		}
		if c.over(ctx, wait) {
			return errRefused
		}
		c.sleep(ctx, wait)
	}
}

// over reports whether the time is up, or will be after d.
func (c calls) over(ctx context.Context, d time.Duration) bool {
	return ctx.Err() != nil || !c.stopAt.IsZero() && !c.now().Add(d).Before(c.stopAt)
}
