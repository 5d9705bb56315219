package streams

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/template"
)

// heard collects the refs that a function was given.
type heard struct {
	mu     sync.Mutex
	refs   []string
	events []string
}

func (h *heard) do(_ context.Context, call runtime.Call) (runtime.Result, error) {
	var event struct {
		Records []struct {
			EventName, EventSourceARN string
			Dynamodb                  struct {
				Keys struct{ Ref struct{ S string } }
			}
		}
	}
	if err := json.Unmarshal(call.Payload, &event); err != nil {
		return runtime.Result{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range event.Records {
		h.refs = append(h.refs, r.Dynamodb.Keys.Ref.S)
		h.events = append(h.events, r.EventName)
	}
	return runtime.Result{}, nil
}

func (h *heard) wait(t *testing.T, want ...string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		h.mu.Lock()
		got := slices.Clone(h.refs)
		h.mu.Unlock()
		if slices.Equal(got, want) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("got %q, want %q", got, want)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func put(t *testing.T, client *dynamodb.Client, table, ref, pending string) {
	t.Helper()
	_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: map[string]types.AttributeValue{
		"ref": &types.AttributeValueMemberS{Value: ref}, "scope": &types.AttributeValueMemberS{Value: "email"},
		"pending": &types.AttributeValueMemberS{Value: pending}, "pending_at": &types.AttributeValueMemberS{Value: "2026"}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadsARealStreamAndGoesOnAfterARestart(t *testing.T) {
	client, table := testkit.StreamedTable(t, "OptOutsTable")
	path := filepath.Join(t.TempDir(), "streams.json")
	mapping := template.StreamMapping{LogicalID: "M", Function: "F", Table: table, Start: "TRIM_HORIZON", BatchSize: 10,
		Filters: []json.RawMessage{[]byte(`{"dynamodb":{"NewImage":{"pending":{"S":["ses"]}}}}`)}}
	put(t, client, table, "before", "ses")

	runs := []struct{ puts, want []string }{
		{[]string{"one:ses", "two:mail", "three:ses"}, []string{"before", "one", "three"}},
		{[]string{"four:ses"}, []string{"four"}},
	}
	for _, run := range runs {
		h := &heard{}
		stop := listen(t, client, mapping, h, path)
		for _, p := range run.puts {
			ref, pending, _ := strings.Cut(p, ":")
			put(t, client, table, ref, pending)
		}
		h.wait(t, run.want...)
		stop()
	}
}

func listen(t *testing.T, client *dynamodb.Client, mapping template.StreamMapping, h *heard, path string) (stop func()) {
	t.Helper()
	checkpoints, err := OpenCheckpoints(path)
	if err != nil {
		t.Fatal(err)
	}
	endpoint := testkit.DynamoDBEndpoint(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	config := Config{Mappings: []template.StreamMapping{mapping}, Tables: client, Do: h.do, Checkpoints: checkpoints,
		Streams: dynamodbstreams.NewFromConfig(database.AWS(), func(o *dynamodbstreams.Options) { o.BaseEndpoint = &endpoint }),
		NewID:   func() string { return "id" },
		Log:     slog.New(slog.DiscardHandler), Poll: 20 * time.Millisecond}
	go func() { done <- Run(ctx, config) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}

func TestATableWithoutAStreamIsAFault(t *testing.T) {
	client, table := testkit.Table(t, "OptOutsTable")
	err := Run(t.Context(), Config{Mappings: []template.StreamMapping{{LogicalID: "M", Table: table}}, Tables: client})
	if err == nil || !strings.Contains(err.Error(), "has no stream") {
		t.Errorf("got %v", err)
	}
}

// The event must be what Lambda sends: aws-lambda-go's own type reads it.
func TestConvert(t *testing.T) {
	text := func(s string) *string { return &s }
	created := time.Unix(1790193600, 0)
	got, err := convert(streamtypes.Record{
		EventID: text("id"), EventName: streamtypes.OperationTypeRemove, EventVersion: text("1.1"), AwsRegion: text("ddblocal"),
		UserIdentity: &streamtypes.Identity{Type: text("Service"), PrincipalId: text("dynamodb.amazonaws.com")},
		Dynamodb: &streamtypes.StreamRecord{ApproximateCreationDateTime: &created, SequenceNumber: text("7"), StreamViewType: "NEW_AND_OLD_IMAGES",
			Keys: map[string]streamtypes.AttributeValue{"ref": &streamtypes.AttributeValueMemberS{Value: "r"}},
			OldImage: map[string]streamtypes.AttributeValue{
				"b": &streamtypes.AttributeValueMemberB{Value: []byte{0, 255}}, "bs": &streamtypes.AttributeValueMemberBS{Value: [][]byte{{1}}},
				"n": &streamtypes.AttributeValueMemberN{Value: "1.50"}, "ns": &streamtypes.AttributeValueMemberNS{Value: []string{"1"}},
				"l":    &streamtypes.AttributeValueMemberL{Value: []streamtypes.AttributeValue{&streamtypes.AttributeValueMemberBOOL{Value: true}}},
				"m":    &streamtypes.AttributeValueMemberM{Value: map[string]streamtypes.AttributeValue{"x": &streamtypes.AttributeValueMemberNULL{Value: true}}},
				"set":  &streamtypes.AttributeValueMemberSS{Value: []string{"a"}},
				"text": &streamtypes.AttributeValueMemberS{Value: ""},
			}},
	}, "arn:aws:dynamodb:ddblocal:000000000000:table/T/stream/2026", func(t time.Time) time.Time { return t.Add(time.Hour) }, func() bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":1790197200,"Keys":{"ref":{"S":"r"}},` +
		`"OldImage":{"b":{"B":"AP8="},"bs":{"BS":["AQ=="]},"l":{"L":[{"BOOL":true}]},"m":{"M":{"x":{"NULL":true}}},"n":{"N":"1.50"},"ns":{"NS":["1"]},"set":{"SS":["a"]},"text":{"S":""}},` +
		`"SequenceNumber":"7","SizeBytes":0,"StreamViewType":"NEW_AND_OLD_IMAGES"},"eventID":"id","eventName":"REMOVE","eventSource":"aws:dynamodb",` +
		`"eventSourceARN":"arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/2026","eventVersion":"1.1","userIdentity":{"principalId":"dynamodb.amazonaws.com","type":"Service"}}`
	data, err := json.Marshal(got.event)
	if err != nil || string(data) != want {
		t.Errorf("got %s, %v", data, err)
	}
}

// A row that was past its time to live was deleted by the service, which names
// itself. A user's deletion names nobody.
func TestWhoDeleted(t *testing.T) {
	text := func(s string) *string { return &s }
	cases := map[string]struct {
		name    streamtypes.OperationType
		expired bool
		event   string
		by      any
	}{
		"TTL by the moved time":  {streamtypes.OperationTypeRemove, true, "REMOVE", "dynamodb.amazonaws.com"},
		"a user":                 {streamtypes.OperationTypeRemove, false, "REMOVE", nil},
		"a row that is put anew": {streamtypes.OperationTypeInsert, true, "INSERT", nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := convert(streamtypes.Record{EventName: c.name, Dynamodb: &streamtypes.StreamRecord{SequenceNumber: text("1")}}, "",
				func(t time.Time) time.Time { return t }, func() bool { return c.expired })
			if err != nil {
				t.Fatal(err)
			}
			who, _ := got.event["userIdentity"].(map[string]any)
			if got.event["eventName"] != c.event || who["principalId"] != c.by {
				t.Errorf("got %v by %v", got.event["eventName"], who)
			}
		})
	}
}
