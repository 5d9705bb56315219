package queues

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"privacydesk/shared/testkit/template"
)

const topic, queueARN, deadARN = "arn:topic", "arn:queue", "arn:dead"

// rig is a broker whose function answers as the test says.
type rig struct {
	*Broker
	mu      sync.Mutex
	batches [][]string // bodies, as the function got them
	letters []Letter
}

func start(t *testing.T, ctx context.Context, answer func(ids []string, bodies []string) (string, error)) *rig {
	r := &rig{}
	n := 0
	r.Broker = New(Config{
		Queues:      []template.Queue{{LogicalID: "Queue", ARN: queueARN, Visibility: 3 * time.Minute, MaxReceives: 3, DeadLetters: deadARN}, {ARN: deadARN}},
		Pollers:     []template.Poller{{LogicalID: "Poll", Function: "F", Queue: queueARN, BatchSize: 10, Window: time.Second, ReportFailures: true}},
		Subscribers: []template.Subscriber{{Topic: topic, Queue: queueARN}, {Topic: "arn:raw", Queue: queueARN, Raw: true}},
		Invoke: func(_ context.Context, _ string, payload []byte) ([]byte, string, error) {
			var event struct {
				Records []struct{ MessageID, Body string }
			}
			if err := json.Unmarshal(payload, &event); err != nil {
				t.Error(err)
			}
			var ids, bodies []string
			for _, m := range event.Records {
				ids, bodies = append(ids, m.MessageID), append(bodies, m.Body)
			}
			r.mu.Lock()
			r.batches = append(r.batches, bodies)
			r.mu.Unlock()
			text, err := answer(ids, bodies)
			return []byte(text), "", err
		},
		DeadLetter: func(queue string, raw []byte) {
			var l Letter
			if err := json.Unmarshal(raw, &l); err != nil || queue != deadARN {
				t.Error(queue, err)
			}
			r.mu.Lock()
			r.letters = append(r.letters, l)
			r.mu.Unlock()
		},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, NewID: func() string { n++; return fmt.Sprint("id-", n) },
	})
	go r.Run(ctx)
	return r
}

// seen are the batches up to now, while more may come.
func (r *rig) seen() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprint(r.batches)
}

func failing(bad string) func(ids, bodies []string) (string, error) {
	return func(ids, bodies []string) (string, error) {
		var failed []string
		for i, body := range bodies {
			if body == bad {
				failed = append(failed, `{"itemIdentifier":"`+ids[i]+`"}`)
			}
		}
		return `{"batchItemFailures":[` + strings.Join(failed, ",") + `]}`, nil
	}
}

func TestOneMessageFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		r := start(t, ctx, failing("bad"))
		for _, body := range []string{"a", "bad", "b"} {
			r.Publish("arn:raw", "", body)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := r.seen(); got != "[[a bad b]]" {
			t.Errorf("batches %s", got)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if got := r.seen(); got != "[[a bad b] [bad] [bad]]" {
			t.Errorf("batches %s", got)
		}
		if len(r.letters) != 1 || r.letters[0].Body != "bad" || r.letters[0].Received != 3 {
			t.Errorf("letters %+v", r.letters)
		}
		stop()
		synctest.Wait()
	})
}

func TestAFailedFunctionLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		calls := 0
		r := start(t, ctx, func([]string, []string) (string, error) {
			if calls++; calls == 1 {
				return "", errors.New("killed")
			}
			return "", nil
		})
		for i := range 12 {
			r.Publish("arn:raw", "", fmt.Sprint(i))
		}
		time.Sleep(4 * time.Minute)
		synctest.Wait()
		total := 0
		for _, b := range r.batches[1:] {
			total += len(b)
		}
		if len(r.batches[0]) != 10 || total != 12 || len(r.letters) != 0 {
			t.Errorf("batches %v, letters %v", r.batches, r.letters)
		}
		stop()
		synctest.Wait()
	})
}

func TestTopicsWrap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		r := start(t, ctx, func([]string, []string) (string, error) { return "", nil })
		r.Publish(topic, "a subject", `{"eventType":"Send"}`)
		r.Publish("arn:other", "", "nobody listens")
		time.Sleep(5 * time.Second)
		synctest.Wait()
		var n struct{ Type, TopicArn, Message, Subject string }
		if len(r.batches) != 1 || json.Unmarshal([]byte(r.batches[0][0]), &n) != nil || n.Type != "Notification" || n.TopicArn != topic || n.Message != `{"eventType":"Send"}` {
			t.Errorf("%v", r.batches)
		}
		if source, ok := r.SourceOf(deadARN); !ok || source != queueARN {
			t.Errorf("source %s", source)
		}
		if r.Send("arn:nowhere", "x") == nil {
			t.Error("sent to nowhere")
		}
		stop()
		synctest.Wait()
	})
}

// What waits when the stack stops goes on in the next, with its age and what it
// has been through. Time that was moved takes no message away.
func TestStoppingKeepsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		r := start(t, ctx, failing("bad"))
		r.Publish("arn:raw", "", "good")
		r.Publish("arn:raw", "", "bad")
		time.Sleep(4 * time.Minute) // received twice, and hidden
		stop()
		synctest.Wait()
		r.Publish("arn:raw", "", "late")
		kept := r.Waiting()
		if got := kept[queueARN]; len(kept) != 1 || len(got) != 2 || got[0].Body != "bad" || got[0].Received != 2 || got[1].Body != "late" {
			t.Fatalf("kept %+v", kept)
		}
		time.Sleep(31 * 24 * time.Hour)
		ctx, stop = context.WithCancel(t.Context())
		defer stop()
		again := start(t, ctx, failing("bad"))
		again.Resume(kept)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if got := again.seen(); got != "[[bad late]]" || len(again.letters) != 1 || !again.letters[0].Sent.Equal(kept[queueARN][0].Sent) {
			t.Errorf("batches %s, letters %+v", got, again.letters)
		}
		stop()
		synctest.Wait()
	})
}
