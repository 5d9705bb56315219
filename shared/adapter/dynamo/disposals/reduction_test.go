package disposals_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
	"privacydesk/shared/testkit/ruled"
)

func disposalTables(tb testing.TB, most int) contract.DisposalTables {
	db, requestsTable := ruled.Table(tb, "RequestsTable")
	_, optOuts := ruled.Table(tb, "OptOutsTable")
	return contract.DisposalTables{
		Requests: disposalRequests{Store: &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}}, Most: most},
		OptOuts:  disposalOptOuts{Store: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}},
		Outbox:   &letters.Store{OptOuts: dynamo.Table{DB: db, Name: optOuts}, Requests: dynamo.Table{DB: db, Name: requestsTable}},
	}
}

func TestDisposalOnDynamoDBLocal(t *testing.T) {
	for name, most := range map[string]int{"in transactions of 100": 100, "in the smallest that there are": 2} {
		t.Run(name, func(t *testing.T) {
			contract.DisposalContract(t, func(tb testing.TB) contract.DisposalTables { return disposalTables(tb, most) })
		})
	}
}

// noted is a request that was withdrawn, with so many notes in its history.
func noted(t *testing.T, s request.Store, id string, notes int) request.File {
	t.Helper()
	r := request.Request{
		ID: id, Ref: person.Ref("ref"), Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Withdrawn, Name: "Zaphod",
		ReceivedAt: testkit.T0, VerifiedAt: testkit.T0, ClosedAt: testkit.T0, Head: audit.Genesis(id),
	}
	step := request.Step{}
	for n := range notes {
		e, err := audit.Append(r.Head, audit.Entry{
			At: testkit.T0, Kind: "noted", Actor: "officer", Private: map[string]audit.Private{"note": audit.Personal(fmt.Sprint(n))},
		}, &testkit.Random{})
		if err != nil {
			t.Fatal(err)
		}
		r.Head, step.Events = e.Head(), append(step.Events, e)
	}
	step.Request = r
	if err := s.Create(context.Background(), request.Creation{Step: step}); err != nil {
		t.Fatal(err)
	}
	return fileOf(t, s, id)
}

func fileOf(t *testing.T, s request.Store, id string) request.File {
	t.Helper()
	f, err := s.File(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func reductionOf(t *testing.T, f request.File) requestlog.Reduction {
	t.Helper()
	r, err := requestlog.Reduce(f, lifecycle.EventReduced, testkit.T0.Add(time.Hour), &testkit.Random{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Killed between any two transactions, a reduction leaves a whole history that
// the next run finds and ends.
func TestReductionThatIsKilled(t *testing.T) {
	table := disposalTables(t, 4).Requests.(disposalRequests)
	for stop := 1; stop <= 3; stop++ {
		id := fmt.Sprint("PD-", stop)
		f := noted(t, table, id, 9)
		table.Stop = stop
		if err := table.Reduce(reductionOf(t, f)); err == nil {
			t.Fatalf("it was not killed after %d turns", stop)
		}
		left := fileOf(t, table, id)
		if err := audit.Verify(left.Events, left.Request.Head); err != nil || left.Request.Reduced() || left.Request.Version != 1 {
			t.Errorf("killed after %d: %v, %+v", stop, err, left.Request)
		}
		if found, err := table.Disposable(schedule.ClosedRequest); err != nil || len(found) != 1 {
			t.Errorf("killed after %d: the index has %v, %v", stop, found, err)
		}
		again := reductionOf(t, left)
		if len(again.Blanked) != 9-3*stop {
			t.Errorf("killed after %d: %d entries are left to blank", stop, len(again.Blanked))
		}
		table.Stop = 0
		if err := table.Reduce(again); err != nil {
			t.Fatal(err)
		}
		ended := fileOf(t, table, id)
		if err := audit.Verify(ended.Events, ended.Request.Head); err != nil || !ended.Request.Reduced() || len(ended.Events) != 10 {
			t.Errorf("ended: %v, %+v", err, ended.Request)
		}
	}
}

// A deletion that is killed is found and ended too.
func TestDeletionThatIsKilled(t *testing.T) {
	table := disposalTables(t, 4).Requests.(disposalRequests)
	for stop := 1; stop <= 3; stop++ {
		id := fmt.Sprint("PD-", stop)
		f := noted(t, table, id, 10)
		table.Stop = stop
		if err := table.Delete(f); err == nil {
			t.Fatalf("it was not killed after %d turns", stop)
		}
		left := fileOf(t, table, id)
		if len(left.Events) != 10-3*stop || audit.Verify(left.Events, left.Request.Head) == nil {
			t.Errorf("killed after %d: %d entries, and the history says nothing", stop, len(left.Events))
		}
		if found, err := table.Disposable(schedule.ClosedRequest); err != nil || len(found) != 1 {
			t.Errorf("killed after %d: the index has %v, %v", stop, found, err)
		}
		table.Stop = 0
		if err := table.Delete(left); err != nil {
			t.Fatal(err)
		}
		if _, err := table.File(context.Background(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("ended: %v", err)
		}
	}
}

// What changes between two transactions ends the disposal.
func TestTurnsNeedTheVersion(t *testing.T) {
	table := disposalTables(t, 4).Requests.(disposalRequests)
	f := noted(t, table, "PD-1", 9)
	moved := request.Step{Request: f.Request}
	moved.Request.Version++
	if err := table.Save(context.Background(), moved); err != nil {
		t.Fatal(err)
	}
	if err := table.Reduce(reductionOf(t, f)); !fault.Is(err, fault.Conflict) {
		t.Errorf("reduced: %v", err)
	}
	if err := table.Delete(f); !fault.Is(err, fault.Conflict) {
		t.Errorf("deleted: %v", err)
	}
	if left := fileOf(t, table, "PD-1"); len(left.Events) != 9 || len(reductionOf(t, left).Blanked) != 9 {
		t.Errorf("something was taken: %+v", left)
	}
}
