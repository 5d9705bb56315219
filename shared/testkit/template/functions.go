package template

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// readers turn a resource of a type into what the stack starts. Types without
// a reader stay plain resources.
var readers map[string]func(*Template, Resource) error

func init() {
	readers = map[string]func(*Template, Resource) error{
		"AWS::Serverless::Function":       (*Template).addFunction,
		"AWS::Serverless::HttpApi":        (*Template).addAPI,
		"AWS::DynamoDB::Table":            (*Template).addTable,
		"AWS::SQS::Queue":                 (*Template).addQueue,
		"AWS::SNS::Subscription":          (*Template).addSubscription,
		"AWS::Lambda::Function":           unsupported("use AWS::Serverless::Function"),
		"AWS::Lambda::EventSourceMapping": unsupported("use an event of the function"),
		"AWS::Scheduler::Schedule":        unsupported("use an event of the type ScheduleV2"),
		"AWS::Serverless::SimpleTable":    unsupported("use AWS::DynamoDB::Table"),
		"AWS::DynamoDB::GlobalTable":      unsupported("use AWS::DynamoDB::Table"),
	}
}

func unsupported(remedy string) func(*Template, Resource) error {
	return func(_ *Template, r Resource) error {
		return fmt.Errorf("%s: the local stack does not run %s: %s", place(r.LogicalID), r.Type, remedy)
	}
}

func (t *Template) add(r Resource) error {
	read, ok := readers[r.Type]
	if !ok {
		return nil
	}
	if r.Err != nil {
		return r.Err
	}
	return read(t, r)
}

type functionFields struct {
	FunctionName, CodeUri, Handler, Runtime word
	Timeout, MemorySize                     *number
	ReservedConcurrentExecutions            *number
	Environment                             struct{ Variables map[string]word }
	LoggingConfig                           struct{ LogFormat, ApplicationLogLevel, SystemLogLevel word }
	EventInvokeConfig                       struct {
		MaximumEventAgeInSeconds, MaximumRetryAttempts *number
		DestinationConfig                              struct{ OnFailure struct{ Destination word } }
	}
	Events map[string]struct {
		Type       string
		Properties map[string]any
	}
}

// What SAM and Lambda take where the template says nothing.
const (
	defaultTimeout  = 3
	defaultMemory   = 128
	defaultRetries  = 2
	defaultEventAge = 6 * 60 * 60
)

func (t *Template) addFunction(r Resource) error {
	var fields functionFields
	if err := r.Decode(&fields); err != nil {
		return err
	}
	f := fields.function(r)
	if f.Folder == "." || f.Folder == "/" {
		return fmt.Errorf("%s: CodeUri must name the function's folder, as in dist/unsubscribe/", place(r.LogicalID))
	}
	t.Functions = append(t.Functions, f)
	for _, name := range slices.Sorted(maps.Keys(fields.Events)) {
		event := fields.Events[name]
		e := eventOf{function: f, api: r, id: r.LogicalID + name, place: place(r.LogicalID) + ".Events." + name, properties: event.Properties}
		read, ok := eventReaders[event.Type]
		if !ok {
			return fmt.Errorf("%s: the local stack does not know the event type %q", e.place, event.Type)
		}
		if err := read(t, e); err != nil {
			return err
		}
	}
	return nil
}

func (fields functionFields) function(r Resource) Function {
	f := Function{
		LogicalID: r.LogicalID, ARN: r.ARN, Name: r.Ref,
		Folder:      path.Base(path.Clean(strings.ReplaceAll(string(fields.CodeUri), `\`, "/"))),
		Handler:     string(fields.Handler),
		Environment: map[string]string{},
		Timeout:     seconds(orDefault(fields.Timeout, defaultTimeout)),
		MemoryMB:    int(orDefault(fields.MemorySize, defaultMemory)),
		Reserved:    int(orDefault(fields.ReservedConcurrentExecutions, -1)),
		LogFormat:   string(fields.LoggingConfig.LogFormat),
		LogLevel:    string(fields.LoggingConfig.ApplicationLogLevel),
		SystemLevel: string(fields.LoggingConfig.SystemLogLevel),
		Retries:     int(orDefault(fields.EventInvokeConfig.MaximumRetryAttempts, defaultRetries)),
		EventAge:    seconds(orDefault(fields.EventInvokeConfig.MaximumEventAgeInSeconds, defaultEventAge)),
		OnFailure:   string(fields.EventInvokeConfig.DestinationConfig.OnFailure.Destination),
	}
	for name, value := range fields.Environment.Variables {
		f.Environment[name] = string(value)
	}
	return f
}

// addAPI refuses what the local gateway would silently leave out.
func (t *Template) addAPI(r Resource) error {
	for _, property := range []string{"CorsConfiguration", "DefinitionBody", "DefinitionUri"} {
		if _, ok := r.Properties[property]; ok {
			return fmt.Errorf("%s: the local gateway does not do %s", place(r.LogicalID), property)
		}
	}
	var fields struct {
		AccessLogSettings    struct{ Format word }
		DefaultRouteSettings struct{ ThrottlingRateLimit, ThrottlingBurstLimit number }
	}
	err := r.Decode(&fields)
	limits := fields.DefaultRouteSettings
	t.API = API{AccessLog: string(fields.AccessLogSettings.Format), Rate: int(limits.ThrottlingRateLimit), Burst: int(limits.ThrottlingBurstLimit)}
	return err
}

// check looks at the whole: what one resource says of another must be there.
func (t *Template) check() error {
	seen := map[string]bool{}
	for _, route := range t.Routes {
		if seen[route.Key()] {
			return fmt.Errorf("the route %q stands there twice", route.Key())
		}
		seen[route.Key()] = true
	}
	for _, mapping := range t.Streams {
		table, ok := t.Table(mapping.Table)
		if !ok || table.Stream == "" {
			return fmt.Errorf("%s: reads the stream of the table %q, which has none", mapping.LogicalID, mapping.Table)
		}
	}
	return t.checkPollers()
}
