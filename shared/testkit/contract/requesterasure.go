package contract

import (
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

func erasureOpened(t *testing.T, s RequestTables) {
	for i, wants := range []bool{true, false, true} {
		c := change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, testkit.T0)
		c.ErasureRequested, c.Language = wants, "es"
		apply(t, s.OptOuts, c)
	}
	now := testkit.T0.Add(time.Hour)
	service := &request.Service{Store: s.Requests, Now: func() time.Time { return now }, Random: &testkit.Random{}, Law: engine(t)}
	for i, want := range []int{2, 0} {
		if opened, err := service.OpenPendingErasures(background, s.OptOuts); err != nil || opened != want {
			t.Errorf("run %d opened %d, %v", i, opened, err)
		}
	}
	found, err := s.Requests.OfPerson(background, testkit.Key(t).Ref(testkit.Address(t, "z0@example.com")))
	if err != nil || len(found) != 1 || !found[0].ReceivedAt.Equal(testkit.T0) || found[0].State != lifecycle.Unverified {
		t.Fatalf("request: %+v, %v", found, err)
	}
	if r, err := s.Requests.Load(background, found[0].ID); err != nil || r.Language != "es" {
		t.Errorf("in %q, %v", r.Language, err)
	}
	if left := one(t, s.OptOuts, change(t, "z0@example.com", "email", optout.Out, testkit.T0).Key); left.ErasureLanguage != "" || !left.ErasureRequestedAt.IsZero() {
		t.Errorf("the requested erasure is still there: %+v", left)
	}
}

func engine(tb testing.TB) *deadline.Engine {
	tb.Helper()
	e, err := deadline.New(deadline.Default(), time.UTC, "weekends")
	if err != nil {
		tb.Fatal(err)
	}
	return e
}
