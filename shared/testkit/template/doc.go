// Package template reads template.yaml and answers what the stack on one
// machine has to start: functions, routes, tables, stream mappings and
// schedules, plus every other resource as resolved properties.
//
// The template stays the only list of these things: whatever the local stack
// or a test wants to know about the deployed system, it asks here. The package
// resolves the intrinsics that CloudFormation resolves at deployment, with
// physical names that are the logical ids, and ARNs of account 000000000000.
//
// It must not start anything, and it must not guess: a tag or an event type it
// does not know is an error that names the place.
package template

import (
	"encoding/json"
	"time"
)

// Template is template.yaml with parameters filled in and intrinsics resolved.
// Lists are in the order of the file; the events of one function, by name.
type Template struct {
	Description string
	Parameters  []Parameter
	API         API
	Functions   []Function
	Routes      []Route
	Tables      []Table
	Streams     []StreamMapping
	Queues      []Queue
	Pollers     []Poller
	Subscribers []Subscriber
	Schedules   []Schedule
	Resources   []Resource
	Outputs     []Output
}

// Parameter is one template parameter and the value this reading used.
type Parameter struct {
	Name, Type, Description, Value string
}

// API is the AWS::Serverless::HttpApi.
type API struct {
	AccessLog string // the format of a line, with $context variables; empty for no log
	Rate      int    // requests a second that pass; 0 is no limit
	Burst     int    // requests that may come at once
}

// Function is one AWS::Serverless::Function, SAM Globals merged in.
type Function struct {
	LogicalID   string            // UnsubscribeFunction
	Name        string            // physical name: FunctionName, else the logical id
	Folder      string            // last part of CodeUri: unsubscribe
	ARN         string            // arn:aws:lambda:...
	Handler     string            // bootstrap
	Environment map[string]string // resolved
	Timeout     time.Duration     // SAM's default is 3 s
	MemoryMB    int               // SAM's default is 128
	Reserved    int               // reserved concurrency; -1 where none is set
	LogFormat   string            // JSON or Text
	LogLevel    string            // application log level; empty where none is set
	SystemLevel string            // level of Lambda's own lines; empty where none is set
	Retries     int               // of an asynchronous invocation that fails; Lambda's default is 2
	EventAge    time.Duration     // how long an asynchronous invocation is tried; Lambda's default is 6 hours
	OnFailure   string            // ARN of where a failed asynchronous invocation goes; empty for nowhere
}

// Route is one HTTP API route. A method is upper case or "ANY"; the path is as
// in the template, with {name} and {name+} for parameters, or "$default".
type Route struct {
	Function string // logical id
	Method   string
	Path     string
	IAM      bool          // the AWS_IAM authorizer stands before it
	Timeout  time.Duration // integration timeout; SAM's default for an event is 5 s
}

// Key names the route as API Gateway does: "GET /u/{link}".
func (r Route) Key() string {
	if r.Path == "$default" {
		return r.Path
	}
	return r.Method + " " + r.Path
}

// Table is one AWS::DynamoDB::Table.
type Table struct {
	LogicalID  string
	Name       string // physical name
	Attributes []Attribute
	Key        Key
	Indexes    []Index
	TTL        string // the attribute with epoch seconds; empty where TTL is off
	Stream     string // stream view type; empty where there is no stream
}

// Attribute is a key attribute and its type: S, N or B.
type Attribute struct{ Name, Type string }

// Key is a primary key; Range is empty where the key has one part.
type Key struct{ Hash, Range string }

// Index is a global secondary index.
type Index struct {
	Name       string
	Key        Key
	Projection string   // ALL, KEYS_ONLY or INCLUDE
	Include    []string // attributes of an INCLUDE projection
}

// StreamMapping connects a table's stream to a function.
type StreamMapping struct {
	LogicalID      string
	Function       string // logical id
	Table          string // logical id
	Start          string // TRIM_HORIZON or LATEST
	Filters        []json.RawMessage
	BatchSize      int
	Window         time.Duration
	Retries        int           // -1 is until the record expires
	MaxAge         time.Duration // 0 is as long as the stream keeps it
	Bisect         bool
	ReportFailures bool   // ReportBatchItemFailures
	OnFailure      string // ARN of the queue or topic; empty where there is none
	Disabled       bool
}

// Queue is one AWS::SQS::Queue.
type Queue struct {
	LogicalID   string
	ARN         string
	Visibility  time.Duration // SQS's default is 30 s
	MaxReceives int           // after so many a message is a dead letter; 0: never
	DeadLetters string        // ARN of the queue for them; empty where there is none
	Retention   time.Duration // how long a message is kept; SQS's default is 4 days
}

// Poller connects a queue to a function.
type Poller struct {
	LogicalID      string
	Function       string // logical id
	Queue          string // ARN
	BatchSize      int
	Window         time.Duration
	ReportFailures bool // ReportBatchItemFailures
	Disabled       bool
}

// Subscriber brings what a topic gets to a queue.
type Subscriber struct {
	Topic, Queue string // ARNs
	Raw          bool   // RawMessageDelivery
}

// Schedule invokes a function again and again.
type Schedule struct {
	LogicalID  string
	Name       string
	Function   string // logical id
	Expression string // rate(...) or cron(...)
	Timezone   string // empty is UTC
	Input      string // the event; empty is EventBridge Scheduler's own event
	Disabled   bool
}

// Output is one of the stack's outputs.
type Output struct{ Name, Description, Value string }

// Function gives the function with that logical id, name or folder.
func (t *Template) Function(name string) (Function, bool) {
	for _, f := range t.Functions {
		if name == f.LogicalID || name == f.Name || name == f.Folder {
			return f, true
		}
	}
	return Function{}, false
}

// Table gives the table with that logical id or physical name.
func (t *Template) Table(name string) (Table, bool) {
	for _, table := range t.Tables {
		if name == table.LogicalID || name == table.Name {
			return table, true
		}
	}
	return Table{}, false
}
