package stack

import (
	"context"
	"fmt"
	"io"

	"privacydesk/infra/local/async"
	"privacydesk/infra/local/runtime"
)

// invokeMail invokes a function for a mail. On AWS nobody waits for it. Here
// the terminal shows the outcome of the first try.
func (s *Stack) invokeMail(ctx context.Context, function string, payload []byte) ([]byte, string, error) {
	select {
	case first := <-s.async.Send(runtime.Call{Function: function, Payload: payload}):
		return first.Result.Payload, first.Result.FunctionError, first.Err
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

// callAgain calls each function again for what it had failed for, and says so.
// What fails is tried again as any other call, and then kept once more.
func (s *Stack) callAgain(ctx context.Context, out io.Writer) error {
	for _, f := range s.Template.Functions {
		if f.OnFailure == "" {
			continue
		}
		calls, err := takeLetters[async.Letter](s, queueName(f.OnFailure))
		if err != nil {
			return err
		}
		failed := 0
		for _, c := range calls {
			if _, fault, err := s.invokeMail(ctx, f.Name, c.RequestPayload); err != nil || fault != "" {
				failed++
			}
		}
		_, _ = fmt.Fprintf(out, "%s: %s handed over again, %d failed\n", queueName(f.OnFailure), count(len(calls), "call"), failed)
	}
	return nil
}
