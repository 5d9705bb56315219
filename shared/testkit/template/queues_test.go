package template

import (
	"strings"
	"testing"
	"time"
)

const queued = `
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: dist/function/
      Timeout: 20
      Events:
        Work:
          Type: SQS
          Properties: {Queue: !GetAtt Work.Arn, MaximumBatchingWindowInSeconds: 2, FunctionResponseTypes: [ReportBatchItemFailures]}
  Work:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 60, RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}
  Dead: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Listens:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Work.Arn, RawMessageDelivery: true}
  Mails:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: email, Endpoint: a@example.com}
`

func TestQueues(t *testing.T) {
	tpl, err := Parse([]byte(queued), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:sqs:us-east-1:000000000000:"
	if len(tpl.Queues) != 2 || tpl.Queues[0] != (Queue{"Work", arn + "Work", time.Minute, 3, arn + "Dead", 4 * 24 * time.Hour}) || tpl.Queues[1].Visibility != 30*time.Second {
		t.Errorf("queues %+v", tpl.Queues)
	}
	if len(tpl.Pollers) != 1 || tpl.Pollers[0] != (Poller{"FunctionWork", "Function", arn + "Work", 10, 2 * time.Second, true, false}) {
		t.Errorf("pollers %+v", tpl.Pollers)
	}
	if len(tpl.Subscribers) != 1 || tpl.Subscribers[0] != (Subscriber{"arn:aws:sns:us-east-1:000000000000:Topic", arn + "Work", true}) {
		t.Errorf("subscribers %+v", tpl.Subscribers)
	}
	for name, change := range map[string][2]string{
		"shorter than the function's Timeout": {"VisibilityTimeout: 60", "VisibilityTimeout: 10"},
		"there is no queue":                   {"Queue: !GetAtt Work.Arn", "Queue: arn:aws:sqs:us-east-1:000000000000:Other"},
		"must be an ARN":                      {"Queue: !GetAtt Work.Arn", "Queue: work"},
	} {
		if _, err := Parse([]byte(strings.Replace(queued, change[0], change[1], 1)), Options{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
