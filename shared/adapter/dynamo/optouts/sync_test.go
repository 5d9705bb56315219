package optouts_test

import (
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/ruled"
)

// Late counts what has waited too long for SES, in a bulk job or not, and
// nothing that is younger or told.
func TestLateOnDynamoDBLocal(t *testing.T) {
	db, name := ruled.Table(t, "OptOutsTable")
	table := &optouts.Store{Table: dynamo.Table{DB: db, Name: name}, Periods: optouts.Periods{Jobs: time.Hour}}
	now := testkit.T0.Add(48 * time.Hour)
	before := now.Add(-24 * time.Hour)
	if n, oldest, err := table.Late(t.Context(), before, now); n != 0 || !oldest.IsZero() || err != nil {
		t.Errorf("nothing: %d since %v, %v", n, oldest, err)
	}
	out := func(who string, hours int) optout.Record {
		t.Helper()
		a := testkit.Address(t, who+"@example.com")
		at := testkit.T0.Add(time.Duration(hours) * time.Hour)
		r, err := table.Apply(t.Context(), optout.Change{
			Key: optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "email"}, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromForm, At: at},
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := func(doing string, count, hours int) {
		t.Helper()
		n, oldest, err := table.Late(t.Context(), before, now)
		if err != nil || n != count || !oldest.Equal(testkit.T0.Add(time.Duration(hours)*time.Hour)) {
			t.Errorf("%s: %d since %v, %v", doing, n, oldest, err)
		}
	}
	young := out("young", 30)
	want("one that is young", 0, 30)
	out("late", 24)
	old := out("old", 2)
	want("two that are late", 2, 2)
	if err := table.SaveJob(t.Context(), suppression.Job{ID: "j1", Started: now, Put: true, Records: 2}); err != nil {
		t.Fatal(err)
	}
	for _, r := range []optout.Record{young, old} {
		if err := table.Claim(t.Context(), r, "j1"); err != nil {
			t.Fatal(err)
		}
	}
	want("one of them in a bulk job", 2, 2)
	old.Version, old.Projection.Job = 1, ""
	if err := table.MarkSynced(t.Context(), old, optout.Projection{Status: "put", At: now}); err != nil {
		t.Fatal(err)
	}
	want("the oldest told", 1, 24)
}
