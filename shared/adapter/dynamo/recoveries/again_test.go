package recoveries_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit"
)

// empty deletes all rows of a table.
func empty(tb testing.TB, l *lost, table string) {
	tb.Helper()
	out, err := l.is.Table.DB.Scan(context.Background(), &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
	if err != nil {
		tb.Fatal(err)
	}
	for _, i := range out.Items {
		key := map[string]types.AttributeValue{}
		for _, name := range []string{"id", "row"} {
			if table != l.isReq.Table.Name {
				name = map[string]string{"id": "ref", "row": "scope"}[name]
			}
			key[name] = i[name]
		}
		if _, err := l.is.Table.DB.DeleteItem(context.Background(), &dynamodb.DeleteItemInput{TableName: &table, Key: key}); err != nil {
			tb.Fatal(err)
		}
	}
}

// mixed is a desk of which much is lost: requests of several states and lengths, opt-outs, a hold, somebody erased.
func mixed(t *testing.T) *lost {
	l := newLost(t)
	f := asked(t, l.isReq, "PD-1", lifecycle.Fulfilled, 95)
	for range 10 {
		more(t, l.isReq, "PD-1")
	}
	asked(t, l.isReq, "PD-2", lifecycle.Fulfilled, 3)
	for _, scope := range []optout.Scope{"email", "sms", "email/news"} {
		applied(t, l.is, choice(t, "zaphod@example.com", scope, optout.Out, testkit.T0))
		applied(t, l.is, choice(t, "ford@example.com", scope, optout.Out, testkit.T0))
	}
	l.place(t)
	l.copied(t)
	l.Erased = map[person.Ref]time.Time{f.Request.Ref: l.Now}
	for _, table := range []string{l.is.Table.Name, l.isReq.Table.Name} {
		empty(t, l, table)
	}
	return l
}

// right checks that all of a mixed desk is back, once.
func (l *lost) right(t *testing.T) {
	t.Helper()
	for _, id := range []string{"PD-1", "PD-2"} {
		is, err := l.isReq.File(t.Context(), id)
		if err == nil {
			err = audit.Verify(is.Events, is.Request.Head)
		}
		if err != nil || !is.Request.Reduced() {
			t.Errorf("%s: reduced %v, %v", id, is.Request.Reduced(), err)
		}
	}
	rows := all(t, l.is.Table.DB, l.is.Table.Name)
	if len(rows) != 6 {
		t.Errorf("%d opt-outs: %s", len(rows), rows)
	}
	for _, row := range append(rows, all(t, l.is.Table.DB, l.isReq.Table.Name)...) {
		if strings.Contains(row, "zaphod") || strings.Contains(row, "note 0") {
			t.Errorf("an erased person is back: %s", row)
		}
		if strings.Contains(row, "pending:mail") {
			t.Errorf("a mail goes again: %s", row)
		}
	}
}

var errKilled = errors.New("killed")

// Killed before each of its writes in turn, it comes to the same end.
func TestARecoveryThatIsKilled(t *testing.T) {
	t.Parallel()
	l := mixed(t)
	for killed := 0; ; killed++ {
		for _, table := range []string{l.is.Table.Name, l.isReq.Table.Name} {
			empty(t, l, table)
		}
		n := 0
		r := l.Recovery
		r.Pace = func(context.Context, int) error {
			if n++; n > killed {
				return errKilled
			}
			return nil
		}
		_, err := r.Run(t.Context())
		if got := l.bring(t); len(got.Refused) != 0 {
			t.Errorf("killed after %d: %q", killed, got.Refused)
		}
		l.right(t)
		if err == nil {
			break
		}
		if !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
	}
}

// Two at once write nothing twice, and a third has nothing left to do.
func TestTwoRecoveriesAtOnce(t *testing.T) {
	t.Parallel()
	l := mixed(t)
	var both sync.WaitGroup
	for range 2 {
		r := l.Recovery
		r.Erased = map[person.Ref]time.Time{}
		for ref, at := range l.Erased {
			r.Erased[ref] = at
		}
		r.Random = &testkit.Random{}
		both.Go(func() {
			if _, err := r.Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if got := l.bring(t); len(got.Refused) != 0 || got.Kinds["request"].Back != 0 || got.Kinds["opt-out"].Back != 0 {
		t.Errorf("%+v", got)
	}
	l.right(t)
}

// What people do during the run stands.
func TestPeopleActDuringTheRun(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	c := choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0)
	applied(t, l.was, c)
	asked(t, l.wasReq, "PD-1", lifecycle.Open, 1)
	r := l.Recovery
	r.Pace = func(_ context.Context, _ int) error {
		if r := recordOf(t, l.is, c.Key); r.State == "" {
			applied(t, l.is, choice(t, "zaphod@example.com", "email", optout.Paused, l.Now))
		}
		return nil
	}
	report, err := r.Run(t.Context())
	if err != nil || report.Kinds["opt-out"].There != 1 || report.Kinds["opt-out"].Back != 0 {
		t.Errorf("%+v, %v", report.Kinds["opt-out"], err)
	}
	if r := recordOf(t, l.is, c.Key); r.State != optout.Paused {
		t.Errorf("%+v", r)
	}
}
