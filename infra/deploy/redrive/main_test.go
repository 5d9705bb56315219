package main

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
)

const letter = `{"version":"1.0","requestContext":{"requestId":"r","functionArn":"arn:aws:lambda:us-east-1:1:function:Mailbox:$LATEST","condition":"RetriesExhausted","approximateInvokeCount":3},"requestPayload":{"Records":[{"n":1}]},"responseContext":{"statusCode":200,"functionError":"Unhandled"},"responsePayload":{}}`

// cloud plays the aws command: messages come once, calls are answered by what their payload says.
type cloud struct {
	bodies           []string
	answer           string
	refuse           string // a subcommand that fails
	called, deleted  []string
	moved, functions []string
}

func (c *cloud) aws(stdin string, args ...string) (string, error) {
	if args[1] == c.refuse {
		return "", errors.New("aws " + args[1] + " failed")
	}
	switch args[1] {
	case "start-message-move-task":
		c.moved = append(c.moved, args[3])
	case "receive-message":
		var page struct{ Messages []map[string]string }
		for i, b := range c.bodies {
			page.Messages = append(page.Messages, map[string]string{"MessageId": "m", "ReceiptHandle": string(rune('a' + i)), "Body": b})
		}
		if c.bodies = nil; page.Messages == nil {
			return "", nil // that is what aws prints for an empty queue
		}
		out, _ := json.Marshal(page)
		return string(out), nil
	case "invoke":
		c.called, c.functions = append(c.called, stdin), append(c.functions, args[3])
		return c.answer, nil
	case "delete-message":
		c.deleted = append(c.deleted, args[5])
	}
	return "", nil
}

func TestRedrive(t *testing.T) {
	const url, good = "https://sqs.us-east-1.amazonaws.com/1/UnreadMail", `{"StatusCode":200,"ExecutedVersion":"$LATEST"}`
	cases := map[string]struct {
		queue   string
		cloud   cloud
		said    string // or part of the error
		fails   bool
		deleted []string
		called  int
	}{
		"dead letters":      {"arn:aws:sqs:us-east-1:1:Dead", cloud{}, "SQS puts", false, nil, 0},
		"unread mail":       {url, cloud{bodies: []string{letter, letter}, answer: good}, "2 done", false, []string{"a", "b"}, 2},
		"an empty queue":    {url, cloud{}, "0 done", false, nil, 0},
		"fails again":       {url, cloud{bodies: []string{letter}, answer: `{"StatusCode":200,"FunctionError":"Unhandled"}`}, "0 done, 1 failed", true, nil, 1},
		"something else":    {url, cloud{bodies: []string{`{"Records":[]}`, letter}, answer: good}, "1 done, 1 failed", true, []string{"b"}, 1},
		"cannot be deleted": {url, cloud{bodies: []string{letter}, answer: good, refuse: "delete-message"}, "delete-message failed", true, nil, 1},
		"no rights":         {url, cloud{refuse: "receive-message"}, "receive-message failed", true, nil, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			said, err := redrive(c.queue, c.cloud.aws)
			if err != nil {
				said = err.Error()
			}
			if (err != nil) != c.fails || !strings.Contains(said, c.said) || !slices.Equal(c.cloud.deleted, c.deleted) || len(c.cloud.called) != c.called {
				t.Errorf("%q, deleted %v, called %v", said, c.cloud.deleted, c.cloud.called)
			}
			for i, payload := range c.cloud.called {
				if payload != `{"Records":[{"n":1}]}` || c.cloud.functions[i] != "arn:aws:lambda:us-east-1:1:function:Mailbox:$LATEST" {
					t.Errorf("called %s with %s", c.cloud.functions[i], payload)
				}
			}
		})
	}
}
