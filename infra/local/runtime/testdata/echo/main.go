// Echo is the function that the tests of the local stack start: it does what
// its event says.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do    string `json:"do"`
	Value string `json:"value"`
}

func main() {
	if why := os.Getenv("REFUSE"); why != "" {
		fmt.Fprintln(os.Stderr, why)
		os.Exit(1)
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, raw json.RawMessage) (any, error) {
	if answer, ok := hear(raw); ok {
		return answer, nil
	}
	var e event
	if err := json.Unmarshal(raw, &e); err != nil || e.Do == "" {
		return raw, nil
	}
	return actions[e.Do](ctx, e.Value)
}

// hear takes a batch of stream records, and cannot manage those whose row says so.
func hear(raw json.RawMessage) (any, bool) {
	var batch struct {
		Records []struct {
			Dynamodb struct {
				SequenceNumber string
				Keys           struct{ ID struct{ S string } }
				NewImage       struct{ Bad struct{ BOOL bool } }
			}
		}
	}
	if json.Unmarshal(raw, &batch) != nil || len(batch.Records) == 0 {
		return nil, false
	}
	failures := []map[string]string{}
	for _, r := range batch.Records {
		fmt.Println("heard", r.Dynamodb.Keys.ID.S)
		if r.Dynamodb.NewImage.Bad.BOOL {
			failures = append(failures, map[string]string{"itemIdentifier": r.Dynamodb.SequenceNumber})
		}
	}
	return map[string]any{"batchItemFailures": failures}, true
}

var actions = map[string]func(ctx context.Context, value string) (any, error){
	"env":  func(_ context.Context, name string) (any, error) { return os.Getenv(name), nil },
	"all":  func(context.Context, string) (any, error) { return os.Environ(), nil },
	"pid":  func(context.Context, string) (any, error) { return os.Getpid(), nil },
	"fail": func(_ context.Context, text string) (any, error) { return nil, errors.New(text) },
	"exit": func(context.Context, string) (any, error) { os.Exit(3); return nil, nil },
	"panic": func(_ context.Context, text string) (any, error) {
		panic(text)
	},
	"print": func(_ context.Context, text string) (any, error) {
		fmt.Println(text)
		return nil, nil
	},
	"sleep": func(ctx context.Context, text string) (any, error) {
		d, err := time.ParseDuration(text)
		time.Sleep(d)
		return "slept", err
	},
	"big": func(context.Context, string) (any, error) { return strings.Repeat("x", 7<<20), nil },
	"context": func(ctx context.Context, _ string) (any, error) {
		deadline, _ := ctx.Deadline()
		lc, _ := lambdacontext.FromContext(ctx)
		return map[string]any{"left": time.Until(deadline).Seconds(), "arn": lc.InvokedFunctionArn,
			"id": lc.AwsRequestID, "client": lc.ClientContext.Custom["k"], "memory": lambdacontext.MemoryLimitInMB}, nil
	},
}
