// Package schedules runs the template's schedules on one machine: it invokes
// their functions when rate(...) or cron(...) says so.
//
// It hands each run to Lambda's queue of asynchronous invocations, as the
// services do, and waits for none: a run that takes longer than its interval
// overlaps with the next. Where time was moved over a schedule's times, or the
// stack stood still then, it runs at once, for the last of them: once, not once
// for each. Lambda's queue takes every run here, so that a schedule's own
// RetryPolicy and DeadLetterConfig, which are for what Lambda refuses, have
// nothing to do.
//
// It must not know what a scheduled function does.
package schedules

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"privacydesk/shared/testkit/template"
)

// Config is what the schedules of a stack need.
type Config struct {
	Schedules []template.Schedule
	Send      func(function string, payload []byte) // starts a run; must not wait for it
	Now       func() time.Time                      // the stack's time, which may be moved
	Moved     func() <-chan struct{}                // closed when it is; nil where it never is
	Since     time.Time                             // until then the schedules have run before, and rates count from it; zero is now
	NewID     func() string
}

// Run invokes until ctx ends. An expression that cannot be read is returned at once.
func Run(ctx context.Context, config Config) error {
	if config.Moved == nil {
		config.Moved = func() <-chan struct{} { return nil }
	}
	if config.Since.IsZero() {
		config.Since = config.Now()
	}
	expressions := make([]Expression, len(config.Schedules))
	for i, schedule := range config.Schedules {
		var err error
		if expressions[i], err = Parse(schedule.Expression, schedule.Timezone, config.Since); err != nil {
			return fmt.Errorf("the schedule %s: %w", schedule.LogicalID, err)
		}
	}
	var wait sync.WaitGroup
	for i, schedule := range config.Schedules {
		if !schedule.Disabled {
			wait.Go(func() { config.repeat(ctx, schedule, expressions[i]) })
		}
	}
	wait.Wait()
	return nil
}

// longestSleep makes long waits look at the clock again: a laptop may sleep.
const longestSleep = time.Minute

// repeat runs whatever is due, and waits for the next time, or for a move.
func (c Config) repeat(ctx context.Context, schedule template.Schedule, expression Expression) {
	for done := c.Since; ctx.Err() == nil; {
		moved := c.Moved() // before Now: no move is missed
		now := c.Now()
		if now.Before(done) {
			done = now // moved back: the times since then come again
		}
		at := expression.Next(done)
		if at.IsZero() || now.Before(at) {
			wait(ctx, moved, at.Sub(now))
			continue
		}
		done = now
		c.Send(schedule.Function, Event(schedule, latest(expression, at, now), c.NewID()))
	}
}

// wait ends with the time, a move or ctx; a time in the past means never.
func wait(ctx context.Context, moved <-chan struct{}, left time.Duration) {
	if left <= 0 {
		left = longestSleep
	}
	select {
	case <-ctx.Done():
	case <-moved:
	case <-time.After(min(left, longestSleep)):
	}
}

// latest is the last of an expression's times from at, which is one, to now. It
// looks back from now in growing steps: of a minute's there may be thousands.
func latest(expression Expression, at, now time.Time) time.Time {
	for back := time.Minute; back < now.Sub(at); back *= 2 {
		if next := expression.Next(now.Add(-back)); !next.IsZero() && !next.After(now) {
			at = next
			break
		}
	}
	for next := expression.Next(at); !next.IsZero() && !next.After(now); next = expression.Next(next) {
		at = next
	}
	return at
}

// Event is what EventBridge Scheduler sends: the schedule's Input, in which it
// fills in a few attributes, or its own event.
func Event(schedule template.Schedule, at time.Time, id string) []byte {
	time := at.UTC().Format("2006-01-02T15:04:05Z")
	arn := "arn:aws:scheduler:" + template.Region + ":" + template.Account + ":schedule/default/" + schedule.Name
	if schedule.Input != "" {
		return []byte(strings.NewReplacer("<aws.scheduler.scheduled-time>", time, "<aws.scheduler.schedule-arn>", arn,
			"<aws.scheduler.execution-id>", id, "<aws.scheduler.attempt-number>", "1").Replace(schedule.Input))
	}
	event, err := json.Marshal(map[string]any{"version": "0", "id": id, "detail-type": "Scheduled Event", "source": "aws.scheduler",
		"account": template.Account, "time": time, "region": template.Region, "resources": []string{arn}, "detail": "{}"})
	if err != nil { // text alone: cannot happen
		panic(err)
	}
	return event
}
