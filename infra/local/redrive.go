package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"syscall"
)

// redrive asks the running stack to put dead letters back into their queues.
func redrive(ctx context.Context, _ []string) error {
	first, err := port()
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("http://127.0.0.1:%d/redrive", first+2), nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("no stack runs on port %d: start it with `make run`, or name its PORT", first)
	}
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s", said)
	}
	if err == nil {
		fmt.Print(string(said))
	}
	return err
}
