package template

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// eventOf is one entry of a function's Events.
type eventOf struct {
	function   Function
	api        Resource
	id         string // logical id that SAM gives it
	place      string // for errors
	properties map[string]any
}

var eventReaders = map[string]func(*Template, eventOf) error{
	"HttpApi":    (*Template).addRoute,
	"DynamoDB":   (*Template).addStream,
	"ScheduleV2": (*Template).addSchedule,
	"SQS":        (*Template).addPoller,
}

type routeFields struct {
	Path, Method, PayloadFormatVersion word
	TimeoutInMillis                    *number
	Auth                               struct{ Authorizer word }
}

// defaultRouteTimeout is SAM's, in milliseconds, far under the service's 30 s.
const defaultRouteTimeout = 5000

func (t *Template) addRoute(e eventOf) error {
	var fields routeFields
	if err := decode(e.place, e.properties, &fields); err != nil {
		return err
	}
	authorizer := string(fields.Auth.Authorizer)
	if authorizer != "" && authorizer != "AWS_IAM" && authorizer != "NONE" {
		return fmt.Errorf("%s: the local gateway does not know the authorizer %q", e.place, authorizer)
	}
	if v := fields.PayloadFormatVersion; v != "" && v != "2.0" {
		return fmt.Errorf("%s: the local gateway speaks payload format 2.0, not %s", e.place, v)
	}
	route := Route{
		Function: e.function.LogicalID,
		Method:   strings.ToUpper(string(fields.Method)), Path: string(fields.Path),
		IAM:     authorizer == "AWS_IAM",
		Timeout: time.Duration(orDefault(fields.TimeoutInMillis, defaultRouteTimeout)) * time.Millisecond,
	}
	if route.Path == "" {
		route.Path, route.Method = "$default", "ANY"
	}
	t.Routes = append(t.Routes, route)
	return nil
}

type mappingFields struct {
	Stream, StartingPosition       word
	BatchSize                      *number
	MaximumBatchingWindowInSeconds number
	MaximumRetryAttempts           *number
	MaximumRecordAgeInSeconds      *number
	BisectBatchOnFunctionError     flag
	Enabled                        *flag
	FunctionResponseTypes          []string
	FilterCriteria                 struct{ Filters []struct{ Pattern word } }
	DestinationConfig              struct{ OnFailure struct{ Destination word } }
}

// defaultBatch is Lambda's batch size for streams.
const defaultBatch = 100

func (t *Template) addStream(e eventOf) error {
	var fields mappingFields
	if err := decode(e.place, e.properties, &fields); err != nil {
		return err
	}
	mapping, err := fields.mapping(e.place)
	mapping.LogicalID, mapping.Function = e.id, e.function.LogicalID
	t.Streams = append(t.Streams, mapping)
	return err
}

func (fields mappingFields) mapping(place string) (StreamMapping, error) {
	_, table, ok := strings.Cut(strings.TrimSuffix(string(fields.Stream), "/stream/local"), ":table/")
	if !ok {
		return StreamMapping{}, fmt.Errorf("%s: the local stack reads table streams only, not %q", place, fields.Stream)
	}
	mapping := StreamMapping{
		Table: table, Start: string(fields.StartingPosition),
		BatchSize: int(orDefault(fields.BatchSize, defaultBatch)),
		Window:    seconds(fields.MaximumBatchingWindowInSeconds),
		Retries:   int(orDefault(fields.MaximumRetryAttempts, -1)),
		MaxAge:    max(0, seconds(orDefault(fields.MaximumRecordAgeInSeconds, 0))),
		Bisect:    bool(fields.BisectBatchOnFunctionError),
		OnFailure: string(fields.DestinationConfig.OnFailure.Destination),
		Disabled:  !bool(orDefault(fields.Enabled, true)),
	}
	for _, kind := range fields.FunctionResponseTypes {
		mapping.ReportFailures = mapping.ReportFailures || kind == "ReportBatchItemFailures"
	}
	for _, filter := range fields.FilterCriteria.Filters {
		if !json.Valid([]byte(filter.Pattern)) {
			return mapping, fmt.Errorf("%s: the filter pattern is no JSON: %s", place, filter.Pattern)
		}
		mapping.Filters = append(mapping.Filters, json.RawMessage(filter.Pattern))
	}
	return mapping, nil
}
