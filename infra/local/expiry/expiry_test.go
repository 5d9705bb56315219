package expiry

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/runtime"
	"privacydesk/infra/local/streams"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/template"
)

// rig is a table with a stream, its rows named for how long they have, and a
// sweeper whose time the test moves.
type rig struct {
	*Sweeper
	table    template.Table
	endpoint string
	clock    *clock.Clock
}

func newRig(t *testing.T) *rig {
	t.Helper()
	endpoint := testkit.DynamoDBEndpoint(t)
	table := template.Table{Name: fmt.Sprintf("expiry-%d", time.Now().UnixNano()), TTL: "until", Stream: "NEW_AND_OLD_IMAGES",
		Attributes: []template.Attribute{{Name: "id", Type: "S"}, {Name: "n", Type: "N"}}, Key: template.Key{Hash: "id", Range: "n"}}
	client := database.Client(endpoint)
	if err := database.CreateTables(t.Context(), client, []template.Table{table}, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &table.Name})
	})
	c := clock.New(0)
	return &rig{table: table, endpoint: endpoint, clock: c, Sweeper: New(Config{Client: client, Tables: []template.Table{table},
		Now: c.Now, Moved: c.Moved, Log: slog.New(slog.DiscardHandler), Every: time.Hour})}
}

func (r *rig) put(t *testing.T, id string, until types.AttributeValue) {
	t.Helper()
	row := map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}, "n": &types.AttributeValueMemberN{Value: "1"}}
	if until != nil {
		row["until"] = until
	}
	if _, err := r.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &r.table.Name, Item: row}); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) left(t *testing.T) string {
	t.Helper()
	out, err := r.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &r.table.Name, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, row := range out.Items {
		ids = append(ids, text(row["id"]))
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

func in(d time.Duration) types.AttributeValue { return seconds(time.Now().Add(d)) }

const day = 24 * time.Hour

func TestSweepKeepsToTheMovedTime(t *testing.T) {
	r := newRig(t)
	for id, until := range map[string]types.AttributeValue{
		"a-over": in(-time.Minute), "b-hour": in(time.Hour), "c-month": in(30 * day), "d-month+": in(30*day + time.Hour), "e-always": nil,
		"f-text":    &types.AttributeValueMemberS{Value: "1"},
		"g-ancient": seconds(time.Now().AddDate(-5, 0, -7)), // DynamoDB takes it for no time to live
	} {
		r.put(t, id, until)
	}
	for _, step := range []struct {
		offset time.Duration
		left   string
	}{
		{-day, "a-over b-hour c-month d-month+ e-always f-text g-ancient"},
		{0, "b-hour c-month d-month+ e-always f-text g-ancient"},
		{30*day + time.Minute, "d-month+ e-always f-text g-ancient"},
		{3650 * day, "e-always f-text g-ancient"},
	} {
		r.clock.Set(step.offset)
		if err := r.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := r.left(t); got != step.left {
			t.Errorf("after %v: %s", step.offset, got)
		}
	}
}

func TestARowThatWasPutOffStays(t *testing.T) {
	r := newRig(t)
	r.put(t, "a", in(-time.Hour))
	seen, err := r.Client.Scan(t.Context(), r.scan(r.table))
	if err != nil || len(seen.Items) != 1 {
		t.Fatalf("%+v, %v", seen, err)
	}
	r.put(t, "a", in(time.Hour))
	if gone, err := r.delete(t.Context(), r.table, seen.Items[0]); gone || err != nil {
		t.Errorf("%v, %v", gone, err)
	}
	if r.left(t) != "a" || len(r.deleted) != 0 {
		t.Errorf("left %q, remembered %d", r.left(t), len(r.deleted))
	}
}

// heard are the deletions that a function hears of, and in whose name.
type heard struct {
	mu  sync.Mutex
	all map[string]string
}

func (h *heard) do(_ context.Context, call runtime.Call) (runtime.Result, error) {
	var event struct {
		Records []struct {
			EventName    string
			UserIdentity struct{ Type, PrincipalId string }
			Dynamodb     struct {
				Keys struct{ ID struct{ S string } }
			}
		}
	}
	if err := json.Unmarshal(call.Payload, &event); err != nil {
		return runtime.Result{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range event.Records {
		h.all[r.Dynamodb.Keys.ID.S] = r.EventName + " " + r.UserIdentity.Type + " " + r.UserIdentity.PrincipalId
	}
	return runtime.Result{}, nil
}

func (h *heard) of(id string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.all[id]
}

// Three deletions: by the moved time, by a user, and by DynamoDB Local's own TTL.
func TestStreamsTellWhoDeleted(t *testing.T) {
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	t.Cleanup(func() { cancel(); work.Wait() })
	checkpoints, err := streams.OpenCheckpoints("")
	if err != nil {
		t.Fatal(err)
	}
	h := &heard{all: map[string]string{}}
	filter := json.RawMessage(`{"eventName":["REMOVE"]}`)
	work.Go(func() {
		err := streams.Run(ctx, streams.Config{
			Mappings: []template.StreamMapping{{LogicalID: "M", Function: "F", Table: r.table.Name, Start: "TRIM_HORIZON", BatchSize: 10, Filters: []json.RawMessage{filter}}},
			Tables:   r.Client, Streams: dynamodbstreams.NewFromConfig(database.AWS(), func(o *dynamodbstreams.Options) { o.BaseEndpoint = &r.endpoint }),
			Do: h.do, DeadLetter: func(string, []byte) {}, Checkpoints: checkpoints, Log: slog.New(slog.DiscardHandler),
			NewID: func() string { return "id" }, Clock: r.clock, Expired: r.Deleted,
		})
		if err != nil {
			t.Error(err)
		}
	})
	work.Go(func() { _ = r.Run(ctx) })
	for _, id := range []string{"moved", "user", "kept"} {
		r.put(t, id, in(map[string]time.Duration{"moved": time.Hour, "user": 90 * day, "kept": 90 * day}[id]))
	}
	r.clock.Set(31 * day) // the sweeper hears of it
	key := map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "user"}, "n": &types.AttributeValueMemberN{Value: "1"}}
	if _, err := r.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &r.table.Name, Key: key}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"moved": "REMOVE Service dynamodb.amazonaws.com", "user": "REMOVE  "}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if h.of("moved") == want["moved"] && h.of("user") == want["user"] {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("heard %v", h.all)
		}
	}
	if got := r.left(t); got != "kept" {
		t.Errorf("left: %s", got)
	}
}

func TestOnlySoMuchIsRemembered(t *testing.T) {
	s := New(Config{Tables: []template.Table{{Name: "T", TTL: "until", Key: template.Key{Hash: "id"}}}})
	row := func(i int) func(string) string {
		return func(attribute string) string { return map[string]string{"id": fmt.Sprint(i), "until": "1"}[attribute] }
	}
	for i := range remembered + 1 {
		s.remember(mark(s.Tables[0], row(i)))
	}
	if s.Deleted("T", row(0)) || !s.Deleted("T", row(1)) || !s.Deleted("T", row(remembered)) || len(s.order) != remembered {
		t.Errorf("%d are remembered", len(s.order))
	}
	if s.Deleted("Other", row(1)) {
		t.Error("the row of another table")
	}
}

// A run that was under way when time moved writes by the time it began in.
func TestALateRowGoesSoonAfterAMove(t *testing.T) {
	r := newRig(t)
	ctx, stop := context.WithCancel(t.Context())
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	r.put(t, "expired", in(-time.Minute))
	work.Go(func() { _ = r.Run(ctx) })
	r.gone(t) // the sweeper listens from now on
	r.put(t, "early", in(time.Hour))
	r.clock.Set(31 * day)
	r.gone(t)
	r.put(t, "late", in(time.Hour))
	r.gone(t)
}

// gone waits until the table is empty; the sweeper's Every is an hour.
func (r *rig) gone(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(50 * time.Second); r.left(t) != ""; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("left: %s", r.left(t))
		}
	}
}
