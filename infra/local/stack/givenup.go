package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"privacydesk/infra/local/template"
)

// givenUp is what Lambda sends to the destination of failed asynchronous calls.
type givenUp struct {
	Version        string          `json:"version"`
	Timestamp      time.Time       `json:"timestamp"`
	RequestContext requestContext  `json:"requestContext"`
	RequestPayload json.RawMessage `json:"requestPayload"`
}

type requestContext struct {
	RequestID   string `json:"requestId"`
	FunctionArn string `json:"functionArn"`
	Condition   string `json:"condition"`
	Invokes     int    `json:"approximateInvokeCount"`
}

// invokeMail invokes a function for a mail. On AWS nobody waits for it: what
// fails is tried twice more and then kept in the function's destination. Here
// it is kept at once, for the person at the terminal, who is told.
func (s *Stack) invokeMail(ctx context.Context, function string, payload []byte) ([]byte, string, error) {
	answer, fault, err := s.Invoke(ctx, function, payload)
	f, _ := s.Template.Function(function)
	if destination := s.onFailure(f); (err != nil || fault != "") && destination != "" {
		letter, _ := json.Marshal(givenUp{"1.0", s.Now().UTC(), requestContext{newUUID(), f.ARN, "RetriesExhausted", 1}, payload}) // it was JSON
		s.deadLetter(destination, letter)
	}
	return answer, fault, err
}

// onFailure is the ARN of where a function's failed asynchronous calls go, or "".
func (s *Stack) onFailure(f template.Function) string {
	var fields struct {
		EventInvokeConfig struct {
			DestinationConfig struct{ OnFailure struct{ Destination string } }
		}
	}
	for _, r := range s.Template.ByType("AWS::Serverless::Function") {
		if r.LogicalID == f.LogicalID && r.Decode(&fields) == nil {
			return fields.EventInvokeConfig.DestinationConfig.OnFailure.Destination
		}
	}
	return ""
}

// callAgain calls each function again for what it had failed for, and says so.
// What fails once more is kept once more.
func (s *Stack) callAgain(ctx context.Context, out io.Writer) error {
	for _, f := range s.Template.Functions {
		destination := s.onFailure(f)
		if destination == "" {
			continue
		}
		calls, err := take[givenUp](s, queueName(destination))
		if err != nil {
			return err
		}
		failed := 0
		for _, c := range calls {
			if _, fault, err := s.invokeMail(ctx, f.Name, c.RequestPayload); err != nil || fault != "" {
				failed++
			}
		}
		_, _ = fmt.Fprintf(out, "%s: %s handed over again, %d failed\n", queueName(destination), count(len(calls), "call"), failed)
	}
	return nil
}
