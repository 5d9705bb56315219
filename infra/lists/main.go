// Command lists takes another system's opt-out list into the desk and writes
// the desk's own list for a system that cannot ask. `make import FILE=…` and
// `make export` are how people call it. It talks to the running stack, or to
// the deployed desk at URL= with the credentials of the environment, and knows
// nothing but the API. It prints no address; nor does its report hold one.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const usage = `usage:
  lists import -file FILE [-at DATE] [-even-if-back]     takes an opt-out list over
  lists export [-file FILE] [-channel email]             writes the opt-out list as CSV
Flags: -url of the desk (the running stack), -folder for checkpoints and reports (.local/import).
Against a deployed desk: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, for instance by
  eval "$(aws configure export-credentials --format env)"`

type options struct {
	file, url, folder, at, channel string
	even                           bool
}

var commands = map[string]func(context.Context, options) error{"import": importFile, "export": exportFile}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var o options
	flags := flag.NewFlagSet("lists", flag.ExitOnError)
	flags.StringVar(&o.file, "file", "", "the list; of export, where to write it (standard output)")
	flags.StringVar(&o.url, "url", "", "address of the desk")
	flags.StringVar(&o.folder, "folder", ".local/import", "where checkpoints and reports are kept")
	flags.StringVar(&o.at, "at", "", "date of the list, for rows without one")
	flags.BoolVar(&o.even, "even-if-back", false, "opt people out who have come back since, too")
	flags.StringVar(&o.channel, "channel", "email", "email, sms, phone, post or sale")
	command := func(context.Context, options) error { return errors.New(usage) }
	if len(os.Args) > 1 && commands[os.Args[1]] != nil {
		command = commands[os.Args[1]]
		_ = flags.Parse(os.Args[2:]) // it ends the process itself
	}
	o.url = cmp.Or(o.url, "http://127.0.0.1:"+cmp.Or(os.Getenv("PORT"), "3000"))
	if err := command(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func importFile(ctx context.Context, o options) error {
	var at time.Time
	if o.at != "" {
		var ok bool
		if at, ok = readDate(o.at); !ok {
			return errors.New("the list's date must be like 2026-11-22")
		}
	}
	data, err := os.ReadFile(o.file)
	if err != nil {
		return errors.New("name the list: make import FILE=optouts.csv (" + o.file + " cannot be read)")
	}
	desk, err := newDesk(o.url, time.Now)
	if err != nil {
		return err
	}
	i := importer{desk: desk, out: os.Stdout, options: o, sleep: sleep}
	return i.run(ctx, data, at)
}

func exportFile(ctx context.Context, o options) error {
	desk, err := newDesk(o.url, time.Now)
	if err != nil {
		return err
	}
	e := exporter{desk: desk, options: o, sleep: sleep, out: os.Stdout, say: os.Stderr}
	return e.run(ctx)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
