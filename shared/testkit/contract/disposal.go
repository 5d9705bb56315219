package contract

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// DisposalTables are the tables with what disposes of their rows.
type DisposalTables struct {
	Requests interface {
		request.Store
		Disposable(class schedule.Class) ([]testkit.Disposable, error)
		Reduce(requestlog.Reduction) error
		Delete(request.File) error
	}
	OptOuts interface {
		OptOutTable
		Disposable(class schedule.Class) ([]testkit.Disposable, error)
		MakeTombstone(ctx context.Context, k optout.Key, version int, at time.Time, erased bool) error
		Remove(k optout.Key, version int, class schedule.Class) error
	}
	Outbox LetterTable
}

// DisposalContract is what every pair of tables must keep that disposes of
// rows.
func DisposalContract(t *testing.T, open func(testing.TB) DisposalTables) {
	for name, check := range map[string]func(*testing.T, DisposalTables){
		"an opt-out is evidence from when it is known":  evidenceDue,
		"days of soft bounces are a class of their own": softDue,
		"a tombstone holds the choice and nobody":       isTombstone,
		"what SES must be told is no tombstone yet":     noTombstone,
		"a tombstone is not queued again":               restsInPeace,
		"a tombstone that is out stays one":             staysTombstone,
		"whoever was erased comes back by no scope":     noScope,
		"one whom SES does not list is filled":          filledAgain,
		"only a tombstone can be forgotten by SES":      forgotten,
		"a class that leaves nothing leaves nothing":    removed,
		"a request is found by what starts its period":  requestDue,
		"a reduced request verifies and names nobody":   reduced,
		"a long request is reduced too":                 longReduced,
		"a request that has moved is not reduced":       movedRequest,
		"a deleted request leaves nothing":              deleted,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

func told(tb testing.TB, s suppression.Queue, r optout.Record) {
	tb.Helper()
	if err := s.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: testkit.T0.Add(time.Minute)}); err != nil {
		tb.Fatal(err)
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// disposable shows what the index has of a class, such as "2@2026-11-22T12:00:00Z".
func disposable(tb testing.TB, table interface {
	Disposable(schedule.Class) ([]testkit.Disposable, error)
}, class schedule.Class) []string {
	tb.Helper()
	found, err := table.Disposable(class)
	must(tb, err)
	texts := make([]string, len(found))
	for i, d := range found {
		texts[i] = fmt.Sprintf("%s%s %d@%s", d.ID, d.Scope, d.Version, d.At.UTC().Format(time.RFC3339))
	}
	return texts
}

func evidenceDue(t *testing.T, s DisposalTables) {
	known := testkit.T0.AddDate(0, 0, 1)
	old := change(t, "a@example.com", "email/news", optout.Out, testkit.T0.AddDate(-5, 0, 0))
	old.Observed = &optout.Observation{At: known, FirstAt: testkit.T0.AddDate(-5, 0, 0)}
	apply(t, s.OptOuts, old)
	apply(t, s.OptOuts, change(t, "z@example.com", "email", optout.Out, testkit.T0))
	apply(t, s.OptOuts, change(t, "z@example.com", "email", optout.In, testkit.T0.Add(time.Hour)))
	must(t, s.OptOuts.ApplyAll(background, []optout.Change{change(t, "z@example.com", "sms", optout.Out, testkit.T0)}, nil))
	want := []string{"sms 1@2026-11-22T12:00:00Z", "email 2@2026-11-22T13:00:00Z", "email/news 1@2026-11-23T12:00:00Z"}
	if got := disposable(t, s.OptOuts, schedule.OptOutEvidence); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	found, err := s.OptOuts.Disposable(schedule.OptOutEvidence)
	if err != nil || found[0].Pending || !found[1].Pending || found[1].Key.Ref != testkit.Key(t).Ref(testkit.Address(t, "z@example.com")) {
		t.Errorf("%+v, %v", found, err)
	}
}

// softly is what the listener records of a temporary bounce.
func softly(tb testing.TB, days ...string) optout.Change {
	c := change(tb, "z@example.com", optout.Bounce.Scope(), optout.In, testkit.T0)
	c.Evidence.Source, c.Observed = optout.FromSoftBounces, &optout.Observation{At: testkit.T0, SoftDays: days, Quiet: true}
	return c
}

func softDue(t *testing.T, s DisposalTables) {
	r := apply(t, s.OptOuts, softly(t, "2026-10-01", "2026-11-02"))
	if got := disposable(t, s.OptOuts, schedule.SoftBounces); !slices.Equal(got, []string{"bounce 1@2026-11-02T00:00:00Z"}) {
		t.Errorf("remembered: %q", got)
	}
	out := softly(t, "2026-10-01", "2026-11-02")
	out.To, out.IfVersion = optout.Out, r.Version
	apply(t, s.OptOuts, out)
	if got := disposable(t, s.OptOuts, schedule.SoftBounces); len(got) != 0 {
		t.Errorf("what suppresses is remembered only: %q", got)
	}
	if got := disposable(t, s.OptOuts, schedule.OptOutEvidence); !slices.Equal(got, []string{"bounce 2@2026-11-22T12:00:00Z"}) {
		t.Errorf("what suppresses: %q", got)
	}
}

func forgotten(t *testing.T, s DisposalTables) {
	r := full(t, s)
	must(t, s.OptOuts.Forgotten(background, r.Key))
	must(t, s.OptOuts.Forgotten(background, optout.Key{Ref: "nobody", Scope: "email"}))
	if got := one(t, s.OptOuts, r.Key); got.Projection.Status != optout.Listed {
		t.Errorf("%+v", got)
	}
	if found, err := s.OptOuts.Records(background, []optout.Key{{Ref: "nobody", Scope: "email"}}); err != nil || len(found) != 0 {
		t.Errorf("a record out of nothing: %v, %v", found, err)
	}
}

func filledAgain(t *testing.T, s DisposalTables) {
	r, erased := full(t, s), testkit.T0.AddDate(0, 1, 0)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, erased, true))
	must(t, s.OptOuts.Forgotten(background, r.Key))
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0.AddDate(1, 0, 0))
	got := apply(t, s.OptOuts, c)
	if got.Version != r.Version+1 || !got.FirstAt.Equal(testkit.T0) || !got.OutSince.Equal(testkit.T0) || got.Address != c.Address || got.Tombstone() || !got.ErasedAt.Equal(erased) || got.Name != "" {
		t.Errorf("%+v", got)
	}
	if got := disposable(t, s.OptOuts, schedule.OptOutEvidence); !slices.Equal(got, []string{fmt.Sprintf("email %d@2027-11-22T12:00:00Z", r.Version+1)}) {
		t.Errorf("its evidence: %q", got)
	}
	if len(due(t, s.OptOuts, c.Evidence.At)) != 1 {
		t.Error("SES is not told")
	}
}

func removed(t *testing.T, s DisposalTables) {
	r := apply(t, s.OptOuts, softly(t, "2026-11-02"))
	if err := s.OptOuts.Remove(r.Key, r.Version, schedule.OptOutEvidence); !isConflict(err) {
		t.Errorf("of another class: %v", err)
	}
	if err := s.OptOuts.Remove(r.Key, r.Version+1, schedule.SoftBounces); !isConflict(err) {
		t.Errorf("another version: %v", err)
	}
	must(t, s.OptOuts.Remove(r.Key, r.Version, schedule.SoftBounces))
	if found, err := s.OptOuts.OfPerson(background, r.Ref); err != nil || len(found) != 0 {
		t.Errorf("%v, %v", found, err)
	}
	if got := disposable(t, s.OptOuts, schedule.SoftBounces); len(got) != 0 {
		t.Errorf("still found: %q", got)
	}
}
