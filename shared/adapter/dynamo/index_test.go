package dynamo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
	"pgregory.net/rapid"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// planted are rows in the index Pending: when each is due, by its reference.
type planted map[string]time.Time

// plant writes rows of a kind, 25 a call.
func plant(tb testing.TB, db *dynamodb.Client, table, kind string, rows planted) {
	tb.Helper()
	var puts []types.WriteRequest
	for ref, at := range rows {
		row := spreadRow(item{"ref": str(ref), "scope": str("email"), "pending": str(kind), "pending_at": stamp(at), "disposal": str("opt-out-evidence"), "disposal_at": stamp(at), "version": num(1)})
		puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: row}})
	}
	for some := range slices.Chunk(puts, 25) {
		if _, err := db.BatchWriteItem(context.Background(), &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table: some}}); err != nil {
			tb.Fatal(err)
		}
	}
}

// inOrder reads a span and wants it oldest first; it returns the references.
func inOrder(tb testing.TB, x index, s span) []string {
	tb.Helper()
	var refs []string
	last := ""
	for i, err := range x.rows(context.Background(), s) {
		if err != nil {
			tb.Fatal(err)
		}
		if at := i.str(x.at); at < last {
			tb.Fatalf("%s comes after %s", at, last)
		}
		last = i.str(x.at)
		refs = append(refs, i.str("ref"))
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
		x := pendingOf(db, table)
		s := span{kind: kind, until: text(end), page: int32(rapid.IntRange(1, 20).Draw(r, "page"))}
		refs := inOrder(t, x, s)
		slices.Sort(refs)
		if len(refs) != want || len(slices.Compact(refs)) != want {
			r.Fatalf("%d rows, want %d", len(refs), want)
		}
		if n, err := x.count(t.Context(), s); err != nil || n != want {
			r.Fatalf("counted %d, %v", n, err)
		}
		var few []string
		for i, err := range x.waiting(t.Context(), s) {
			if err != nil {
				r.Fatal(err)
			}
			few = append(few, i.str("ref"))
		}
		if len(few) != want || !slices.IsSortedFunc(few, func(a, b string) int { return rows[a].Compare(rows[b]) }) {
			r.Fatalf("waiting: %d rows, want %d, or not in order", len(few), want)
		}
	})
}

// More rows than a page in several shards, and paging on from any place: each
// once, and oldest first, also where many have the same time.
func TestPagingToTheEnd(t *testing.T) {
	db, table := testkit.Table(t, "OptOutsTable")
	_, requests := testkit.Table(t, "RequestsTable")
	rows := planted{}
	for n := range 900 {
		rows[fmt.Sprintf("ref-%d", n)] = testkit.T0.Add(time.Duration(n/60) * time.Hour)
	}
	plant(t, db, table, pendingSES, rows)
	if refs := inOrder(t, pendingOf(db, table), span{kind: pendingSES, page: 7}); len(refs) != 900 || len(slices.Compact(slices.Sorted(slices.Values(refs)))) != 900 {
		t.Fatalf("%d rows", len(refs))
	}
	store := &OptOuts{DB: db, Table: table}
	if n, oldest, err := store.Backlog(t.Context(), testkit.T0.AddDate(1, 0, 0)); err != nil || n != 900 || !oldest.Equal(testkit.T0) {
		t.Errorf("backlog %d since %v, %v", n, oldest, err)
	}
	due := &Disposals{Requests: &Requests{DB: db, Table: requests}, OptOuts: store}
	for range 2 {
		seen, last := map[string]bool{}, time.Time{}
		for i, err := range due.Due(t.Context(), schedule.OptOutEvidence, testkit.T0.AddDate(1, 0, 0)) {
			if err != nil || seen[i.ID] || i.Start.Before(last) {
				t.Fatalf("%s twice, or %v after %v, %v", i.ID, i.Start, last, err)
			}
			if seen[i.ID], last = true, i.Start; len(seen) == 900 {
				break
			}
		}
		if len(seen) != 900 {
			t.Errorf("%d rows", len(seen))
		}
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
	plant(t, db, table, pendingSES, later)
	plant(t, db, table, pendingMail, mails)
	plant(t, db, table, pendingSES, planted{"due": testkit.T0})
	store := &OptOuts{DB: db, Table: table}
	var found []person.Ref
	for r, err := range store.Pending(t.Context(), testkit.T0) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, r.Ref)
	}
	if !slices.Equal(found, []person.Ref{"due"}) {
		t.Errorf("%q", found)
	}
	if n, oldest, err := store.Backlog(t.Context(), testkit.T0); n != 1 || !oldest.Equal(testkit.T0) || err != nil {
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
			plant(t, db, table, pendingSES, rows)
			var calls atomic.Int32
			counted := dynamodb.New(db.Options(), func(o *dynamodb.Options) {
				o.APIOptions = append(slices.Clone(o.APIOptions), counting(&calls))
			})
			for range (&OptOuts{DB: counted, Table: table}).Pending(t.Context(), testkit.T0) {
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
	k := optout.Key{Ref: "ref-1", Scope: "email"}
	want := Spread(pendingSES, "ref-1")
	if !strings.HasPrefix(want, "ses#") || gather(want) != "ses" || gather(Spread("job#a#b", "x")) != "job#a#b" || gather("") != "" {
		t.Errorf("%q", want)
	}
	u := newUpdate()
	u.put("pending", str(pendingSES))
	u.only("pending", str(pendingMail))
	in := u.input("table", optOutKey(k))
	if got := item(in.ExpressionAttributeValues); got.str(":pending") != want || got.str(":if_pending") != Spread(pendingMail, "ref-1") {
		t.Errorf("%v", got)
	}
	if u.values.str(":pending") != pendingSES {
		t.Error("an update that is written again is spread twice")
	}
	row := item{"id": str("PD-1"), "ref": str("ref-1"), "disposal": str("closed-request")}
	if got := spreadRow(row).str("disposal"); got != Spread("closed-request", "PD-1") || row.str("disposal") != "closed-request" {
		t.Errorf("%q: a row of a request goes by the request's reference", got)
	}
}

// A second with 10,000 opt-outs: no key of an index takes 1,000 writes.
func TestNoKeyTakesAThousandWrites(t *testing.T) {
	for what, most := range writesAKey(t) {
		t.Logf("%s: %d writes of the key that takes most", what, most)
		if most >= 1_000 {
			t.Errorf("%s: %d", what, most)
		}
	}
}

// BenchmarkWritesAKey prints the same.
func BenchmarkWritesAKey(b *testing.B) {
	var largest map[string]int
	for b.Loop() {
		largest = writesAKey(b)
	}
	for what, most := range largest {
		b.ReportMetric(float64(most), strings.ReplaceAll(what, " ", "-")+"/s")
	}
	b.ReportMetric(0, "ns/op")
}

// writesAKey counts what 10,000 opt-outs of people with random references write
// to each key of an index, and returns the largest count.
func writesAKey(tb testing.TB) map[string]int {
	tb.Helper()
	const people = 10_000
	counts := map[string]map[string]int{}
	write := func(what, key string) {
		if counts[what] == nil {
			counts[what] = map[string]int{}
		}
		counts[what][key]++
	}
	key := testkit.Key(tb)
	for n := range people {
		a := testkit.Address(tb, fmt.Sprintf("person.%d@example.com", n))
		k := optout.Key{Ref: key.Ref(a), Scope: "email"}
		out := changeUpdate(optout.Change{Key: k, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromOneClick, At: testkit.T0}})
		values := item(out.input("table", optOutKey(k)).ExpressionAttributeValues)
		write("opt-out, index Pending", values.str(":pending"))
		write("opt-out, index Disposal", values.str(":disposal"))
		// A time that moves is two writes: the row leaves one place and enters another, of the same key.
		for range 2 {
			write("opt-out again, index Pending", values.str(":pending"))
			write("opt-out again, index Disposal", values.str(":disposal"))
		}
		// A mark takes the row out of Pending, and Disposal has pending among its attributes.
		write("sync mark, index Pending", values.str(":pending"))
		write("sync mark, index Disposal", values.str(":disposal"))
		write("bulk job, index Pending", Spread(pendJob+"id", string(k.Ref)))
	}
	largest := map[string]int{}
	for what, keys := range counts {
		for _, n := range keys {
			largest[what] = max(largest[what], n)
		}
		if len(keys) != shards {
			tb.Errorf("%s: %d keys", what, len(keys))
		}
	}
	return largest
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
