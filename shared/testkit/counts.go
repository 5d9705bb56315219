package testkit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"privacydesk/shared/domain/quota"
)

// Counts is the table of counters in memory. It passes the same contract
// (MeterContract) as the real one.
type Counts struct {
	Now func() time.Time
	Err error // what every call fails with
	mu  sync.Mutex
	all map[string]int
}

var _ quota.Meter = (*Counts)(nil)

func (c *Counts) key(l quota.Limit, at time.Time) string {
	return fmt.Sprint(l.Name, "#", l.Ref, "#", at.Truncate(l.Per).Unix())
}

// Take implements quota.Meter.
func (c *Counts) Take(_ context.Context, limits ...quota.Limit) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.Err != nil {
		return c.Err
	}
	var used []quota.Limit
	for _, l := range limits {
		if c.all[c.key(l, c.Now())] >= l.Max {
			used = append(used, l)
		}
	}
	if len(used) > 0 {
		return quota.Exhausted(c.Now(), used...)
	}
	for _, l := range limits {
		if c.all == nil {
			c.all = map[string]int{}
		}
		c.all[c.key(l, c.Now())]++
	}
	return nil
}

// Count implements quota.Meter.
func (c *Counts) Count(_ context.Context, l quota.Limit) (int, time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all[c.key(l, c.Now())], c.Now().Truncate(l.Per), c.Err
}
