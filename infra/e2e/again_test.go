package e2e

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	"privacydesk/infra/local/runtime"
	"privacydesk/infra/local/stack"
	"privacydesk/infra/local/streams"
	"privacydesk/shared/testkit/database"
)

// A mail that comes while the database is away is tried again as Lambda does:
// after one minute, and after two more. No opt-out by mail is lost.
func TestAMailDuringAnOutageIsTriedAgain(t *testing.T) {
	t.Parallel()
	d, away := startFailing(t, "again-")
	first, _ := person(t)
	second, _ := person(t)
	unread := filepath.Join(d.Data, "dead-letters", "UnreadMailQueue.jsonl")
	fails := func(address string) {
		t.Helper()
		raw := "From: " + address + "\r\nTo: unsubscribe@in.example.com\r\nSubject: unsubscribe\r\n\r\nHello\r\n"
		got := do(t, request(t, http.MethodPost, d.AWS+"/inbound", raw, map[string]string{"Content-Type": "message/rfc822"}))
		if got.status == http.StatusOK {
			t.Fatalf("the mail was read without a database: %s", got.body)
		}
	}

	away.Store(true)
	fails(first)
	away.Store(false)
	d.travel(t, "+2m")
	wait(t, "the mail has been tried again", func() bool { return d.states(t, first) == "email=out" })

	away.Store(true)
	fails(second)
	failures := func() int {
		return strings.Count(string(d.shown.bytes()), "asynchronous invocation failed target=mailbox")
	}
	for tried := failures(); tried < 4; tried = failures() { // one of the first mail, three of the second
		d.travel(t, "+3m")
		wait(t, "the next try fails too", func() bool { return failures() > tried })
	}
	wait(t, "the mail is among the dead letters", func() bool {
		kept, _ := os.ReadFile(unread)
		return strings.Contains(string(kept), `"condition":"RetriesExhausted"`) && strings.Contains(string(kept), `"approximateInvokeCount":3`)
	})
	away.Store(false)
	d.accepted(t, do(t, request(t, http.MethodPost, d.AWS+"/redrive", "", nil)))
	wait(t, "the mail has been read after all", func() bool { return d.states(t, second) == "email=out" })
}

// A mapping that is made anew reads the stream from its start, which is up to a
// day of records that were dealt with long ago. That changes nothing.
func TestTheWholeStreamAgainChangesNothing(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	address, name := person(t)
	links := d.linksOf(t, address, name)
	d.oneClick(t, links["/u/{link}"])
	d.quiet(t)
	before := d.everything(t)
	var batches atomic.Int64
	checkpoints, err := streams.OpenCheckpoints("")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- streams.Run(ctx, streams.Config{
			Mappings: d.Template.Streams, Tables: database.Client(d.DynamoDB), Checkpoints: checkpoints, Log: slog.New(slog.DiscardHandler),
			NewID: func() string { return "again" }, DeadLetter: func(string, []byte) { t.Error("a batch was given up") },
			Streams: dynamodbstreams.NewFromConfig(database.AWS(), func(o *dynamodbstreams.Options) { o.BaseEndpoint = &d.DynamoDB }),
			Do: func(ctx context.Context, call runtime.Call) (runtime.Result, error) {
				result, err := d.Runtime.Do(ctx, call)
				if err == nil {
					batches.Add(1)
				}
				return result, err
			},
		})
	}()
	busy := 0 // no other systems, no rows of theirs
	for _, m := range d.Template.Streams {
		if m.Function != "SystemsFunction" {
			busy++
		}
	}
	wait(t, "all mappings have read the stream again", func() bool { return int(batches.Load()) >= busy })
	time.Sleep(2 * time.Second) // what is left of them, if anything
	d.quiet(t)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if after := d.everything(t); after != before {
		t.Errorf("before %s\nafter  %s", before, after)
	}
}
