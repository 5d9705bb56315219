package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
)

// redrive asks the running stack to put dead letters back into their queues.
func redrive(ctx context.Context, _ []string) error {
	return ask(ctx, "/redrive", "")
}

// moveClock moves the running stack's time, and prints what it is then.
func moveClock(ctx context.Context, arguments []string) error {
	flags := flag.NewFlagSet("clock", flag.ContinueOnError)
	offset := flags.String("offset", "", "+31d, -3h, or now for the machine's time; none only says what it is")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	return ask(ctx, "/clock", *offset)
}

// ask posts to the running stack, and prints its answer.
func ask(ctx context.Context, path, body string) error {
	first, err := port()
	if err != nil {
		return err
	}
	answer, said, err := post(ctx, first, path, strings.NewReader(body))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = errors.New(strings.TrimSpace(string(said)))
	}
	if err == nil {
		fmt.Print(string(said))
	}
	return err
}

// post gives the answer of the running stack whose first port is first.
func post(ctx context.Context, first int, path string, body io.Reader) (*http.Response, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("http://127.0.0.1:%d%s", first+2, path), body)
	if err != nil {
		return nil, nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return nil, nil, fmt.Errorf("no stack runs on port %d: start it with `make run`, or name its PORT", first)
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	return answer, text, err
}
