package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// invoke runs one function of the running stack with an event file, and prints
// its answer.
func invoke(ctx context.Context, arguments []string) error {
	flags := flag.NewFlagSet("invoke", flag.ContinueOnError)
	function := flags.String("function", "", "folder or logical id, such as suppression")
	file := flags.String("event", "", "file with the event, such as events/suppression/scheduled.json; none is {}")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *function == "" {
		return errors.New("which function? make invoke FUNCTION=suppression EVENT=events/suppression/scheduled.json")
	}
	event := []byte("{}")
	if *file != "" {
		var err error
		if event, err = os.ReadFile(*file); err != nil {
			return unreadable(*function, *file, err)
		}
	}
	first, err := port()
	if err != nil {
		return err
	}
	return call(ctx, first, *function, event)
}

// unreadable says which events there are where the one that is named is not.
func unreadable(function, file string, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the event: %w", err)
	}
	there, _ := filepath.Glob(filepath.Join("events", filepath.Base(function), "*.json"))
	ofDoors, _ := filepath.Glob(filepath.Join("events", filepath.Base(function), "*", "*.json"))
	if there = append(there, ofDoors...); len(there) > 0 {
		return fmt.Errorf("there is no %s; make invoke FUNCTION=%s EVENT=... takes one of:\n  %s", file, function, strings.Join(there, "\n  "))
	}
	there, _ = filepath.Glob(filepath.Join("events", "*"))
	for i := range there {
		there[i] = filepath.Base(there[i])
	}
	return fmt.Errorf("there is no %s, and no event of %q; there are events of %s", file, function, strings.Join(there, ", "))
}

func call(ctx context.Context, first int, function string, event []byte) error {
	answer, body, err := post(ctx, first, "/2015-03-31/functions/"+url.PathEscape(function)+"/invocations", bytes.NewReader(event))
	if err != nil {
		return err
	}
	if answer.StatusCode == http.StatusTooManyRequests {
		return fmt.Errorf("%s is throttled (TooManyRequestsException): its reserved concurrency is in use; call again when its run has ended", function)
	}
	fmt.Println(pretty(body))
	if answer.StatusCode >= 400 || answer.Header.Get("X-Amz-Function-Error") != "" {
		return fmt.Errorf("%s failed", function)
	}
	return nil
}

func pretty(body []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "  ") != nil {
		return string(body)
	}
	return out.String()
}
