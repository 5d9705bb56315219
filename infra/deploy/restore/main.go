// Restore brings back what the tables of a desk have lost, from copies of them: tables that were restored to a point in
// time, or that a deleted stack has left. infra/runbooks/restore.md says what to do before and after it. It writes a row
// only where the table has none, so that it may be repeated; package dynamo says what comes back (Recovery).
//
// It prints counts, and the references of requests, and nothing personal. Usage:
//
//	make restore OPTOUTS=<table> REQUESTS=<table> AT=<time of the copies> ERASED=<file> [DRY=yes] [SPOILT=<from>/<to>] [STACK=<name>]
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/recoveries"
	"privacydesk/shared/adapter/dynamo/requests"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	complete, err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "restore:", err)
	}
	if err != nil || !complete {
		stop()
		os.Exit(1)
	}
}

// run returns whether everything of the copies was understood.
func run(ctx context.Context, arguments []string) (complete bool, err error) {
	o, err := read(arguments)
	if err != nil {
		return false, err
	}
	d, err := find(ctx, o)
	if err != nil {
		return false, err
	}
	if o.copy.OptOuts == d.optOuts || o.copy.Requests == d.requests {
		return false, fmt.Errorf("a table cannot be brought back from itself: name its copy")
	}
	optOuts := &optouts.Store{Table: dynamo.Table{DB: d.db, Name: d.optOuts}}
	r := &recoveries.Recovery{
		OptOuts: optOuts, Requests: &requests.Store{Table: dynamo.Table{DB: d.db, Name: d.requests}, OptOuts: dynamo.Table{DB: d.db, Name: d.optOuts}},
		Copy: o.copy, Key: d.key, Now: time.Now(), Random: rand.Reader, Dry: o.dry, Erased: o.erased, Spoilt: o.spoilt, Pace: pace(o.pace),
	}
	report, err := r.Run(ctx)
	if report != nil && len(report.Kinds) > 0 {
		show(os.Stdout, report, o.dry)
	}
	return err == nil && report.Complete(), err
}

// pace waits before rows are written, so that in the long run so many go in a second.
func pace(aSecond int) func(context.Context, int) error {
	return func(ctx context.Context, rows int) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(rows) * time.Second / time.Duration(aSecond)):
			return nil
		}
	}
}

func flags(o *options) *flag.FlagSet {
	f := flag.NewFlagSet("restore", flag.ContinueOnError)
	f.StringVar(&o.copy.OptOuts, "optouts", "", "copy of the table of opt-outs")
	f.StringVar(&o.copy.Requests, "requests", "", "copy of the table of requests")
	f.StringVar(&o.at, "at", "", "of when the copies are, such as 2026-11-22T03:14:00Z")
	f.StringVar(&o.erasedFile, "erased", "", "file of the people who were erased since: a keyed reference a line")
	f.StringVar(&o.span, "spoilt", "", "when opt-outs were ended wrongly: two times with a / between")
	f.StringVar(&o.stack, "stack", "", "stack on AWS; empty: the one that runs on this machine")
	f.IntVar(&o.port, "port", 3000, "first port of the stack on this machine")
	f.IntVar(&o.pace, "pace", 200, "rows a second")
	f.BoolVar(&o.dry, "dry-run", false, "count, and write nothing")
	return f
}
