package template

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

func small(t *testing.T, options Options) *Template {
	t.Helper()
	if options.Attributes == nil {
		options.Attributes = map[string]string{"Api.ApiEndpoint": "http://127.0.0.1:3000"}
	}
	got, err := Load("testdata/small.yaml", options)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFunction(t *testing.T) {
	f := small(t, Options{Parameters: map[string]string{"Pace": "20"}}).Functions[0]
	want := Function{
		LogicalID: "HelloFunction", Name: "HelloFunction", Folder: "hello", Handler: "bootstrap",
		ARN:     "arn:aws:lambda:us-east-1:000000000000:function:HelloFunction",
		Timeout: 29 * time.Second, MemoryMB: 256, Reserved: 1, LogFormat: "JSON", LogLevel: "INFO",
		Retries: 1, EventAge: 6 * time.Hour, OnFailure: "arn:aws:sqs:us-east-1:000000000000:FailedCalls",
		Environment: map[string]string{
			"BASE_URL": "https://privacy.example.com", "GOMAXPROCS": "1", "TABLE": "ThingsTable", "PER_SECOND": "20",
			"SECRET":       "arn:aws:secretsmanager:us-east-1:000000000000:secret:KeySecret",
			"SUBBED":       "privacydesk/arn:aws:dynamodb:us-east-1:000000000000:table/ThingsTable/${Literal}/20",
			"SUBBED_LOCAL": "a+b-y",
		},
	}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("got  %+v\nwant %+v", f, want)
	}
}

func TestAPI(t *testing.T) {
	want := API{AccessLog: `{"route":"$context.routeKey"}`, Rate: 50, Burst: 100}
	if got := small(t, Options{}).API; got != want {
		t.Errorf("got %+v", got)
	}
}

func TestConditionTakesTheOtherBranch(t *testing.T) {
	f := small(t, Options{Parameters: map[string]string{"Tenant": "acme"}}).Functions[0]
	if f.Environment["TENANT"] != "acme" {
		t.Errorf("TENANT = %q, want acme", f.Environment["TENANT"])
	}
}

func TestRoutes(t *testing.T) {
	want := []Route{
		{Function: "HelloFunction", Method: "GET", Path: "/", Timeout: 29 * time.Second},
		{Function: "HelloFunction", Method: "POST", Path: "/u/{link}", Timeout: 5 * time.Second},
		{Function: "HelloFunction", Method: "POST", Path: "/links", IAM: true, Timeout: 5 * time.Second},
	}
	if got := small(t, Options{}).Routes; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestTable(t *testing.T) {
	want := Table{
		LogicalID: "ThingsTable", Name: "x-ThingsTable", TTL: "expires_at", Stream: "NEW_AND_OLD_IMAGES",
		Attributes: []Attribute{{"ref", "S"}, {"scope", "S"}, {"pending", "S"}, {"pending_at", "S"}},
		Key:        Key{"ref", "scope"},
		Indexes:    []Index{{Name: "Pending", Key: Key{"pending", "pending_at"}, Projection: "ALL"}},
	}
	got := small(t, Options{TablePrefix: "x-"})
	if !reflect.DeepEqual(got.Tables[0], want) {
		t.Errorf("got %+v", got.Tables[0])
	}
	if got.Functions[0].Environment["TABLE"] != "x-ThingsTable" || got.Streams[0].Table != "x-ThingsTable" {
		t.Errorf("the prefix must follow the table wherever it is named")
	}
}

func TestStreamAndSchedules(t *testing.T) {
	got := small(t, Options{})
	s := got.Streams[0]
	if string(s.Filters[0]) != `{"dynamodb":{"NewImage":{"pending":{"S":["ses"]}}}}` {
		t.Errorf("filter %s", s.Filters[0])
	}
	s.Filters = nil
	want := StreamMapping{LogicalID: "HelloFunctionStream", Function: "HelloFunction", Table: "ThingsTable", Start: "TRIM_HORIZON",
		BatchSize: 10, Window: time.Second, Retries: 5, MaxAge: time.Hour, Bisect: true, ReportFailures: true,
		OnFailure: "arn:aws:sqs:us-east-1:000000000000:FailedQueue"}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got %+v", s)
	}
	schedules := []Schedule{
		{LogicalID: "HelloFunctionDaily", Name: "HelloFunctionDaily", Function: "HelloFunction", Expression: "cron(0 3 * * ? *)", Disabled: true},
		{LogicalID: "HelloFunctionTick", Name: "HelloFunctionTick", Function: "HelloFunction", Expression: "rate(1 minute)", Input: `{"job":"sweep"}`},
	}
	if !reflect.DeepEqual(got.Schedules, schedules) {
		t.Errorf("got %+v", got.Schedules)
	}
}

func TestResources(t *testing.T) {
	got := small(t, Options{})
	if _, there := got.Resource("NeverFunction"); there {
		t.Error("a resource whose condition is false must be left out")
	}
	table, _ := got.Resource("ThingsTable")
	if table.DeletionPolicy != "Retain" || table.Text("StreamSpecification.StreamViewType") != "NEW_AND_OLD_IMAGES" {
		t.Errorf("got %+v", table)
	}
	if secrets := got.ByType("AWS::SecretsManager::Secret"); len(secrets) != 1 || secrets[0].Text("GenerateSecretString.PasswordLength") != "43" {
		t.Errorf("got %+v", secrets)
	}
	hello, _ := got.Resource("HelloFunction")
	if condition, ok := hello.Properties["Policies"].([]any)[0].(object)["Statement"].([]any)[0].(object)["Condition"].(object); !ok || len(condition) != 1 {
		t.Errorf("an IAM policy's Condition must stay: %v", hello.Properties["Policies"])
	}
	odd, _ := got.Resource("Odd")
	if odd.Err == nil || !strings.Contains(odd.Err.Error(), "Fn::ImportValue") {
		t.Errorf("what nobody needs keeps its error for itself, got %v", odd.Err)
	}
}

func TestOutputs(t *testing.T) {
	want := []Output{
		{"Url", "Where the site is", "http://127.0.0.1:3000"},
		{"Role", "", "arn:aws:iam::000000000000:role/HelloFunctionRole"},
	}
	if got := small(t, Options{}).Outputs; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestFaultsNameThePlace(t *testing.T) {
	function := "Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: dist/f/, %s}}}"
	cases := map[string]struct{ yaml, want string }{
		"empty":              {"", "empty"},
		"not a map":          {"[1]", "map of sections"},
		"key twice":          {"Resources: {A: {Type: X}, A: {Type: X}}", `"A" stands there twice`},
		"unknown tag":        {strings.Replace(function, "%s", "Timeout: !Cidr [1]", 1), "Resources.F.Timeout: the local stack cannot resolve Fn::Cidr"},
		"unused tag":         {strings.Replace(function, "%s", `Timeout: !Join ["", [1]]`, 1), "Resources.F.Timeout: the local stack cannot resolve Fn::Join"},
		"other schedule":     {strings.Replace(function, "%s", "Events: {E: {Type: Schedule}}", 1), `does not know the event type "Schedule"`},
		"list parameter":     {"Parameters: {P: {Type: CommaDelimitedList, Default: a}}", "the parameter P has the type CommaDelimitedList"},
		"local index":        {"Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {LocalSecondaryIndexes: []}}}", "does not make LocalSecondaryIndexes"},
		"mapping resource":   {"Resources: {M: {Type: AWS::Lambda::EventSourceMapping}}", "use an event of the function"},
		"unknown ref":        {strings.Replace(function, "%s", "Timeout: !Ref Nobody", 1), `there is no parameter or resource "Nobody"`},
		"unknown event":      {strings.Replace(function, "%s", "Events: {E: {Type: Kinesis}}", 1), `Resources.F.Events.E: the local stack does not know the event type "Kinesis"`},
		"payload 1.0":        {strings.Replace(function, "%s", "Events: {E: {Type: HttpApi, Properties: {Path: /, Method: get, PayloadFormatVersion: '1.0'}}}", 1), "payload format 2.0"},
		"other authorizer":   {strings.Replace(function, "%s", "Events: {E: {Type: HttpApi, Properties: {Path: /, Method: get, Auth: {Authorizer: Jwt}}}}", 1), `authorizer "Jwt"`},
		"no number":          {strings.Replace(function, "%s", "Timeout: soon", 1), "no whole number"},
		"circle":             {"Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref T}}}", "refers to itself"},
		"missing parameter":  {"Parameters: {P: {Type: String}}", "parameter P has no default"},
		"not allowed":        {"Parameters: {P: {Type: String, Default: c, AllowedValues: [a, b]}}", "may be one of [a b]"},
		"unknown condition":  {"Resources: {A: {Type: X, Condition: Nope}}", `no condition "Nope"`},
		"unknown attribute":  {"Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !GetAtt Q.Odd}}, Q: {Type: AWS::SQS::Queue}}", "Q.Odd"},
		"no hash key":        {"Resources: {T: {Type: AWS::DynamoDB::Table, Properties: {}}}", "no HASH key"},
		"cors":               {"Resources: {A: {Type: AWS::Serverless::HttpApi, Properties: {CorsConfiguration: true}}}", "does not do CorsConfiguration"},
		"other lambda":       {"Resources: {A: {Type: AWS::Lambda::Function, Properties: {}}}", "use AWS::Serverless::Function"},
		"filter is no JSON":  {strings.Replace(function, "%s", "Events: {E: {Type: DynamoDB, Properties: {Stream: 'arn:aws:dynamodb:r:a:table/T/stream/local', FilterCriteria: {Filters: [{Pattern: '{'}]}}}}", 1), "no JSON"},
		"stream of no table": {strings.Replace(function, "%s", "Events: {E: {Type: DynamoDB, Properties: {Stream: 'arn:aws:dynamodb:r:a:table/T/stream/local'}}}", 1), "which has none"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.yaml), Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
}

func TestUnknownParameterIsRefused(t *testing.T) {
	data, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Parse(data, Options{Parameters: map[string]string{"Paec": "2"}})
	if err == nil || !strings.Contains(err.Error(), `no parameter "Paec"`) {
		t.Errorf("got %v", err)
	}
}
