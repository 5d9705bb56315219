package stack

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"privacydesk/infra/local/iam"
	"privacydesk/infra/local/loopback"
	"privacydesk/shared/testkit/template"
)

// newJudge reads the roles of the functions.
func (s *Stack) newJudge() (*iam.Judge, error) {
	roles, err := iam.Read(s.Template)
	if err != nil {
		return nil, err
	}
	j := &iam.Judge{Roles: roles, Prefix: s.config.TablePrefix, Enforce: s.config.Judged != nil, Tell: s.config.Judged}
	if j.Tell == nil {
		j.Tell = s.warner()
	}
	return j, nil
}

// warner says each thing once.
func (s *Stack) warner() func(iam.Verdict) {
	var said sync.Map
	return func(v iam.Verdict) {
		if v.Denied == "" {
			return
		}
		if _, again := said.LoadOrStore(v.String(), true); again {
			return
		}
		may := "would"
		if v.Action == "" {
			may = "may"
		}
		s.logger("iam").Warn("AWS " + may + " deny this: " + v.String())
	}
}

// judgedAt gives the address of the judge in front of a server.
func (s *Stack) judgedAt(n int, server string) (string, error) {
	handler, err := s.judge.Before(server)
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	s.judged[n] = s.serve(listener, &http.Server{Addr: listener.Addr().String(), Handler: loopback.Only(handler), ReadHeaderTimeout: 10 * time.Second})
	return s.ports.url(listener), nil
}

// maySend asks the role of the function that a dead letter is about: Lambda
// sends with it. What SQS itself moves is about no function.
func (s *Stack) maySend(destination string, message []byte) bool {
	var letter struct {
		RequestContext struct{ FunctionArn string }
	}
	if json.Unmarshal(message, &letter) != nil || letter.RequestContext.FunctionArn == "" {
		return true
	}
	f, _ := s.Template.Function(queueName(strings.TrimSuffix(letter.RequestContext.FunctionArn, ":$LATEST")))
	return s.judge.Ask(f.LogicalID, "sqs:SendMessage", destination)
}

// functionLine keeps a line that a function has printed. On AWS, Lambda writes
// it to the function's log group with the function's role.
func (s *Stack) functionLine(function string, line []byte) {
	s.Logs.Line(function, line)
	f, ok := s.Template.Function(function)
	if _, again := s.logging.LoadOrStore(f.LogicalID, true); again || !ok {
		return
	}
	resource, _ := s.Template.Resource(f.LogicalID)
	group := resource.Text("LoggingConfig.LogGroup")
	if group == "" {
		group = "/aws/lambda/" + f.Name
	}
	arn := strings.Join([]string{"arn:aws:logs", template.Region, template.Account, "log-group", group, "log-stream", "local"}, ":")
	s.judge.Ask(f.LogicalID, "logs:CreateLogStream", arn)
	s.judge.Ask(f.LogicalID, "logs:PutLogEvents", arn)
}
