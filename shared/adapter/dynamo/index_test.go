package dynamo

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
	"pgregory.net/rapid"

	"privacydesk/shared/domain/patch"
	"privacydesk/shared/testkit"
)

// planted are rows in the index Pending: when each is due, by its reference.
type planted map[string]time.Time

// plant writes rows of a kind, 25 a call.
func plant(tb testing.TB, db *dynamodb.Client, table, kind string, rows planted) {
	tb.Helper()
	var puts []types.WriteRequest
	for ref, at := range rows {
		row := spreadRow(Item{"ref": Str(ref), "scope": Str("email"), "pending": Str(kind), "pending_at": Stamp(at), "disposal": Str("opt-out-evidence"), "disposal_at": Stamp(at), "version": Num(1)})
		puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: row}})
	}
	for some := range slices.Chunk(puts, 25) {
		if _, err := db.BatchWriteItem(context.Background(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table: some}}); err != nil {
			tb.Fatal(err)
		}
	}
}

func readAll(x Index, s Span) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) { x.read(context.Background(), s, yield) }
}

// inOrder reads a span and wants it oldest first; it returns the references.
func inOrder(tb testing.TB, x Index, s Span) []string {
	tb.Helper()
	var refs []string
	last := ""
	for i, err := range readAll(x, s) {
		if err != nil {
			tb.Fatal(err)
		}
		if at := i.Str(x.at); at < last {
			tb.Fatalf("%s comes after %s", at, last)
		}
		last = i.Str(x.at)
		refs = append(refs, i.Str("ref"))
	}
	return refs
}

// Over all shards: oldest first, each once, none beyond the end, whatever the
// page.
func TestOldestFirstOverAllShards(t *testing.T) {
	db, table := testkit.Table(t, "OptOutsTable")
	checks := 0
	rapid.Check(t, func(r *rapid.T) {
		checks++ // in one table: a kind for each
		kind, rows, want := fmt.Sprintf("job#%d", checks), planted{}, 0
		end := testkit.T0.Add(time.Duration(rapid.IntRange(0, 60).Draw(r, "end")) * time.Second)
		for n := range rapid.IntRange(0, 150).Draw(r, "rows") {
			at := testkit.T0.Add(time.Duration(rapid.IntRange(0, 60).Draw(r, "at")) * time.Second)
			rows[fmt.Sprintf("ref-%d-%d", checks, n)] = at
			if !at.After(end) {
				want++
			}
		}
		plant(t, db, table, kind, rows)
		x := Table{db, table}.Pending()
		s := Span{Kind: kind, Until: end, Page: rapid.IntRange(1, 20).Draw(r, "page")}
		refs := inOrder(t, x, s)
		slices.Sort(refs)
		if len(refs) != want || len(slices.Compact(refs)) != want {
			r.Fatalf("%d rows, want %d", len(refs), want)
		}
		if n, err := x.Count(t.Context(), s); err != nil || n != want {
			r.Fatalf("counted %d, %v", n, err)
		}
		var few []string
		for i, err := range x.Rows(t.Context(), kind, end) {
			if err != nil {
				r.Fatal(err)
			}
			few = append(few, i.Str("ref"))
		}
		if len(few) != want || !slices.IsSortedFunc(few, func(a, b string) int { return rows[a].Compare(rows[b]) }) {
			r.Fatalf("waiting: %d rows, want %d, or not in order", len(few), want)
		}
	})
}

// More rows than a page in several shards, and reading on from any of them: each
// once, and oldest first, also where many have the same time.
func TestPagingToTheEnd(t *testing.T) {
	db, table := testkit.Table(t, "OptOutsTable")
	rows := planted{}
	for n := range 900 {
		rows[fmt.Sprintf("ref-%d", n)] = testkit.T0.Add(time.Duration(n/60) * time.Hour)
	}
	plant(t, db, table, "ses", rows)
	x := Table{db, table}.Pending()
	if refs := inOrder(t, x, Span{Kind: "ses", Page: 7}); len(refs) != 900 || len(slices.Compact(slices.Sorted(slices.Values(refs)))) != 900 {
		t.Fatalf("%d rows", len(refs))
	}
	if n, oldest, err := x.Backlog(t.Context(), []string{"ses"}, testkit.T0.AddDate(1, 0, 0), testkit.T0.AddDate(1, 0, 0)); err != nil || n != 900 || !oldest.Equal(testkit.T0) {
		t.Errorf("backlog %d since %v, %v", n, oldest, err)
	}
}

// Many rows wait for a time to come: what is due is found all the same, and
// nothing of another kind.
func TestDueAmongMany(t *testing.T) {
	db, table := testkit.Table(t, "OptOutsTable")
	later, mails := planted{}, planted{}
	for n := range fewPending {
		later[fmt.Sprintf("later-%d", n)] = testkit.T0.AddDate(0, 1, 0)
		mails[fmt.Sprintf("mail-%d", n)] = testkit.T0
	}
	plant(t, db, table, "ses", later)
	plant(t, db, table, PendingMail, mails)
	plant(t, db, table, "ses", planted{"due": testkit.T0})
	x := Table{DB: db, Name: table}.Pending()
	var found []string
	for r, err := range x.Rows(t.Context(), "ses", testkit.T0) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, r.Str("ref"))
	}
	if !slices.Equal(found, []string{"due"}) {
		t.Errorf("%q", found)
	}
	if n, oldest, err := x.Backlog(t.Context(), []string{"ses"}, testkit.T0, testkit.T0); n != 1 || !oldest.Equal(testkit.T0) || err != nil {
		t.Errorf("%d since %v, %v", n, oldest, err)
	}
}

// What idle runs cost: one call where few rows are pending, whatever they wait
// for, and one for each shard else.
func TestCallsOfALook(t *testing.T) {
	for name, c := range map[string]struct{ later, calls int }{"nothing pending": {0, 1}, "some are paused": {50, 1}, "many are": {fewPending, 1 + shards}} {
		t.Run(name, func(t *testing.T) {
			db, table := testkit.Table(t, "OptOutsTable")
			rows := planted{}
			for n := range c.later {
				rows[fmt.Sprint("later-", n)] = testkit.T0.AddDate(0, 1, 0)
			}
			plant(t, db, table, "ses", rows)
			var calls atomic.Int32
			counted := dynamodb.New(db.Options(), func(o *dynamodb.Options) {
				o.APIOptions = append(slices.Clone(o.APIOptions), counting(&calls))
			})
			for range (Table{DB: counted, Name: table}).Pending().Rows(t.Context(), "ses", testkit.T0) {
				t.Error("nothing is due")
			}
			if n := int(calls.Load()); n != c.calls {
				t.Errorf("%d calls, want %d", n, c.calls)
			}
		})
	}
}

// Every write of a kind goes through one place: an update, a condition, a row
// written whole.
func TestKindsAreSpreadWhereverTheyAreWritten(t *testing.T) {
	key := Item{"ref": Str("ref-1"), "scope": Str("email")}
	want := spread("ses", shard("ref-1"))
	if !strings.HasPrefix(want, "ses#") || gather(want) != "ses" || gather(spread("job#a#b", shard("x"))) != "job#a#b" || gather("") != "" {
		t.Errorf("%q", want)
	}
	var u patch.Patch
	u.Set("pending", "ses")
	u.If(patch.Is("pending", PendingMail))
	_ = Table{Name: "table"}.UpdateWrite(key, u) // an update that is written again is not spread twice
	in := Table{Name: "table"}.UpdateWrite(key, u).Update
	if got := Item(in.ExpressionAttributeValues); got.Str(":pending") != want || got.Str(":if_pending") != spread(PendingMail, shard("ref-1")) {
		t.Errorf("%v", got)
	}
	row := Item{"id": Str("PD-1"), "ref": Str("ref-1"), "disposal": Str("closed-request")}
	if got := spreadRow(row).Str("disposal"); got != spread("closed-request", shard("PD-1")) || row.Str("disposal") != "closed-request" {
		t.Errorf("%q: a row of a request goes by the request's reference", got)
	}
}

// counting counts the calls of a client.
func counting(calls *atomic.Int32) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("counting", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			calls.Add(1)
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	}
}
