package disposals_test

import (
	"maps"
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// An order of erasure reaches everything that is kept of a person, and
// nothing of anybody else.
func TestOrder(t *testing.T) {
	s := newRecords(t)
	s.erasable(t, "ref-1", "PD-1")
	s.erasable(t, "ref-2", "PD-9")
	keeper := &disposal.HoldKeeper{Store: s.Disposals, Now: func() time.Time { return testkit.T0 }, NewID: func() string { return "h" }, Random: &testkit.Random{}}
	if _, err := keeper.Place(t.Context(), disposal.Hold{Ref: "ref-2", Reason: "a dispute"}); err != nil {
		t.Fatal(err)
	}
	w := &watched{Disposals: s.Disposals}
	if l, err := w.sweep(t, schedule.ErasureOrder, testkit.T0); err != nil || l.Held != 1 || l.Due != 10 || l.Certificates != 2 {
		t.Fatalf("%+v, %v", l, err)
	}
	want := map[string]disposal.Outcome{
		"ref-1/email": disposal.Reduced, "ref-1/bounce": disposal.Deleted, "ref-1/#opt-in": disposal.Deleted, "ref-1/#opted-in": disposal.Deleted, "ref-1/#my-links": disposal.Deleted,
		"PD-1": disposal.Reduced, "PD-1-closed": disposal.Reduced, "PD-1-nobody": disposal.Deleted, "PD-1-asked": disposal.Deleted,
	}
	if got := w.outcomes(); !maps.Equal(got, want) || w.works[len(w.works)-1].ID != "PD-1" {
		t.Errorf("%v, the last is %s", got, w.works[len(w.works)-1].ID)
	}
	all, err := s.OptOuts.OfPerson(t.Context(), "ref-1")
	if err != nil || len(all) != 1 || !all[0].Suppresses(testkit.T0) || all[0].ErasedAt.IsZero() || all[0].Address != (person.Address{}) {
		t.Errorf("%+v, %v", all, err)
	}
	for id, last := range map[string]string{"PD-1": "erased", "PD-1-closed": "erased"} {
		f, err := s.Requests.File(t.Context(), id)
		if err != nil || !f.Request.Reduced() || f.Events[len(f.Events)-1].Kind != last || audit.Verify(f.Events, f.Request.Head) != nil {
			t.Errorf("%s: %v", id, err)
		}
		if class, _ := requestlog.Disposal(&f.Request); class != schedule.RequestLog {
			t.Errorf("%s is %s", id, class)
		}
	}
	for _, id := range []string{"PD-1-nobody", "PD-1-asked"} {
		if _, err := s.Requests.Load(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := keeper.Lift(t.Context(), "h", "dpo", "settled"); err != nil {
		t.Fatal(err)
	}
	w = &watched{Disposals: s.Disposals, dry: true}
	if l, err := w.sweep(t, schedule.ErasureOrder, testkit.T0); err != nil || l.Due != len(want) || len(w.works) != len(want) || w.outcomes()["ref-2/email"] != disposal.Reduced {
		t.Errorf("somebody else: %+v, %v", l, err)
	}
}

// What must wait is told; a request that anybody may have sent keeps nothing
// waiting.
func TestOrderThatWaits(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*testing.T, *records)
		waits  bool
		pieces int // that wait
	}{
		"an open request": {func(t *testing.T, s *records) {
			s.file(t, request.Request{ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Open, VerifiedAt: testkit.T0, ReceivedAt: testkit.T0, Head: audit.Genesis("PD-2")})
		}, true, 0},
		"one that came since, and that nobody confirmed": {func(t *testing.T, s *records) {
			s.file(t, request.Request{ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Unverified, ReceivedAt: testkit.T0, Head: audit.Genesis("PD-2")})
		}, false, 0},
		"one of a letter that was entered since, and that nobody confirmed": {func(t *testing.T, s *records) {
			s.file(t, request.Request{
				ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Unverified,
				ReceivedAt: testkit.T0.AddDate(0, 0, -9), AskedAt: testkit.T0, VerifyBy: testkit.T0.Add(schedule.VerifyDays * 24 * time.Hour), Head: audit.Genesis("PD-2"),
			})
		}, false, 0},
		"a mail under way": {func(t *testing.T, s *records) {
			s.file(t, request.Request{ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Refused, VerifiedAt: testkit.T0, ReceivedAt: testkit.T0, ClosedAt: testkit.T0, Head: audit.Genesis("PD-2")},
				outbox.Letter{SubjectID: "PD-2", Seq: 2, Template: requestmail.Decision, State: outbox.Pending, DueAt: testkit.T0})
		}, true, 1},
		"SES": {func(t *testing.T, s *records) {
			if _, err := s.OptOuts.Apply(t.Context(), optout.Change{Key: optout.Key{Ref: "ref-1", Scope: "complaint"}, To: optout.Out, Evidence: optout.Evidence{At: testkit.T0}}); err != nil {
				t.Fatal(err)
			}
		}, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRecords(t)
			s.erasable(t, "ref-1", "PD-1")
			c.change(t, s)
			w := &watched{Disposals: s.Disposals}
			l, err := w.sweep(t, schedule.ErasureOrder, testkit.T0)
			want := c.pieces
			if c.waits {
				want++ // the order itself
			}
			if err != nil || l.Waiting != want || l.Late.IsZero() == c.waits || len(w.outcomes()) < 7 {
				t.Errorf("%+v, %v, %v", l, w.outcomes(), err)
			}
			if w.outcomes()["PD-2"] != "" {
				t.Error("what is to stay goes with the order")
			}
			if ended := s.state(t, "PD-1") == "reduced" || w.outcomes()["PD-1"] != ""; ended == c.waits {
				t.Errorf("the order has ended: %v", ended)
			}
		})
	}
}

// Two orders of one person: neither ends the other, and while something must
// wait, both wait.
func TestTwoOrdersOfAPerson(t *testing.T) {
	for _, state := range []lifecycle.State{lifecycle.Open, ""} {
		s := newRecords(t)
		s.erasable(t, "ref-1", "PD-1")
		s.file(t, request.Request{
			ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []intake.Kind{deadline.Erasure}, State: lifecycle.Fulfilled, ReceivedAt: testkit.T0,
			VerifiedAt: testkit.T0, ClosedAt: testkit.T0, EraseFrom: testkit.T0, Head: audit.Genesis("PD-2"),
		})
		if state != "" {
			s.file(t, request.Request{ID: "PD-3", Ref: "ref-1", Version: 1, Kinds: []intake.Kind{deadline.Access}, State: state, VerifiedAt: testkit.T0, ReceivedAt: testkit.T0, Head: audit.Genesis("PD-3")})
		}
		w := &watched{Disposals: s.Disposals}
		l, err := w.sweep(t, schedule.ErasureOrder, testkit.T0)
		times := map[string]int{}
		for _, work := range w.works {
			times[work.ID]++
		}
		if want := map[lifecycle.State]int{lifecycle.Open: 0, "": 1}[state]; err != nil || times["PD-1"] != want || times["PD-2"] != want || l.Waiting != 2-2*want || len(w.works) != 8+2*want {
			t.Errorf("%v, %+v, %v", times, l, err)
		}
	}
}

// erasable is a person with an order of erasure and one record of each kind.
func (s *records) erasable(t *testing.T, ref person.Ref, id string) {
	t.Helper()
	apply := func(c optout.Change) {
		t.Helper()
		r, err := s.OptOuts.Apply(t.Context(), c)
		if err == nil && !r.Projection.DueAt.IsZero() {
			err = s.OptOuts.MarkSynced(t.Context(), r, optout.Projection{Status: optout.Listed, At: testkit.T0})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	a, at := testkit.Address(t, "zaphod@example.com"), testkit.T0.Add(-time.Hour)
	apply(optout.Change{Key: optout.Key{Ref: ref, Scope: "email"}, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromForm, At: at}})
	apply(optout.Change{
		Key: optout.Key{Ref: ref, Scope: "bounce"}, To: optout.In, Address: a, Evidence: optout.Evidence{Source: optout.FromSoftBounces, At: at},
		Observed: &optout.Observation{At: at, SoftDays: []string{"2026-11-20"}, Quiet: true},
	})
	for _, confirmed := range []bool{false, true} {
		c := optout.OptInConfirmation{Ref: ref, Address: a, QueuedAt: at, Versions: map[optout.Scope]int{"email": 1}, Confirmed: confirmed}
		if err := s.OptOuts.ApplyAll(t.Context(), nil, &c); err != nil {
			t.Fatal(err)
		}
	}
	s.put(t, s.OptOuts.Table.Name, letters.Row(mylinks.Asked{Ref: ref, Address: a, QueuedAt: at}.Letter()))
	base := request.Request{ID: id, Ref: ref, Version: 1, Kinds: []intake.Kind{deadline.Erasure}, State: lifecycle.Fulfilled, Address: a, Name: "Zaphod", ReceivedAt: at, VerifiedAt: at, ClosedAt: at, EraseFrom: at, Head: audit.Genesis(id)}
	closed, nobody := base, base
	closed.ID, closed.EraseFrom, closed.Head = id+"-closed", time.Time{}, audit.Genesis(id+"-closed")
	nobody.ID, nobody.EraseFrom, nobody.VerifiedAt, nobody.State, nobody.Head = id+"-nobody", time.Time{}, time.Time{}, lifecycle.Expired, audit.Genesis(id+"-nobody")
	asked := nobody
	asked.ID, asked.State, asked.ClosedAt, asked.ReceivedAt, asked.Head = id+"-asked", lifecycle.Unverified, time.Time{}, at.Add(-time.Hour), audit.Genesis(id+"-asked")
	for _, r := range []request.Request{base, closed, nobody, asked} {
		s.file(t, r)
	}
}

// The index may lag behind: what was noted since is still due, what was closed
// anew is not.
func TestIndexThatLags(t *testing.T) {
	s := newRecords(t)
	for id, c := range map[string]struct {
		change func(*request.Request)
		want   disposal.Counts
	}{
		"PD-noted": {func(*request.Request) {}, disposal.Counts{Reduced: 1}},
		"PD-again": {func(r *request.Request) { r.ClosedAt = r.ClosedAt.Add(time.Minute) }, disposal.Counts{Changed: 1}},
		"PD-open":  {func(r *request.Request) { r.State = lifecycle.Open }, disposal.Counts{Changed: 1}},
	} {
		r := s.request(t, id, schedule.ClosedRequest, testkit.T0).Request
		w := &watched{Disposals: s.Disposals, read: func() {
			c.change(&r)
			r.Version++
			if err := s.Requests.Save(t.Context(), request.Step{Request: r}); err != nil {
				t.Fatal(err)
			}
		}}
		if l, err := w.sweep(t, schedule.ClosedRequest, overdue); err != nil || l.Counts != c.want || len(w.works) > 0 && w.works[0].Version != 2 {
			t.Errorf("%s: %+v, %v", id, l, err)
		}
		s.remove(t, id)
	}
}

// overdue is when everything of T0 is due.
var overdue = testkit.T0.AddDate(9, 0, 0)
