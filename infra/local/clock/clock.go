// Package clock is the time of the stack on one machine: the machine's own,
// moved by an offset that may change while the stack runs.
//
// It must not decide what a move means to others: they are notified and read it
// again. Deadlines of functions are counted in the machine's time, never in
// this; what a service waits before it tries again is counted in this.
package clock

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Clock is a time that can be moved. It is safe for many at once.
type Clock struct {
	mu     sync.Mutex
	offset time.Duration
	moved  chan struct{}
	ahead  []leap
}

// leap is a move forward.
type leap struct {
	at time.Time // of the machine's time
	by time.Duration
}

// New gives a clock that goes before the machine's by offset, or behind it.
func New(offset time.Duration) *Clock {
	return &Clock{offset: offset, moved: make(chan struct{})}
}

// Now is the moved time.
func (c *Clock) Now() time.Time { return c.At(time.Now()) }

// At is a moment of the machine's time as this clock shows it.
func (c *Clock) At(t time.Time) time.Time { return t.Add(c.Offset()) }

// Offset is how far it goes before the machine's time; negative is behind it.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Set moves it to another offset, and wakes all who wait on Moved.
func (c *Clock) Set(offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if by := offset - c.offset; by > 0 {
		c.ahead = append(c.ahead, leap{time.Now(), by})
	}
	c.offset = offset
	close(c.moved)
	c.moved = make(chan struct{})
}

// Moved is closed at the next move. Who takes it before Now misses none.
func (c *Clock) Moved() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// Since is how much time has passed since a moment of the machine's time: the
// machine's, and every move forward since then. A move back takes none of it
// away.
func (c *Clock) Since(t time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	passed := time.Since(t)
	for _, leap := range c.ahead {
		if leap.at.After(t) {
			passed += leap.by
		}
	}
	return passed
}

// Sleep waits until d has passed since a moment of the machine's time (see
// Since), or returns ctx's error. A move forward over its end wakes it at once.
func (c *Clock) Sleep(ctx context.Context, since time.Time, d time.Duration) error {
	for {
		moved := c.Moved() // before Since: no move is missed
		left := d - c.Since(since)
		if left <= 0 {
			return ctx.Err()
		}
		select {
		case <-time.After(left):
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// farthest is how far a clock may be moved: a duration holds 292 years.
const farthest = 36500 * 24 * time.Hour

var days = regexp.MustCompile(`^([+-]?)(?:(\d+)d)?(.*)$`)

// Parse reads how far a time is moved: "+400d", "-3h", "1d12h"; empty is not
// at all.
func Parse(text string) (time.Duration, error) {
	parts := days.FindStringSubmatch(text)
	offset := time.Duration(0)
	if parts[2] != "" {
		n, err := strconv.Atoi(parts[2])
		if err != nil || n > int(farthest/(24*time.Hour)) {
			return 0, fmt.Errorf("%s is too far", text)
		}
		offset = time.Duration(n) * 24 * time.Hour
	}
	if parts[3] != "" {
		rest, err := time.ParseDuration(parts[3])
		if err != nil || rest < 0 {
			return 0, fmt.Errorf("%q must be like +400d, -3h or 1d12h", text)
		}
		offset += rest
	}
	if parts[1] == "-" {
		offset = -offset
	}
	return offset, nil
}

// Target is the offset that a clock has after "+31d" or "-3h" is added to the
// one that it has; "0" and "now" are the machine's time again.
func Target(offset time.Duration, text string) (time.Duration, error) {
	if text == "0" || text == "now" {
		return 0, nil
	}
	by, err := Parse(text)
	if err != nil {
		return 0, err
	}
	if offset += by; offset.Abs() > farthest {
		return 0, fmt.Errorf("%s is too far from the machine's time", text)
	}
	return offset, nil
}
