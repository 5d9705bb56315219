package stack

import (
	"strings"
	"sync"
	"testing"

	"privacydesk/infra/local/iam"
	"privacydesk/shared/testkit"
)

const (
	uncalled = "arn:aws:sqs:us-east-1:000000000000:UncalledQueue"
	denied   = "arn:aws:sqs:us-east-1:000000000000:KeySecret"
)

// Where nobody takes the verdicts, a call that AWS would deny passes, with one
// line for each action and resource.
func TestADeniedCallIsWarnedOf(t *testing.T) {
	var out lockedBuffer
	s := mustStart(t, Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "warned-", Out: &out})
	for _, unknown := range []string{"the call A", "the call B", "the call A"} {
		s.judge.Tell(iam.Verdict{Call: iam.Call{Function: "EchoFunction"}, Denied: "nobody knows " + unknown})
	}
	if n := strings.Count(out.String(), "AWS may deny this: EchoFunction: nobody knows the call"); n != 2 {
		t.Errorf("%d of two unknown calls: %s", n, out.String())
	}
	for range 2 {
		if !s.maySend(denied, []byte(`{"requestContext":{"functionArn":"arn:aws:lambda:us-east-1:000000000000:function:EchoFunction"}}`)) {
			t.Error("it did not pass")
		}
	}
	if n := strings.Count(out.String(), "AWS would deny this: EchoFunction may not sqs:SendMessage on "+denied+": EchoRole in template.yaml allows that action only on "); n != 1 {
		t.Errorf("%d lines: %s", n, out.String())
	}
}

// Where somebody takes them, it is refused; what SQS moves by itself is not
// asked of a function's role.
func TestADeniedCallIsRefused(t *testing.T) {
	var mu sync.Mutex
	var told []iam.Verdict
	s := mustStart(t, Config{Root: root(t), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "refused-", Judged: func(v iam.Verdict) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, v)
	}})
	letter := []byte(`{"requestContext":{"functionArn":"EchoFunction"}}`)
	if s.maySend(denied, letter) || !s.maySend(uncalled, letter) || !s.maySend(denied, []byte(`{"messageId":"1"}`)) {
		t.Error("the role was not asked, or not heard")
	}
	mu.Lock()
	defer mu.Unlock()
	refused := 0
	for _, v := range told {
		if v.Denied != "" {
			refused++
		}
	}
	if refused != 1 {
		t.Errorf("%d refused of %v", refused, told)
	}
}
