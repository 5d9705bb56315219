package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/standin"
)

// whole is the function as it is wired, with DynamoDB Local and the stand-in.
type whole struct {
	*handler
	*optout.Service
	table *optouts.Store
	ses   *sesv2.Client
	mu    sync.Mutex
	calls map[string]int // of SES, by method and the path's first part
}

const referenceSecret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:ReferenceKeySecret"

func newWhole(tb testing.TB, config standin.Config) *whole {
	tb.Helper()
	db, name := testkit.Table(tb, "OptOutsTable")
	w := &whole{table: &optouts.Store{Table: dynamo.Table{DB: db, Name: name}}, calls: map[string]int{}}
	w.Service = &optout.Service{Store: w.table, Key: testkit.Key(tb), Now: time.Now, Zone: time.UTC}
	config.Secrets = []standin.Secret{{ARN: referenceSecret, Name: "ReferenceKeySecret", Value: `{"key":"a reference key for tests, 32 characters or more"}`}}
	config.Faults = func(r *http.Request) *standin.Fault {
		w.mu.Lock()
		defer w.mu.Unlock()
		if path, ok := strings.CutPrefix(r.URL.Path, "/v2/email/"); ok {
			if r.Header.Get("Amz-Sdk-Request") != "" {
				first, rest, _ := strings.Cut(path, "/")
				w.calls[r.Method+" "+first+map[bool]string{true: "", false: "/…"}[rest == "" || rest == "addresses"]]++
			}
		}
		return nil
	}
	server, err := standin.New(config)
	if err != nil {
		tb.Fatal(err)
	}
	stand := httptest.NewServer(server)
	tb.Cleanup(func() { stand.Close(); server.Close() })
	for name, value := range map[string]string{
		"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
		"AWS_ENDPOINT_URL": stand.URL, "AWS_ENDPOINT_URL_DYNAMODB": testkit.DynamoDBEndpoint(tb), "AWS_ENDPOINT_URL_S3": stand.URL + "/s3",
	} {
		tb.(interface{ Setenv(key, value string) }).Setenv(name, value)
	}
	clients := aws.New()
	w.handler = newSuppression(clients, wiring{table: name, key: referenceSecret, bucket: "bulk", perSec: 10_000, bulk: 300, now: time.Now})
	w.handler.figures, w.handler.log = &boot.Reporter{Out: os.Stderr, Now: time.Now}, slog.New(slog.DiscardHandler)
	if !testing.Verbose() {
		w.handler.figures.Out = new(strings.Builder)
	}
	w.ses = ses.NewClient(clients.Config("SESV2"))
	clients.Wait()
	return w
}

func (w *whole) people(tb testing.TB, n int) {
	tb.Helper()
	var wait sync.WaitGroup
	slots := make(chan struct{}, 16)
	for i := range n {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			_, err := w.Record(context.Background(), optout.Request{
				Address: testkit.Address(tb, fmt.Sprintf("p%06d@example.com", i)), Scopes: []optout.Scope{"email"}, Source: optout.FromForm,
			})
			if err != nil {
				tb.Error(err)
			}
		})
	}
	wait.Wait()
}

func (w *whole) listed(tb testing.TB) int {
	tb.Helper()
	total := 0
	pages := sesv2.NewListSuppressedDestinationsPaginator(w.ses, &sesv2.ListSuppressedDestinationsInput{PageSize: sdk.Int32(1000)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(tb.Context())
		if err != nil {
			tb.Fatal(err)
		}
		total += len(page.SuppressedDestinationSummaries)
	}
	return total
}

func (w *whole) run(tb testing.TB, e hint) answer {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	done, err := w.handle(ctx, e)
	if err != nil {
		tb.Fatal(err)
	}
	return done
}

// backlog is 10,000 opt-outs, or as many as BACKLOG says.
func backlog() int {
	if n, err := strconv.Atoi(os.Getenv("BACKLOG")); err == nil {
		return n
	}
	return 1000
}

// A backlog reaches SES in few jobs, and the table knows that it has.
func TestABacklogReachesSESInFewJobs(t *testing.T) {
	w := newWhole(t, standin.Config{})
	n := backlog()
	w.people(t, n)
	var spent time.Duration
	for runs := 0; ; runs++ {
		began := time.Now()
		w.run(t, hint{})
		spent += time.Since(began)
		count, _, err := w.table.Backlog(t.Context(), time.Now())
		left := 0
		jobs, jobsErr := w.table.Jobs(t.Context())
		for _, j := range jobs {
			for range w.table.Claimed(t.Context(), j.ID) {
				left++
			}
		}
		if err != nil || jobsErr != nil || runs > 60 {
			t.Fatalf("%d pending, %d in jobs: %v, %v", count, left, err, jobsErr)
		}
		if count == 0 && left == 0 {
			break
		}
		time.Sleep(2 * time.Second) // the schedule comes once a minute; the function looks at a job every 15 s
	}
	t.Logf("%d opt-outs: %v of Lambda time, calls %v", n, spent.Round(time.Millisecond), w.calls)
	if w.calls["POST import-jobs"] > 3 || w.listed(t) != n || w.calls["PUT suppression"] > 300 || spent > time.Minute {
		t.Errorf("calls %v, %d listed, %v", w.calls, w.listed(t), spent)
	}
}

func TestASandboxGetsThemOneByOne(t *testing.T) {
	w := newWhole(t, standin.Config{Sandbox: true})
	w.people(t, 350)
	w.run(t, hint{})
	w.run(t, hint{})
	if w.listed(t) != 350 || w.calls["POST import-jobs"] != 1 || w.calls["PUT suppression"] != 0 && w.calls["PUT suppression"] < 350 {
		t.Errorf("%d listed, calls %v", w.listed(t), w.calls)
	}
}

// A list that others have damaged is mended by one walk, with as many calls as
// pages and repairs.
func TestADamagedListIsMended(t *testing.T) {
	w := newWhole(t, standin.Config{})
	w.handler.syncer.(*suppression.Syncer).Bulk = nil
	w.people(t, 2200)
	w.run(t, hint{})
	for i := range 20 {
		at(t, w.ses, http.MethodDelete, fmt.Sprintf("p%06d@example.com", i))
		at(t, w.ses, http.MethodPut, fmt.Sprintf("Console%d@example.com", i))
	}
	w.calls = map[string]int{}
	if dry := w.run(t, hint{Reconcile: true, DryRun: true}).Drift; dry == nil || dry.Counts[suppression.Missing] != 20 || dry.Counts[suppression.Unrecorded] != 20 || dry.Calls != 3 || w.listed(t) != 2200 {
		t.Fatalf("dry run: %+v", dry)
	}
	w.calls = map[string]int{}
	drift := w.run(t, hint{Reconcile: true}).Drift
	if drift == nil || drift.Counts[suppression.Missing] != 20 || drift.Counts[suppression.Unrecorded] != 20 || drift.Calls != 3 || fmt.Sprint(w.calls) != "map[GET suppression:3 PUT suppression:20]" {
		t.Fatalf("%+v, calls %v", drift, w.calls)
	}
	w.run(t, hint{})
	if w.listed(t) != 2220 {
		t.Errorf("%d listed", w.listed(t))
	}
	if again := w.run(t, hint{Reconcile: true}).Drift; again == nil || again.Total() != 0 || again.Expected != 2220 {
		t.Errorf("the next walk: %+v", again)
	}
	reports, err := w.table.Drifts(t.Context(), 2)
	if err != nil || len(reports) != 2 || reports[0].Total() != 0 || reports[1].Total() != 40 || len(reports[1].Samples[suppression.Missing]) != 10 {
		t.Errorf("reports %+v, %v", reports, err)
	}
}

// at does to SES's list what a colleague does in the console.
func at(tb testing.TB, c *sesv2.Client, method, address string) {
	tb.Helper()
	var err error
	if method == http.MethodPut {
		_, err = c.PutSuppressedDestination(tb.Context(), &sesv2.PutSuppressedDestinationInput{EmailAddress: &address, Reason: "BOUNCE"})
	} else {
		_, err = c.DeleteSuppressedDestination(tb.Context(), &sesv2.DeleteSuppressedDestinationInput{EmailAddress: &address})
	}
	if err != nil {
		tb.Fatal(err)
	}
}
