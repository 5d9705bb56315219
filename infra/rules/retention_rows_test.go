package rules

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	requestrows "privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/dynamo/sessions"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
)

// midnight is when all rows of the test begin: that of a window too.
var midnight = testkit.T0.Truncate(24 * time.Hour)

type rowWriter func(context.Context, *optouts.Store, *counters.Store) error

// sentRequest writes a request, with the row that says that it was sent.
func sentRequest(ctx context.Context, t *optouts.Store, _ *counters.Store) error {
	store := &requestrows.Store{Table: dynamo.Table{DB: t.Table.DB, Name: "r"}}
	return store.Create(ctx, request.Creation{Step: request.Step{Request: request.Request{ID: "PD-0", Version: 1}}, Sending: &request.Sending{Key: "k", At: midnight}})
}

// expiring writes a row of each class that DynamoDB deletes by itself, its period beginning at midnight.
func expiring(tb testing.TB) map[schedule.Class][]rowWriter {
	run := suppression.Run{Drift: suppression.Drift{ID: "r", Started: midnight, Ended: midnight}}
	ask := optout.OptInConfirmation{Ref: "r", Address: testkit.Address(tb, "a@example.com"), QueuedAt: midnight}
	back := ask
	back.Confirmed, back.Versions = true, map[optout.Scope]int{"email": 0}
	links := mylinks.Asked{Ref: "r", Address: ask.Address, QueuedAt: midnight}
	return map[schedule.Class][]rowWriter{
		schedule.OptInConfirmation: {func(ctx context.Context, t *optouts.Store, _ *counters.Store) error {
			return t.ApplyAll(ctx, nil, &ask)
		}, func(ctx context.Context, t *optouts.Store, _ *counters.Store) error {
			return errors.Join(t.ApplyAll(ctx, nil, &back), (&letters.Store{OptOuts: t.Table}).End(ctx, optin.Letter(&back))) // it goes once its mail has gone
		}, func(ctx context.Context, t *optouts.Store, c *counters.Store) error {
			return (&letters.Store{OptOuts: t.Table, Counters: c}).AskForLinks(ctx, links, nil)
		}},
		schedule.SentRequest: {sentRequest},
		schedule.DeskSessions: {func(ctx context.Context, t *optouts.Store, _ *counters.Store) error {
			store := &sessions.Store{Table: dynamo.Table{DB: t.Table.DB, Name: "r"}}
			return store.Start(ctx, staff.Session{ID: "s", Account: staff.Account{ID: "a", Role: staff.Officer}, StartedAt: midnight, SeenAt: midnight})
		}},
		schedule.Counters: {func(ctx context.Context, _ *optouts.Store, c *counters.Store) error {
			return c.Take(ctx, quota.Limit{Name: "mail", Ref: "r", Max: 5, Per: 24 * time.Hour}) // the longest there is
		}},
		schedule.BulkJobs: {func(ctx context.Context, t *optouts.Store, _ *counters.Store) error {
			return t.SaveJob(ctx, suppression.Job{ID: "j", Started: midnight})
		}},
		schedule.Reconciliations: {
			func(ctx context.Context, t *optouts.Store, _ *counters.Store) error { return t.SaveRun(ctx, run) },
			func(ctx context.Context, t *optouts.Store, _ *counters.Store) error {
				return t.SaveSeen(ctx, run.ID, 0, []uint64{1}, midnight)
			},
		},
		schedule.DriftReports: {func(ctx context.Context, t *optouts.Store, _ *counters.Store) error { return t.Finish(ctx, run) }},
	}
}

var epochSeconds = regexp.MustCompile(`"N":"(\d{10})"`)

// tables are stores before a DynamoDB that takes everything and tells the end of a row's life.
func tables(tb testing.TB, kept optouts.Periods) (*optouts.Store, *counters.Store, func() []int64) {
	tb.Helper()
	var ends []int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for _, m := range epochSeconds.FindAllSubmatch(body, -1) {
			n, _ := strconv.ParseInt(string(m[1]), 10, 64)
			ends = append(ends, n)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = io.WriteString(w, "{}")
	}))
	tb.Cleanup(server.Close)
	db := database.Client(server.URL)
	return &optouts.Store{Table: dynamo.Table{DB: db, Name: "t"}, Periods: kept}, &counters.Store{Table: dynamo.Table{DB: db, Name: "c"}, Now: func() time.Time { return midnight }}, func() []int64 { return ends }
}

func TestRowsExpireAsScheduled(t *testing.T) {
	s := shippedSchedule(t)
	writers := expiring(t)
	for _, rule := range s.Rules() {
		if rule.How != schedule.ByTTL {
			continue
		}
		if len(writers[rule.Class]) == 0 {
			t.Errorf("no row of %s is written here: it is not known that it goes", rule.Class)
		}
		for i, write := range writers[rule.Class] {
			optOuts, counters, ends := tables(t, optouts.PeriodsOf(s))
			if err := write(t.Context(), optOuts, counters); err != nil {
				t.Fatal(err)
			}
			period, _ := rule.Period.Duration()
			if got, want := ends(), midnight.Add(period).Unix(); len(got) != 1 || got[0] != want {
				t.Errorf("row %d of %s goes at %d, want %d, %s after its start", i, rule.Class, got, want, rule.Period)
			}
		}
	}
}

// A store that was not told how long writes no row that would stay, or go at once.
func TestNoRowWithoutItsPeriod(t *testing.T) {
	writers := expiring(t)
	for _, class := range []schedule.Class{schedule.BulkJobs, schedule.Reconciliations, schedule.DriftReports} {
		for i, write := range writers[class] {
			optOuts, counters, ends := tables(t, optouts.Periods{})
			if err := write(t.Context(), optOuts, counters); err == nil || len(ends()) != 0 {
				t.Errorf("row %d of %s was written: %v", i, class, err)
			}
		}
	}
}

// A new kind of row that DynamoDB deletes must be tried above, and so get a class.
func TestEveryExpiringRowIsTried(t *testing.T) {
	tried, rows := 0, 0
	for _, writers := range expiring(t) {
		tried += len(writers)
	}
	for line := range strings.Lines(read(t, root+"/shared/adapter/dynamo/doc.go")) {
		if strings.HasPrefix(line, "//\t") && strings.Contains(line, " expires_at") {
			rows++
		}
	}
	if tried != rows {
		t.Errorf("shared/adapter/dynamo/doc.go has %d kinds of rows with expires_at, %d are tried here", rows, tried)
	}
	base, _ := filepath.Glob(root + "/shared/adapter/dynamo/*.go")
	stores, _ := filepath.Glob(root + "/shared/adapter/dynamo/*/*.go")
	files := slices.Concat(base, stores)
	known := []string{"confirmations.go", "counters.go", "item.go", "store.go"} // the last has Item.Expire
	for _, file := range files {
		if name := filepath.Base(file); !strings.HasSuffix(name, "_test.go") && !slices.Contains(known, name) && strings.Contains(read(t, file), `"expires_at"`) {
			t.Errorf("shared/adapter/dynamo/%s writes expires_at by itself; Item.Expire takes the schedule's period", name)
		}
	}
}
