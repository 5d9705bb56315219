package testkit

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/suppression"
)

// DisposalTables are the tables with what disposes of their rows.
type DisposalTables struct {
	Requests interface {
		request.Store
		Disposable(class schedule.Class) ([]Disposable, error)
		Reduce(request.Reduction) error
		Delete(request.File) error
	}
	OptOuts interface {
		OptOutTable
		Disposable(class schedule.Class) ([]Disposable, error)
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
	if err := s.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: T0.Add(time.Minute)}); err != nil {
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
	Disposable(schedule.Class) ([]Disposable, error)
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
	known := T0.AddDate(0, 0, 1)
	old := change(t, "a@example.com", "email/news", optout.Out, T0.AddDate(-5, 0, 0))
	old.Observed = &optout.Observation{At: known, FirstAt: T0.AddDate(-5, 0, 0)}
	apply(t, s.OptOuts, old)
	apply(t, s.OptOuts, change(t, "z@example.com", "email", optout.Out, T0))
	apply(t, s.OptOuts, change(t, "z@example.com", "email", optout.In, T0.Add(time.Hour)))
	must(t, s.OptOuts.ApplyAll(background, []optout.Change{change(t, "z@example.com", "sms", optout.Out, T0)}, nil))
	want := []string{"sms 1@2026-11-22T12:00:00Z", "email 2@2026-11-22T13:00:00Z", "email/news 1@2026-11-23T12:00:00Z"}
	if got := disposable(t, s.OptOuts, schedule.OptOutEvidence); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	found, err := s.OptOuts.Disposable(schedule.OptOutEvidence)
	if err != nil || found[0].Pending || !found[1].Pending || found[1].Key.Ref != Key(t).Ref(Address(t, "z@example.com")) {
		t.Errorf("%+v, %v", found, err)
	}
}

// softly is what the listener records of a temporary bounce.
func softly(tb testing.TB, days ...string) optout.Change {
	c := change(tb, "z@example.com", optout.Bounce.Scope(), optout.In, T0)
	c.Evidence.Source, c.Observed = optout.FromSoftBounces, &optout.Observation{At: T0, SoftDays: days, Quiet: true}
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

// full is an opt-out with every field set, as far as SES's list knows it too.
func full(t *testing.T, s DisposalTables) optout.Record {
	t.Helper()
	return FullOptOut(t, s.OptOuts)
}

func isTombstone(t *testing.T, s DisposalTables) {
	r, at := full(t, s), T0.AddDate(3, 0, 0)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, at, false))
	got := one(t, s.OptOuts, r.Key)
	if want := r.Reduce(at, false); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for _, field := range Filled(got) {
		if !slices.Contains(tombstoneFields, field) {
			t.Errorf("the tombstone holds %s", field)
		}
	}
	if got := disposable(t, s.OptOuts, schedule.OptOutEvidence); len(got) != 0 {
		t.Errorf("it is to be disposed of again: %q", got)
	}
	if got := one(t, s.OptOuts, r.Key); !got.Suppresses(at) || got.Address != (Address(t, "z@example.com")) && !got.Address.IsZero() {
		t.Errorf("%+v", got)
	}
	later := at.AddDate(0, 1, 0)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, later, true))
	if got := one(t, s.OptOuts, r.Key); !got.ReducedAt.Equal(at) || !got.ErasedAt.Equal(later) {
		t.Errorf("erased after its period: %+v", got)
	}
}

func noTombstone(t *testing.T, s DisposalTables) {
	c := change(t, "z@example.com", "email", optout.Out, T0)
	r := apply(t, s.OptOuts, c)
	if err := s.OptOuts.MakeTombstone(background, r.Key, r.Version, T0, true); !isConflict(err) {
		t.Errorf("SES does not know: %v", err)
	}
	told(t, s.OptOuts, r)
	if err := s.OptOuts.MakeTombstone(background, r.Key, r.Version+1, T0, true); !isConflict(err) {
		t.Errorf("another version: %v", err)
	}
	if err := s.OptOuts.MakeTombstone(background, optout.Key{Ref: "nobody", Scope: "email"}, 1, T0, true); !isConflict(err) {
		t.Errorf("nobody: %v", err)
	}
	if got := one(t, s.OptOuts, r.Key); got.Tombstone() || got.Address != c.Address {
		t.Errorf("%+v", got)
	}
}

func restsInPeace(t *testing.T, s DisposalTables) {
	r := full(t, s)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, T0, true))
	must(t, s.OptOuts.Requeue(background, r.Key, T0))
	if err := s.OptOuts.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: T0, DueAt: T0}); !isConflict(err) {
		t.Errorf("a late mark: %v", err)
	}
	if left := due(t, s.OptOuts, T0.AddDate(1, 0, 0)); len(left) != 0 {
		t.Errorf("SES is to be told of %v", left)
	}
}

// anew is an opt-out of somebody who was erased, with all that it may bring.
func anew(t *testing.T) optout.Change {
	c := change(t, "z@example.com", "email", optout.Out, T0.AddDate(1, 0, 0))
	c.Name, c.Evidence.Campaign, c.Evidence.Form, c.MadeBy = "Zaphod", "spring", "www.example.com", "a page"
	return c
}

func staysTombstone(t *testing.T, s DisposalTables) {
	sms := change(t, "z@example.com", "email/news", optout.Out, T0) // SES is never told of it
	must(t, s.OptOuts.ApplyAll(background, []optout.Change{sms}, nil))
	must(t, s.OptOuts.MakeTombstone(background, sms.Key, 1, T0.AddDate(0, 1, 0), true))
	r := full(t, s)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, T0.AddDate(0, 1, 0), true))
	ways := map[string]func(c optout.Change){
		"alone": func(c optout.Change) { apply(t, s.OptOuts, c) },
		"together": func(c optout.Change) {
			must(t, s.OptOuts.ApplyAll(background, []optout.Change{change(t, "other@example.com", "email", optout.Out, T0), c}, nil))
		},
		"with a request": func(c optout.Change) {
			q := newRequest(t, "PD-"+string(c.Scope))
			must(t, s.Requests.Create(background, request.Creation{Step: request.Step{Request: q, Events: []audit.Entry{entry(t, &q, "received")}, OptOuts: []optout.Change{c}}}))
		},
	}
	for _, scope := range []optout.Scope{"email", "email/news"} {
		for name, opt := range ways {
			c := anew(t)
			c.Scope = scope
			before := one(t, s.OptOuts, c.Key)
			c.Evidence.At = before.ChangedAt.Add(time.Hour)
			opt(c)
			want := before
			want.Version, want.ChangedAt, want.Evidence.At = before.Version+1, c.Evidence.At, c.Evidence.At
			if got := one(t, s.OptOuts, c.Key); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("%s, %s:\ngot  %+v\nwant %+v", scope, name, got, want)
			}
		}
	}
	if n := len(due(t, s.OptOuts, T0.AddDate(2, 0, 0))); n != 1 { // the other's
		t.Errorf("SES is to be told of %d", n)
	}
	if got := disposable(t, s.OptOuts, schedule.OptOutEvidence); len(got) != 1 {
		t.Errorf("evidence of %q", got)
	}
	wish := anew(t)
	wish.ErasureRequested = true // only the address can have it answered
	if got := apply(t, s.OptOuts, wish); got.Tombstone() || got.Address != wish.Address || got.ErasureRequestedAt.IsZero() {
		t.Errorf("the wish to be erased is lost: %+v", got)
	}
}

// noScope: what is left together with a tombstone begins as one, but for what
// holds the person already, or another person.
func noScope(t *testing.T, s DisposalTables) {
	r, erased := full(t, s), T0.AddDate(0, 1, 0)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, erased, true))
	held := change(t, "z@example.com", "post", optout.Out, T0)
	apply(t, s.OptOuts, held)
	at := T0.AddDate(1, 0, 0)
	other := change(t, "other@example.com", "sms", optout.Out, at)
	changes := []optout.Change{other}
	for _, scope := range []optout.Scope{"sms", "email", "email/news", "post"} {
		c := anew(t)
		c.Scope = scope
		changes = append(changes, c)
	}
	must(t, s.OptOuts.ApplyAll(background, changes, nil))
	for _, scope := range []optout.Scope{"sms", "email/news"} {
		want := optout.Record{
			Key: optout.Key{Ref: r.Ref, Scope: scope}, State: optout.Out, Version: 1, FirstAt: at, OutSince: at, ChangedAt: at,
			Evidence: optout.Evidence{At: at}, ReducedAt: at, ErasedAt: erased,
		}
		if got := one(t, s.OptOuts, want.Key); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	if got := one(t, s.OptOuts, r.Key); !got.Tombstone() || got.Version != r.Version+1 {
		t.Errorf("%+v", got)
	}
	for _, k := range []optout.Key{other.Key, held.Key} {
		if got := one(t, s.OptOuts, k); got.Tombstone() || got.Address.IsZero() {
			t.Errorf("%+v", got)
		}
	}
	again := anew(t)
	again.Scope, again.Evidence.At = "sms", at.Add(time.Hour)
	if got := apply(t, s.OptOuts, again); !got.Tombstone() || !got.Address.IsZero() || !got.ChangedAt.Equal(again.Evidence.At) || !got.OutSince.Equal(at) {
		t.Errorf("alone, and again: %+v", got)
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
	r, erased := full(t, s), T0.AddDate(0, 1, 0)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, erased, true))
	must(t, s.OptOuts.Forgotten(background, r.Key))
	c := change(t, "z@example.com", "email", optout.Out, T0.AddDate(1, 0, 0))
	got := apply(t, s.OptOuts, c)
	if got.Version != r.Version+1 || !got.FirstAt.Equal(T0) || !got.OutSince.Equal(T0) || got.Address != c.Address || got.Tombstone() || !got.ErasedAt.Equal(erased) || got.Name != "" {
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
