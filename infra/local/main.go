// Command local runs Privacy Desk on one machine: `make run` starts the stack,
// `make invoke` runs one function of it. What it starts is in package stack;
// here are only the words between it and a person.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage:
  local run                                            the whole stack, until Ctrl-C
  local invoke -function NAME [-event FILE]            one function of the running stack
  local clock [-offset OFFSET]                         say the running stack's time, after moving it by +31d, -3h, or back to now
  local redrive                                        hand the dead letters of the running stack's queues over again
  local copy -table NAME -to NAME                      keep a table of the running stack as it is now, under another name
Environment: PORT (3000; the site's, the next three follow), CLOCK (+400d moves the stack's time from its start),
DYNAMODB_ENDPOINT (use that DynamoDB instead of starting one), OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET
(log people in there instead of at the local provider).`

var commands = map[string]func(ctx context.Context, arguments []string) error{
	"run":     run,
	"invoke":  invoke,
	"clock":   moveClock,
	"redrive": redrive,
	"copy":    copyTable,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	name := "run"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	command, ok := commands[name]
	if !ok {
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	}
	err := command(ctx, os.Args[min(2, len(os.Args)):])
	if errors.Is(err, context.Canceled) { // Ctrl-C while it started
		os.Exit(130)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
