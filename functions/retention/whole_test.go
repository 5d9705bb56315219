package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/standin"
)

// whole is the function on DynamoDB Local, with a meter on every call.
type whole struct {
	*handler
	db      *dynamodb.Client
	store   *disposals.Store
	signer  *audit.Signer
	clock   time.Time
	meter   *meter
	optOuts string
}

var now = time.Date(2030, 3, 1, 12, 0, 0, 0, time.UTC)

func newWhole(tb testing.TB) *whole {
	tb.Helper()
	plain, requestsTable := testkit.Table(tb, "RequestsTable")
	_, optOuts := testkit.Table(tb, "OptOutsTable")
	w := &whole{db: plain, clock: now, meter: &meter{calls: map[string]int{}}, optOuts: optOuts}
	db := w.meter.client(plain)
	w.store = &disposals.Store{
		Requests: &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}}, OptOuts: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}},
	}
	desk := testkit.Desk(tb)
	periods, err := schedule.New(desk)
	if err != nil {
		tb.Fatal(err)
	}
	if w.signer, err = audit.ParseSigner(`{"current":"k1","k1":"a key for the tests of certificates, long enough"}`); err != nil {
		tb.Fatal(err)
	}
	n := 0
	w.handler = &handler{
		zone: time.UTC, log: slog.New(slog.DiscardHandler), now: func() time.Time { return w.clock },
		figures: &boot.Reporter{Function: "retention", Out: new(strings.Builder), Now: time.Now},
		files:   &filing.Service{Store: w.store.Requests, Now: func() time.Time { return w.clock }, Random: &testkit.Random{}},
		sweeper: &disposal.Sweeper{
			Store: w.store, Publisher: publisher{aws.New().Bus(), slog.New(slog.DiscardHandler)}, Schedule: periods, Zone: time.UTC, Signer: w.signer, Issuer: "https://privacy.example.com",
			Build: "test", Now: func() time.Time { return w.clock }, NewID: func() string { n++; return fmt.Sprint("C", n) }, Random: &testkit.Random{},
		},
	}
	return w
}

func (w *whole) run(tb testing.TB, event string) disposal.Report {
	tb.Helper()
	a, err := w.handle(context.Background(), json.RawMessage(event))
	if err != nil {
		tb.Fatal(err)
	}
	return *a.Report
}

// plant writes so many opt-outs, known to SES, that were made then, by
// BatchWriteItem: nobody waits for a million calls.
func (w *whole) plant(tb testing.TB, name string, n int, made time.Time) {
	tb.Helper()
	var (
		wait  sync.WaitGroup
		slots = make(chan struct{}, 8)
	)
	for first := 0; first < n; first += 25 {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			var puts []types.WriteRequest
			for i := first; i < min(n, first+25); i++ {
				puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: optOut(fmt.Sprintf("%s%08d", name, i), made.Add(time.Duration(i)*time.Millisecond))}})
			}
			for len(puts) > 0 {
				out, err := w.db.BatchWriteItem(context.Background(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{w.optOuts: puts}})
				if err != nil {
					tb.Error(err)
					return
				}
				puts = out.UnprocessedItems[w.optOuts]
			}
		})
	}
	wait.Wait()
}

// optOut is a row as the table holds it, of the size that rows have.
func optOut(ref string, at time.Time) map[string]types.AttributeValue {
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	stamp := text(at.UTC().Format("2006-01-02T15:04:05.000Z"))
	ref += "-keyed-reference-of-43-characters"
	row := dynamo.Item{
		"ref": text(ref), "scope": text("email"), "state": text("out"), "version": &types.AttributeValueMemberN{Value: "1"},
		"address": text("zaphod.beeblebrox@example.com"), "first_at": stamp, "out_since": stamp, "changed_at": stamp, "source": text("form"),
		"form": text("www.example.com"), "ses": text("listed"), "ses_at": stamp, "disposal": text("opt-out-evidence"), "disposal_at": stamp,
	}
	return dynamo.Table{}.PutWrite(row).Put.Item
}

// Through the function's whole wiring: an order of erasure is carried out and
// the other systems hear of it, without an address.
func TestErasureIsHeard(t *testing.T) {
	server, err := standin.New(standin.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	var refuse bool
	bus := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body := new(strings.Builder)
		if _, err := fmt.Fprint(body, readAll(r)); err != nil {
			t.Error(err)
		}
		said = append(said, body.String())
		if refuse {
			fmt.Fprint(out, `{"FailedEntryCount":1,"Entries":[{"ErrorCode":"ThrottlingException"}]}`)
			return
		}
		r.Body = http.NoBody
		r2, _ := http.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), strings.NewReader(body.String()))
		r2.Header, r2.Host = r.Header, r.Host
		server.ServeHTTP(out, r2)
	}))
	t.Cleanup(func() { bus.Close(); server.Close() })
	for name, value := range map[string]string{"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL_EVENTBRIDGE": bus.URL} {
		t.Setenv(name, value)
	}
	w := newWhole(t)
	id := w.order(t)
	refuse = true
	if _, err := w.handle(t.Context(), json.RawMessage(`{"task":"continue"}`)); err == nil || strings.Contains(err.Error(), "@") {
		t.Errorf("nobody could be told, and the call says %v", err)
	}
	if f, err := w.store.Requests.File(t.Context(), id); err != nil || f.Request.Reduced() {
		t.Errorf("the order has ended: %v", err)
	}
	refuse, w.clock = false, w.clock.Add(15*time.Minute)
	rep := w.run(t, `{"task":"continue"}`)
	if f, err := w.store.Requests.File(t.Context(), id); err != nil || !f.Request.Reduced() || !rep.Whole {
		t.Errorf("%+v, %v", rep, err)
	}
	if len(said) != 2 {
		t.Fatalf("said %q", said)
	}
	for _, text := range said {
		if !strings.Contains(text, `"DetailType":"Person Erased"`) || !strings.Contains(text, `"Source":"privacydesk"`) || !strings.Contains(text, id) || strings.Contains(text, "@") {
			t.Errorf("said %s", text)
		}
	}
	if rep := w.run(t, `{"task":"continue"}`); rep.Run != "" || len(said) != 2 {
		t.Errorf("%+v, said %q", rep, said)
	}
}
