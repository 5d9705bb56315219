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
  lists import -file FILE [-at DATE] [-column NAME] [-consent NAME] [-all] [-dry-run] [-even-if-back]   takes an opt-out list over
  lists import -undo REPORT                                                     takes back what that import did
  lists export [-file FILE] [-channel email]                                    writes the opt-out list as CSV
Flags: -url of the desk (the running stack), -folder for checkpoints and reports (.local/import).
Against a deployed desk: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, for instance by
  eval "$(aws configure export-credentials --format env)"`

type options struct {
	asked
	url, folder, at, channel, undo string
	even, dry                      bool
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
	flags.StringVar(&o.column, "column", "", "name of the column of the addresses, or its place from 1")
	flags.StringVar(&o.consent, "consent", "", "name of the column that says who is out")
	flags.BoolVar(&o.all, "all", false, "everybody on the list is out, though nothing in it says so")
	flags.BoolVar(&o.dry, "dry-run", false, "count, and write nothing")
	flags.StringVar(&o.undo, "undo", "", "report of the import to take back")
	flags.StringVar(&o.channel, "channel", "email", "email, sms, phone, post or sale")
	command := func(context.Context, options) error { return errors.New(usage) }
	if len(os.Args) > 1 && commands[os.Args[1]] != nil {
		command = commands[os.Args[1]]
		_ = flags.Parse(os.Args[2:]) // it ends the process itself
	}
	if err := command(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// here is the running stack.
func here() string { return "http://127.0.0.1:" + cmp.Or(os.Getenv("PORT"), "3000") }

func importFile(ctx context.Context, o options) error {
	switch {
	case o.undo != "":
		return undoImport(ctx, o)
	case o.file == "":
		return errors.New("say which list: make import FILE=optouts.csv, with DRY=yes to try it first; to take one back: make import UNDO=<its report>. See make help")
	}
	var at time.Time
	if o.at != "" {
		var ok bool
		if at, ok = readDate(o.at, unclear); !ok {
			return errors.New("the list's date must be like AT=2026-11-22")
		}
	}
	data, err := os.ReadFile(o.file)
	if err != nil {
		return errors.New("the list " + o.file + " cannot be read; say which one: make import FILE=optouts.csv")
	}
	o.url = cmp.Or(o.url, here())
	desk, err := newDesk(o.url, time.Now)
	if err != nil {
		return err
	}
	return (&importer{desk: desk, out: os.Stdout, options: o}).run(ctx, data, at)
}

func undoImport(ctx context.Context, o options) error {
	report, err := readReport(o.undo)
	if err != nil {
		return err
	}
	desk, err := newDesk(cmp.Or(o.url, report.desk), time.Now)
	if err != nil {
		return err
	}
	return (&undoer{desk: desk, report: report, out: os.Stdout}).run(ctx)
}

func exportFile(ctx context.Context, o options) error {
	desk, err := newDesk(cmp.Or(o.url, here()), time.Now)
	if err != nil {
		return err
	}
	return (&exporter{desk: desk, options: o, out: os.Stdout, say: os.Stderr}).run(ctx)
}
