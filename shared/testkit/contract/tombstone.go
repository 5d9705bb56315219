package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// full is an opt-out with every field set, as far as SES's list knows it too.
func full(t *testing.T, s DisposalTables) optout.Record {
	t.Helper()
	return FullOptOut(t, s.OptOuts)
}

func isTombstone(t *testing.T, s DisposalTables) {
	r, at := full(t, s), testkit.T0.AddDate(3, 0, 0)
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
	if got := one(t, s.OptOuts, r.Key); !got.Suppresses(at) || got.Address != (testkit.Address(t, "z@example.com")) && !got.Address.IsZero() {
		t.Errorf("%+v", got)
	}
	later := at.AddDate(0, 1, 0)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, later, true))
	if got := one(t, s.OptOuts, r.Key); !got.ReducedAt.Equal(at) || !got.ErasedAt.Equal(later) {
		t.Errorf("erased after its period: %+v", got)
	}
}

func noTombstone(t *testing.T, s DisposalTables) {
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0)
	r := apply(t, s.OptOuts, c)
	if err := s.OptOuts.MakeTombstone(background, r.Key, r.Version, testkit.T0, true); !isConflict(err) {
		t.Errorf("SES does not know: %v", err)
	}
	told(t, s.OptOuts, r)
	if err := s.OptOuts.MakeTombstone(background, r.Key, r.Version+1, testkit.T0, true); !isConflict(err) {
		t.Errorf("another version: %v", err)
	}
	if err := s.OptOuts.MakeTombstone(background, optout.Key{Ref: "nobody", Scope: "email"}, 1, testkit.T0, true); !isConflict(err) {
		t.Errorf("nobody: %v", err)
	}
	if got := one(t, s.OptOuts, r.Key); got.Tombstone() || got.Address != c.Address {
		t.Errorf("%+v", got)
	}
}

func restsInPeace(t *testing.T, s DisposalTables) {
	r := full(t, s)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, testkit.T0, true))
	must(t, s.OptOuts.Requeue(background, r.Key, testkit.T0))
	if err := s.OptOuts.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: testkit.T0, DueAt: testkit.T0}); !isConflict(err) {
		t.Errorf("a late mark: %v", err)
	}
	if left := due(t, s.OptOuts, testkit.T0.AddDate(1, 0, 0)); len(left) != 0 {
		t.Errorf("SES is to be told of %v", left)
	}
}

// anew is an opt-out of somebody who was erased, with all that it may bring.
func anew(t *testing.T) optout.Change {
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0.AddDate(1, 0, 0))
	c.Name, c.Evidence.Campaign, c.Evidence.Form, c.MadeBy = "Zaphod", "spring", "www.example.com", "a page"
	return c
}

func staysTombstone(t *testing.T, s DisposalTables) {
	sms := change(t, "z@example.com", "email/news", optout.Out, testkit.T0) // SES is never told of it
	must(t, s.OptOuts.ApplyAll(background, []optout.Change{sms}, nil))
	must(t, s.OptOuts.MakeTombstone(background, sms.Key, 1, testkit.T0.AddDate(0, 1, 0), true))
	r := full(t, s)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, testkit.T0.AddDate(0, 1, 0), true))
	ways := map[string]func(c optout.Change){
		"alone": func(c optout.Change) { apply(t, s.OptOuts, c) },
		"together": func(c optout.Change) {
			must(t, s.OptOuts.ApplyAll(background, []optout.Change{change(t, "other@example.com", "email", optout.Out, testkit.T0), c}, nil))
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
	if n := len(due(t, s.OptOuts, testkit.T0.AddDate(2, 0, 0))); n != 1 { // the other's
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
	r, erased := full(t, s), testkit.T0.AddDate(0, 1, 0)
	must(t, s.OptOuts.MakeTombstone(background, r.Key, r.Version, erased, true))
	held := change(t, "z@example.com", "post", optout.Out, testkit.T0)
	apply(t, s.OptOuts, held)
	at := testkit.T0.AddDate(1, 0, 0)
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
