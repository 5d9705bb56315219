package stack

import (
	"context"
	"maps"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"privacydesk/infra/local/async"
	"privacydesk/infra/local/expiry"
	"privacydesk/infra/local/gateway"
	"privacydesk/infra/local/loopback"
	"privacydesk/infra/local/runtime"
	"privacydesk/infra/local/schedules"
	"privacydesk/infra/local/streams"
	"privacydesk/shared/testkit/database"
)

// startFunctions starts the functions, then all that invokes them.
func (s *Stack) startFunctions(ctx context.Context) error {
	environment, err := s.environment()
	if err != nil {
		return err
	}
	s.Runtime = runtime.New(runtime.Settings{
		Dist: s.config.Dist, Environment: environment, Output: s.functionLine, Log: s.logger("runtime"), Now: time.Now, NewID: newUUID,
	}, s.Template.Functions)
	s.async = async.New(s.running, async.Config{Functions: s.Template.Functions, Do: s.Runtime.Do, DeadLetter: s.deadLetter, Keep: s.keepCall,
		Clock: s.clock, Log: s.logger("async"), NewID: newUUID, Go: s.work.Go})
	started := time.Now()
	if err := s.Runtime.Warm(ctx); err != nil {
		return err
	}
	s.progress("  %s (%.1f s)", count(len(s.Template.Functions), "function")+" started", time.Since(started).Seconds())
	s.site = s.serve(s.ports.site, gateway.Server(loopback.Only(gateway.New(gateway.Config{API: s.Template.API, Routes: s.Template.Routes, Invoker: s.Runtime,
		AccessLog: func(line []byte) { s.Logs.Line("gateway", line) }, Log: s.logger("gateway"), Now: s.Now, Since: s.clock.Since, NewID: newAPIID}))))
	if err := s.startStreams(); err != nil {
		return err
	}
	if err := s.resumeWaiting(); err != nil {
		return err
	}
	s.run(func() error {
		s.queues.Run(s.running)
		return nil
	})
	since, err := s.lastUsed()
	if err != nil {
		return err
	}
	s.run(s.keepLastUsed)
	s.run(func() error {
		return schedules.Run(s.running, schedules.Config{Schedules: s.Template.Schedules, Now: s.Now, Moved: s.clock.Moved, Since: since, NewID: newUUID,
			Send: func(function string, payload []byte) {
				s.async.Send(runtime.Call{Function: function, Payload: payload})
			}})
	})
	return nil
}

func (s *Stack) startStreams() error {
	checkpoints, err := streams.OpenCheckpoints(s.besideTables("streams.json"))
	if err != nil {
		return err
	}
	expired := expiry.New(expiry.Config{Client: database.Client(s.DynamoDB), Tables: s.Template.Tables,
		Now: s.Now, Moved: s.clock.Moved, Log: s.logger("expiry")})
	s.run(func() error { return expired.Run(s.running) })
	s.run(func() error {
		return streams.Run(s.running, streams.Config{
			Mappings: s.Template.Streams, Functions: s.Template.Functions, Tables: database.Client(s.DynamoDB), Do: s.Runtime.Do, DeadLetter: s.deadLetter,
			Allowed:     s.judge.Ask,
			Streams:     dynamodbstreams.NewFromConfig(database.AWS(), func(o *dynamodbstreams.Options) { o.BaseEndpoint = &s.DynamoDB }),
			Checkpoints: checkpoints, Log: s.logger("streams"), NewID: newUUID, Clock: s.clock, Expired: expired.Deleted,
		})
	})
	return nil
}

// besideTables is a file about what the tables hold; empty where the tables
// themselves are not kept in this folder.
func (s *Stack) besideTables(name string) string {
	if s.config.Memory || s.config.DynamoDB != "" {
		return ""
	}
	return filepath.Join(s.config.Data, name)
}

// run runs something in the background until Close; its fault is the stack's.
func (s *Stack) run(do func() error) {
	s.work.Go(func() {
		if err := do(); err != nil {
			s.failed <- err
		}
	})
}

// environment is what the functions get besides the template's variables: the
// SDK's own names for where the services are, behind the judge.
func (s *Stack) environment() (map[string]string, error) {
	dynamoDB, err := s.judgedAt(0, s.DynamoDB)
	if err != nil {
		return nil, err
	}
	aws, err := s.judgedAt(1, s.AWS)
	if err != nil {
		return nil, err
	}
	aws = s.config.Between(aws)
	out := map[string]string{
		"AWS_ENDPOINT_URL":                 aws,
		"AWS_ENDPOINT_URL_DYNAMODB":        s.config.Between(dynamoDB),
		"AWS_ENDPOINT_URL_SESV2":           aws,
		"AWS_ENDPOINT_URL_SECRETS_MANAGER": aws,
		"AWS_ENDPOINT_URL_EVENTBRIDGE":     aws,
		"AWS_ENDPOINT_URL_S3":              aws + "/s3",
		"SYSTEMS_STAND_IN":                 s.othersAt,
	}
	if offset := s.clock.Offset(); offset != 0 {
		maps.Copy(out, clockVariable(offset))
	}
	return out, nil
}
