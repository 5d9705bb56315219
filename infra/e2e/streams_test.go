package e2e

import (
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"privacydesk/infra/local/runtime"
	"privacydesk/infra/local/streams"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
)

// unreliable is between the stream and the function: it loses batches, doubles
// them, reverses their order, and hands them over late and mixed.
type unreliable struct {
	world  *world
	random *rand.Rand
	next   []int // outcomes still to come before any comes again: a slow machine sees few batches

	mu    sync.Mutex
	late  [][]byte
	count map[string]int
}

// Invoke takes a batch of the stream and does with it as chance has it.
func (u *unreliable) Invoke(tb testing.TB, batch []byte) ([]byte, string, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.next) == 0 {
		u.next = u.random.Perm(5)
	}
	outcome := []string{"lost", "doubled", "reversed", "late", "killed"}[u.next[0]]
	u.next = u.next[1:]
	u.count[outcome]++
	switch outcome {
	case "doubled":
		u.world.invoke(tb, batch)
		u.world.invoke(tb, batch)
	case "reversed":
		u.world.invoke(tb, reversed(tb, batch))
	case "late":
		u.late = append(u.late, batch)
	case "killed":
		killer := time.AfterFunc(time.Duration(u.random.IntN(60))*time.Millisecond, u.world.kill)
		u.world.invoke(tb, batch)
		killer.Stop()
	}
	for len(u.late) > 2 {
		at := u.random.IntN(len(u.late))
		u.world.invoke(tb, u.late[at])
		u.late = slices.Delete(u.late, at, at+1)
	}
	return []byte(`{"batchItemFailures":[]}`), "", nil
}

func reversed(tb testing.TB, batch []byte) []byte {
	tb.Helper()
	var event struct{ Records []json.RawMessage }
	if err := json.Unmarshal(batch, &event); err != nil {
		tb.Fatal(err)
	}
	slices.Reverse(event.Records)
	out, err := json.Marshal(event)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// Whatever becomes of the stream's records, the next run of the schedule makes
// the list equal to the table.
func TestStreamRecordsAreOnlyHints(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldConfig{stream: true})
	seed := uint64(time.Now().UnixNano())
	u := &unreliable{world: w, random: rand.New(rand.NewPCG(seed, 0)), count: map[string]int{}}
	stop := w.follow(t, u)
	began := time.Now()
	for rounds := 0; rounds < 30 || time.Since(began) < 5*time.Second; rounds++ {
		w.choose(t, w.leaves(t), []optout.State{optout.Out, optout.In, optout.Paused}[rounds%3])
		if rounds%5 == 0 {
			w.newPeople(t)
		}
		time.Sleep(100 * time.Millisecond)
	}
	stop()
	w.settled(t)
	t.Logf("batches: %v", u.count)
	if len(u.count) < 3 {
		t.Errorf("too few batches came through the stream to show anything: %v", u.count)
	}
}

// follow feeds the table's stream to the function as the template's mapping
// says, by way of u, until it is told to stop.
func (w *world) follow(t *testing.T, u *unreliable) (stop func()) {
	t.Helper()
	checkpoints, err := streams.OpenCheckpoints("")
	if err != nil {
		t.Fatal(err)
	}
	config := streams.Config{
		Tables: w.table.Table.DB, Checkpoints: checkpoints, Log: slog.New(slog.DiscardHandler), Poll: 20 * time.Millisecond, Backoff: 200 * time.Millisecond,
		NewID: func() string { return "id" },
		Streams: dynamodbstreams.NewFromConfig(database.AWS(), func(o *dynamodbstreams.Options) {
			endpoint := testkit.DynamoDBEndpoint(t)
			o.BaseEndpoint = &endpoint
		}),
		Do: func(_ context.Context, call runtime.Call) (runtime.Result, error) {
			answer, fault, err := u.Invoke(t, call.Payload)
			return runtime.Result{Payload: answer, FunctionError: fault}, err
		},
	}
	for _, mapping := range testkit.Template(t).Streams {
		if mapping.Function == "SuppressionFunction" {
			mapping.Table, mapping.Window = w.table.Table.Name, 100*time.Millisecond
			config.Mappings = append(config.Mappings, mapping)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- streams.Run(ctx, config) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
