package aws

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/faults"
)

// far is a DynamoDB that knows one answer, behind a relay.
type far struct {
	relay   *faults.Relay
	db      *dynamodb.Client
	meeting atomic.Pointer[sync.WaitGroup] // calls wait for each other; nil: none does
}

func newFar(tb testing.TB, p Patience, how faults.Forgetting) *far {
	tb.Helper()
	f := &far{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if m := f.meeting.Load(); m != nil {
			m.Done()
			m.Wait()
		}
		_, _ = io.WriteString(w, "{}")
	}))
	tb.Cleanup(server.Close)
	var err error
	if f.relay, err = faults.NewRelay(server.URL, 0, how); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(f.relay.Close)
	tb.Setenv("AWS_ENDPOINT_URL_DYNAMODB", f.relay.URL)
	tb.Setenv("AWS_REGION", "us-east-1")
	cloud := New()
	f.db = cloud.DynamoDB(p)
	cloud.Wait()
	return f
}

// write is a call that net/http does not repeat.
func (f *far) write(tb testing.TB) {
	tb.Helper()
	_, err := f.db.UpdateItem(tb.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String("OptOuts"), Key: map[string]types.AttributeValue{"ref": &types.AttributeValueMemberS{Value: "r"}},
	})
	if err != nil {
		tb.Error(err)
	}
}

var ways = map[string]faults.Forgetting{"RST": faults.Reset, "FIN": faults.Finish, "black hole": faults.Swallow}

// However many connections have died, the second try is over a new one.
func TestTheSecondTryIsOverANewConnection(t *testing.T) {
	t.Setenv("AWS_NEW_RETRIES_2026", "true")
	for name, how := range ways {
		t.Run(name, func(t *testing.T) {
			f := newFar(t, Patience{Idle: time.Hour, Answer: 300 * time.Millisecond, Call: time.Second}, how)
			const many = 6 // more than there are tries
			var meeting, calls sync.WaitGroup
			meeting.Add(many)
			f.meeting.Store(&meeting)
			for range many {
				calls.Go(func() { f.write(t) })
			}
			calls.Wait()
			f.meeting.Store(nil)
			f.relay.Forget()
			f.write(t)
			if how != faults.Finish && f.relay.Dead() != 1 {
				t.Errorf("%d tries over dead connections", f.relay.Dead())
			}
		})
	}
}

// As template.yaml starts a function, the SDK that is linked does not wait a
// second before it tries again.
func TestTheNextTryComesSoon(t *testing.T) {
	f, _ := testkit.Template(t).Function("unsubscribe")
	const variable = "AWS_NEW_RETRIES_2026"
	t.Setenv(variable, f.Environment[variable])
	retryer := newFar(t, Prompt, faults.Reset).db.Options().Retryer
	for range 100 {
		if delay, err := retryer.RetryDelay(0, errors.New("connection reset")); err != nil || delay > 25*time.Millisecond {
			t.Fatalf("after %v, %v", delay, err)
		}
	}
}

// Calls that nothing repeats use no connection that may have died meanwhile.
func TestOneCallOneConnection(t *testing.T) {
	for name, call := range map[string]func(context.Context, *Clients) error{
		"secret":     func(ctx context.Context, a *Clients) error { _, err := a.Secrets(ctx, "arn"); return err },
		"event":      func(ctx context.Context, a *Clients) error { return a.Bus().Put(ctx, "Erased", time.Now(), "x") },
		"put object": func(ctx context.Context, a *Clients) error { return a.Bucket("b").Put(ctx, "k", []byte("x")) },
		"SES": func(ctx context.Context, a *Clients) error {
			cfg := a.Config("SESV2")
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, *cfg.BaseEndpoint, strings.NewReader("{}"))
			if err == nil {
				_, err = a.answer(r, "send")
			}
			return errors.Join(err, same(cfg.HTTPClient, a.once))
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `{"SecretString":"s","FailedEntryCount":0,"Entries":[{}]}`)
			}))
			defer server.Close()
			relay, err := faults.NewRelay(server.URL, 0, faults.Reset)
			if err != nil {
				t.Fatal(err)
			}
			defer relay.Close()
			t.Setenv("AWS_ENDPOINT_URL", relay.URL)
			cloud := New()
			first := call(t.Context(), cloud)
			relay.Forget()
			time.Sleep(Cautious.Idle + 100*time.Millisecond)
			if err := errors.Join(first, call(t.Context(), cloud)); err != nil {
				t.Error(err)
			}
			if relay.Dead() > 0 {
				t.Error("a dead connection was used")
			}
		})
	}
}

func same(a aws.HTTPClient, b *http.Client) error {
	if a != b {
		return errors.New("another HTTP client")
	}
	return nil
}

// Two tries, each as slow as can be, fit into the 8.5 s that a request has.
func TestTwoTriesFitIntoARequest(t *testing.T) {
	if Prompt.Answer > Prompt.Call || 2*Prompt.Call > 8500*time.Millisecond {
		t.Errorf("%+v", Prompt)
	}
}

// BenchmarkDeadConnection is what a person waits for a write whose connection
// died while the function was frozen: as the SDK repeats by itself, and as we
// have it.
func BenchmarkDeadConnection(b *testing.B) {
	for name, how := range ways {
		for kind, c := range map[string]struct {
			patience Patience
			retries  string
		}{"SDK": {Steady, ""}, "ours": {Prompt, "true"}} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.Setenv("AWS_NEW_RETRIES_2026", c.retries)
				f := newFar(b, c.patience, how)
				var took []time.Duration
				for b.Loop() {
					f.write(b)
					f.relay.Forget()
					began := time.Now()
					f.write(b)
					took = append(took, time.Since(began))
				}
				slices.Sort(took)
				for figure, at := range map[string]int{"median-ms": len(took) / 2, "p90-ms": len(took) * 9 / 10, "max-ms": len(took) - 1} {
					b.ReportMetric(float64(took[at].Microseconds())/1000, figure)
				}
			})
		}
	}
}
