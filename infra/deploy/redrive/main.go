// Redrive hands over again on AWS what was given up. What it does follows from how the queue is named:
//
//   - an ARN is a queue of dead letters: SQS moves all of them back into the queue that they came from.
//   - a URL is the destination of what Lambda gave up after an asynchronous call (unread mail): each message holds the
//     call's own payload, with which the function is called again. A message is deleted once its call has succeeded.
//
// It works with the `aws` command and whatever rights that has. The messages hold addresses: it prints none of them, and
// writes none to a file. Usage:
//
//	make redrive QUEUE=<the stack's output FeedbackDeadLettersArn or UnreadMailQueueUrl>
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"privacydesk/infra/deploy/awscli"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] == "" {
		awscli.Fail("redrive", "say which queue: make redrive QUEUE=<the stack's output FeedbackDeadLettersArn or UnreadMailQueueUrl>")
	}
	said, err := redrive(os.Args[1], awscli.Run)
	if err != nil {
		awscli.Fail("redrive", err.Error())
	}
	fmt.Println(said)
}

// command runs aws with arguments and something to read, and returns what it prints.
type command func(stdin string, args ...string) (string, error)

func redrive(queue string, aws command) (string, error) {
	if strings.HasPrefix(queue, "arn:") {
		_, err := aws("", "sqs", "start-message-move-task", "--source-arn", queue)
		return "SQS puts the dead letters back into their queue.", err
	}
	done, failed, err := callAgain(queue, aws)
	if err == nil && failed > 0 {
		err = errors.New("a call that fails again can be looked up in the log of its function")
	}
	if err != nil {
		return "", fmt.Errorf("%d done, %d failed and left in the queue: %w", done, failed, err)
	}
	return fmt.Sprintf("%d done; the queue is empty.", done), nil
}

// hidden is for how many seconds a message is not received again: one that fails must not come back in the same run.
const hidden = "300"

// callAgain calls until the queue shows nothing more.
func callAgain(queue string, aws command) (done, failed int, err error) {
	for {
		out, err := aws("", "sqs", "receive-message", "--queue-url", queue, "--max-number-of-messages", "10",
			"--visibility-timeout", hidden, "--wait-time-seconds", "2", "--output", "json")
		if err != nil {
			return done, failed, err
		}
		var received struct{ Messages []message }
		if err := json.Unmarshal([]byte(cmp.Or(strings.TrimSpace(out), "{}")), &received); err != nil {
			return done, failed, errors.New("the answer of aws cannot be read")
		}
		if len(received.Messages) == 0 {
			return done, failed, nil
		}
		for _, m := range received.Messages {
			if err := m.call(aws); err != nil {
				fmt.Fprintln(os.Stderr, "redrive: message "+m.MessageID+": "+err.Error())
				failed++
				continue
			}
			if _, err := aws("", "sqs", "delete-message", "--queue-url", queue, "--receipt-handle", m.ReceiptHandle); err != nil {
				return done, failed, err
			}
			done++
		}
	}
}

// message is one of SQS, whose body is Lambda's record of a call that it gave up.
type message struct {
	MessageID     string `json:"MessageId"`
	ReceiptHandle string
	Body          string
}

// call calls the function that the record names. It waits for the end, unlike the first call, so that a message is
// deleted only when its work is done.
func (m message) call(aws command) error {
	var record struct {
		RequestContext struct{ FunctionArn string }
		RequestPayload json.RawMessage
	}
	if json.Unmarshal([]byte(m.Body), &record) != nil || record.RequestContext.FunctionArn == "" || len(record.RequestPayload) == 0 {
		return errors.New("it is not Lambda's record of a call that failed")
	}
	// The payload goes through a pipe: arguments of a command can be seen by every user of the machine.
	out, err := aws(string(record.RequestPayload), "lambda", "invoke", "--function-name", record.RequestContext.FunctionArn,
		"--payload", "fileb:///dev/stdin", "--output", "json", "/dev/null")
	if err != nil {
		return err
	}
	var answer struct {
		StatusCode    int
		FunctionError string
	}
	if json.Unmarshal([]byte(out), &answer) != nil || answer.StatusCode != 200 || answer.FunctionError != "" {
		return errors.New("the function failed again")
	}
	return nil
}
