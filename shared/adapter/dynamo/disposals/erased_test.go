package disposals_test

import (
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/testkit"
)

// story is a desk over the real tables, in which a person is erased, comes
// back by themself, and is erased again.
type story struct {
	*records
	*request.Service
	t       *testing.T
	optOuts *optout.Service
	now     time.Time
}

func newStory(t *testing.T) *story {
	t.Helper()
	desk := testkit.Desk(t)
	s := &story{records: newRecords(t), t: t, now: testkit.T0}
	clock := func() time.Time { return s.now }
	s.optOuts = &optout.Service{Store: s.OptOuts, Key: testkit.Key(t), Now: clock, Zone: time.UTC}
	var err error
	if s.Service, err = request.New(s.Requests, testkit.Key(t), desk, clock, &testkit.Random{}); err != nil {
		t.Fatal(err)
	}
	return s
}

// settled: all mails have gone, and SES knows all opt-outs.
func (s *story) settled() {
	s.t.Helper()
	testkit.Mailed(s.t, s.Service, &letters.Store{OptOuts: s.OptOuts.Table, Requests: s.Requests.Table})
	for r, err := range s.OptOuts.Pending(s.t.Context(), s.now) {
		if err == nil {
			err = s.OptOuts.MarkSynced(s.t.Context(), r, optout.Projection{Status: optout.Listed, At: s.now})
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// erased is a request for erasure that was granted and carried out.
func (s *story) erased() request.File {
	s.t.Helper()
	ctx := s.t.Context()
	r, err := s.Open(ctx, request.Intake{
		Address: testkit.Address(s.t, "zaphod@example.com"), Name: "Zaphod", Kinds: []intake.Kind{deadline.Erasure}, OnBehalfOf: intake.Self, Source: intake.FromForm,
	})
	if err == nil {
		_, _, err = s.Confirm(ctx, r.ID, r.Words())
	}
	if err == nil {
		_, err = s.Decide(ctx, r.ID, "dpo", decision.Answer{Outcome: decision.Grant})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.settled()
	s.now = s.now.Add(time.Minute)
	w := &watched{Disposals: s.Disposals}
	if l, err := w.sweep(s.t, schedule.ErasureOrder, s.now); err != nil || w.outcomes()[r.ID] != disposal.Reduced || l.Due != len(w.works) {
		s.t.Fatalf("something waits: %+v, %v", l, err)
	}
	return fileOf(s.t, s.Requests, r.ID)
}

func TestErasedTwice(t *testing.T) {
	s := newStory(t)
	a := testkit.Address(t, "zaphod@example.com")
	k := optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "email"}
	var first time.Time
	for n := 1; n <= 2; n++ {
		if n == 2 { // they come back, and leave a name
			s.now = s.now.AddDate(0, 1, 0)
			if _, err := s.optOuts.Record(t.Context(), optout.Request{Address: a, Scopes: []optout.Scope{"email"}, Name: "Zaphod", Source: optout.FromForm}); err != nil {
				t.Fatal(err)
			}
		}
		f := s.erased()
		if !f.Request.Reduced() || audit.Verify(f.Events, f.Request.Head) != nil || f.Events[len(f.Events)-1].Kind != string(lifecycle.EventErased) {
			t.Errorf("erased %d times: %+v", n, f.Request)
		}
		found, err := s.OptOuts.Records(t.Context(), []optout.Key{k})
		if r := found[k]; err != nil || !r.Tombstone() || !r.Address.IsZero() || r.Name != "" || r.State != optout.Out || !r.ErasedAt.Equal(s.now) || n == 2 && !r.FirstAt.Equal(first) {
			t.Errorf("erased %d times: %+v, %v", n, r, err)
		}
		first = found[k].FirstAt
		if v, err := (&screening.Checker{Store: s.OptOuts, Key: s.optOuts.Key, Now: s.optOuts.Now}).Check(t.Context(), []person.Address{a}, optout.Email, ""); err != nil || !v[0].Suppressed || !v[0].ErasedAt.Equal(s.now) {
			t.Errorf("%+v, %v", v, err)
		}
	}
}

// What the person was granted in another request they can fetch to the end.
func TestOrderWaitsForAnotherExport(t *testing.T) {
	s := newRecords(t)
	s.erasable(t, "ref-1", "PD-1")
	until := testkit.T0.AddDate(0, 0, 3)
	s.file(t, request.Request{
		ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Fulfilled, ReceivedAt: testkit.T0,
		VerifiedAt: testkit.T0, ClosedAt: testkit.T0, ExportUntil: until, Head: audit.Genesis("PD-2"),
	})
	for at, waits := range map[time.Time]bool{testkit.T0: true, until.Add(-time.Millisecond): true, until: false} {
		w := &watched{Disposals: s.Disposals, dry: true}
		if l, err := w.sweep(t, schedule.ErasureOrder, at); err != nil || (l.Waiting == 1) != waits || (w.outcomes()["PD-1"] == "") != waits {
			t.Errorf("at %v: %+v, %v", at, l, err)
		}
	}
}
