package recoveries_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/recoveries"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/recovery"
	"privacydesk/shared/testkit"
)

// lost is a desk with a copy of its tables.
type lost struct {
	recoveries.Recovery
	was, is       *optouts.Store
	wasReq, isReq *requests.Store
}

func newLost(tb testing.TB) *lost {
	tb.Helper()
	db, is := testkit.Table(tb, "OptOutsTable")
	_, was := testkit.Table(tb, "OptOutsTable")
	_, isReq := testkit.Table(tb, "RequestsTable")
	_, wasReq := testkit.Table(tb, "RequestsTable")
	l := &lost{
		was: &optouts.Store{Table: dynamo.Table{DB: db, Name: was}, Periods: optouts.Periods{Jobs: time.Hour, Runs: time.Hour, Drifts: time.Hour}},
		is:  &optouts.Store{Table: dynamo.Table{DB: db, Name: is}}, wasReq: &requests.Store{Table: dynamo.Table{DB: db, Name: wasReq}, OptOuts: dynamo.Table{DB: db, Name: was}}, isReq: &requests.Store{Table: dynamo.Table{DB: db, Name: isReq}, OptOuts: dynamo.Table{DB: db, Name: is}},
	}
	l.Recovery = recoveries.Recovery{
		OptOuts: l.is, Requests: l.isReq, Copy: recoveries.Copy{OptOuts: was, Requests: wasReq, At: testkit.T0},
		Key: testkit.Key(tb), Now: testkit.T0.Add(48 * time.Hour), Random: &testkit.Random{},
	}
	return l
}

// bring runs it.
func (l *lost) bring(tb testing.TB) *recovery.Report {
	tb.Helper()
	r := l.Recovery
	report, err := r.Run(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return report
}

func choice(tb testing.TB, address string, scope optout.Scope, to optout.State, at time.Time) optout.Change {
	tb.Helper()
	a := testkit.Address(tb, address)
	c := optout.Change{Key: optout.Key{Ref: testkit.Key(tb).Ref(a), Scope: scope}, To: to, Address: a, Evidence: optout.Evidence{Source: optout.FromForm, At: at}}
	if to == optout.Paused {
		c.Until = at.AddDate(0, 0, 30)
	}
	return c
}

func applied(tb testing.TB, s *optouts.Store, c optout.Change) optout.Record {
	tb.Helper()
	r, err := s.Apply(context.Background(), c)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func recordOf(tb testing.TB, s *optouts.Store, k optout.Key) optout.Record {
	tb.Helper()
	found, err := s.Records(context.Background(), []optout.Key{k})
	if err != nil {
		tb.Fatal(err)
	}
	return found[k]
}

// put writes a row as it is.
func put(tb testing.TB, db *dynamodb.Client, table string, row map[string]string) {
	tb.Helper()
	item := map[string]types.AttributeValue{}
	for name, text := range row {
		if number, ok := strings.CutPrefix(text, "n:"); ok {
			item[name] = &types.AttributeValueMemberN{Value: number}
		} else {
			item[name] = &types.AttributeValueMemberS{Value: text}
		}
	}
	if _, err := db.PutItem(context.Background(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
		tb.Fatal(err)
	}
}

// all are the rows of a table as text.
func all(tb testing.TB, db *dynamodb.Client, table string) []string {
	tb.Helper()
	out, err := db.Scan(context.Background(), &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
	if err != nil {
		tb.Fatal(err)
	}
	var rows []string
	for _, i := range out.Items {
		row := map[string]any{}
		if err := attributevalue.UnmarshalMap(i, &row); err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, fmt.Sprint(row)) // sorted by name
	}
	slices.Sort(rows)
	return rows
}

// What comes back of a record, by what the copy has and what the table has.
func TestOptOutsComeBack(t *testing.T) {
	const email, news = optout.Scope("email"), optout.Scope("email/news")
	day := func(n int) time.Time { return testkit.T0.AddDate(0, 0, n) }
	cases := map[string]struct {
		scope           optout.Scope
		was, is         []optout.State // choices in the copy, then in the table
		known           bool           // SES knew of the copy's
		erased          int            // days after T0 at which the person was erased; 0: never
		state           optout.State   // in the end
		version         int
		pending, erases bool
	}{
		"an opt-out that is gone":           {scope: email, was: []optout.State{optout.Out}, state: optout.Out, version: 1, pending: true},
		"one that SES knew":                 {scope: email, was: []optout.State{optout.Out}, known: true, state: optout.Out, version: 1, pending: true},
		"of a topic":                        {scope: news, was: []optout.State{optout.Out}, state: optout.Out, version: 1},
		"a bounce":                          {scope: optout.Bounce.Scope(), was: []optout.State{optout.Out}, state: optout.Out, version: 1, pending: true},
		"a running pause":                   {scope: email, was: []optout.State{optout.Paused}, state: optout.Out, version: 1, pending: true},
		"a return":                          {scope: email, was: []optout.State{optout.Out, optout.In}},
		"a newer choice stands":             {scope: email, was: []optout.State{optout.Out}, is: []optout.State{optout.Out, optout.In}, state: optout.In, version: 2, pending: true},
		"a newer opt-out stands":            {scope: email, was: []optout.State{optout.Out, optout.In}, is: []optout.State{optout.Out}, state: optout.Out, version: 1, pending: true},
		"of somebody erased since":          {scope: email, was: []optout.State{optout.Out}, known: true, erased: 1, state: optout.Out, version: 1, erases: true},
		"of somebody erased long before it": {scope: email, was: []optout.State{optout.Out}, erased: -9, state: optout.Out, version: 1, pending: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLost(t)
			var k optout.Key
			for _, side := range []struct {
				table  *optouts.Store
				states []optout.State
			}{{l.was, c.was}, {l.is, c.is}} {
				for n, to := range side.states {
					made := choice(t, "zaphod@example.com", c.scope, to, testkit.T0.Add(time.Duration(n)*time.Minute))
					if k = made.Key; to != optout.Out && n > 0 {
						made.IfVersion = n
					}
					r := applied(t, side.table, made)
					if c.known {
						if err := side.table.MarkSynced(t.Context(), r, optout.Projection{Status: optout.Listed, At: testkit.T0}); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
			if c.erased != 0 {
				l.Erased = map[person.Ref]time.Time{k.Ref: day(c.erased)}
			}
			for range 2 { // the second run changes nothing
				l.bring(t)
				r := recordOf(t, l.is, k)
				if r.State != c.state || r.Version != c.version || r.Projection.DueAt.IsZero() == c.pending || r.Tombstone() != c.erases || r.Address.IsZero() != (c.erases || c.state == "") {
					t.Errorf("%+v", r)
				}
			}
			if r := recordOf(t, l.is, k); c.erases && !r.ErasedAt.Equal(day(c.erased)) {
				t.Errorf("erased at %s", r.ErasedAt)
			}
		})
	}
}

// Who was erased is known from the table of requests, from another record of
// theirs, and from the operator; whoever has no row left gets one.
func TestTheErasedStayErased(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	c := choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0)
	applied(t, l.was, c)
	put(t, l.is.Table.DB, l.isReq.Table.Name, map[string]string{
		"id": "PD-1", "row": "request", "ref": string(c.Ref), "standing": "confirmed#", "version": "n:3",
		"erase_from": "2026-11-22T12:00:00.000Z", "reduced_at": l.Now.Format("2006-01-02T15:04:05.000Z"), "head_seq": "n:0", "head_hash": "",
	})
	other := choice(t, "trillian@example.com", "sms", optout.Out, testkit.T0)
	applied(t, l.was, other)
	put(t, l.is.Table.DB, l.is.Table.Name, map[string]string{
		"ref": string(other.Ref), "scope": "email", "state": "out", "version": "n:1", "changed_at": "2026-11-22T12:00:00.000Z",
		"reduced_at": "2026-11-23T12:00:00.000Z", "erased_at": l.Now.Format("2006-01-02T15:04:05.000Z"),
	})
	gone := testkit.Key(t).Ref(testkit.Address(t, "marvin@example.com"))
	l.Erased = map[person.Ref]time.Time{gone: l.Now}
	l.bring(t)
	for _, k := range []optout.Key{c.Key, other.Key, {Ref: gone, Scope: "email"}} {
		if r := recordOf(t, l.is, k); !r.Tombstone() || r.State != optout.Out || !r.Address.IsZero() || !r.ErasedAt.Equal(l.Now) {
			t.Errorf("%s: %+v", k.Scope, r)
		}
	}
	for _, row := range all(t, l.is.Table.DB, l.is.Table.Name) {
		if strings.Contains(row, "example.com") {
			t.Errorf("an erased person is back: %s", row)
		}
	}
}

// A faulty release that brought people back is undone for those whom the copy
// has out, and for nobody else.
func TestSpoiltOptOuts(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	hour := func(n int) time.Time { return testkit.T0.Add(time.Duration(n) * time.Hour) }
	back := func(address string, at time.Time) optout.Key {
		c := choice(t, address, "email", optout.Out, testkit.T0)
		applied(t, l.was, c)
		applied(t, l.is, c)
		in := choice(t, address, "email", optout.In, at)
		in.IfVersion = 1
		applied(t, l.is, in)
		return c.Key
	}
	spoilt, own := back("zaphod@example.com", hour(3)), back("trillian@example.com", hour(1))
	broken := choice(t, "marvin@example.com", "email", optout.Out, testkit.T0)
	applied(t, l.was, broken)
	put(t, l.is.Table.DB, l.is.Table.Name, map[string]string{"ref": string(broken.Ref), "scope": "email", "state": "OUT", "version": "n:7"})
	l.Spoilt = recovery.Span{From: hour(2), To: hour(4)}
	for range 2 {
		l.bring(t)
		if r := recordOf(t, l.is, spoilt); r.State != optout.Out || r.Version != 3 || r.Projection.DueAt.IsZero() {
			t.Errorf("%+v", r)
		}
		if r := recordOf(t, l.is, own); r.State != optout.In {
			t.Errorf("a return of their own is undone: %+v", r)
		}
		if r := recordOf(t, l.is, broken.Key); r.State != optout.Out || r.Version != 8 {
			t.Errorf("%+v", r)
		}
	}
}

func TestAForeignCopyIsRefused(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	applied(t, l.was, choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0))
	l.Key, _ = person.NewKey(strings.Repeat("another", 9))
	r := l.Recovery
	if _, err := r.Run(t.Context()); err != recoveries.ErrForeignCopy {
		t.Fatal(err)
	}
	if rows := all(t, l.is.Table.DB, l.is.Table.Name); len(rows) != 0 {
		t.Error(rows)
	}
}

// A dry run counts as the run does, and writes nothing.
func TestADryRecoveryWritesNothing(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	kept, erased := choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0), choice(t, "trillian@example.com", "email", optout.Out, testkit.T0)
	applied(t, l.was, kept)
	applied(t, l.was, erased)
	l.Erased = map[person.Ref]time.Time{erased.Ref: l.Now}
	l.Dry = true
	dry := l.bring(t)
	if rows := all(t, l.is.Table.DB, l.is.Table.Name); len(rows) != 0 {
		t.Error(rows)
	}
	l.Dry = false
	if real := l.bring(t); !reflect.DeepEqual(dry, real) {
		t.Errorf("%+v, then %+v", dry, real)
	}
}
