package contract

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// sends creates a request for a sending, and tells what was there before.
func sends(t *testing.T, s request.Store, id string, sending request.Sending) string {
	t.Helper()
	r := newRequest(t, id)
	step := request.Step{Events: []audit.Entry{entry(t, &r, "received")}}
	step.Request = r
	err := s.Create(background, request.Creation{Step: step, Sending: &sending})
	if repeated, ok := errors.AsType[*request.RepeatedError](err); ok {
		return repeated.ID
	}
	if err != nil {
		t.Fatal(err)
	}
	return ""
}

func sentTwice(t *testing.T, s RequestTables) {
	sending := request.Sending{Key: "digest", At: testkit.T0}
	other := sending
	other.Key = "another"
	instead := sending
	instead.Instead = "PD-A"
	for _, c := range []struct {
		id      string
		sending request.Sending
		before  string
	}{
		{"PD-A", sending, ""}, {"PD-B", sending, "PD-A"}, {"PD-C", other, ""},
		{"PD-D", instead, ""}, {"PD-E", instead, "PD-D"},
	} {
		if before := sends(t, s.Requests, c.id, c.sending); before != c.before {
			t.Errorf("%s: %q was there before, want %q", c.id, before, c.before)
		}
		if _, err := s.Requests.Load(background, c.id); (err == nil) != (c.before == "") {
			t.Errorf("%s: %v", c.id, err)
		}
	}
}

func sentAtOnce(t *testing.T, s RequestTables) {
	in := request.Intake{Address: testkit.Address(t, "zaphod@example.com"), Kinds: []intake.Kind{deadline.Access, deadline.OptOutOfSale}, OnBehalfOf: intake.Self, Source: intake.FromForm}
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		ids   = map[string]int{}
	)
	for i := range 8 {
		service := &request.Service{Store: s.Requests, Key: testkit.Key(t), Now: func() time.Time { return testkit.T0 }, Random: &testkit.Random{N: byte(31 * i)}, Law: engine(t)}
		group.Go(func() {
			r, err := service.Open(background, in)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			ids[r.ID]++
		})
	}
	group.Wait()
	found, err := s.Requests.OfPerson(background, testkit.Key(t).Ref(in.Address))
	if err != nil || len(found) != 1 || len(ids) != 1 || ids[found[0].ID] != 8 {
		t.Fatalf("%d requests, answers %v, %v", len(found), ids, err)
	}
	if f := file(t, s.Requests, found[0].ID); len(f.Letters) != 1 || len(f.Events) != 3 {
		t.Errorf("%d mails, %d events", len(f.Letters), len(f.Events))
	}
}

func confirmedOf(t *testing.T, s RequestTables) {
	for i, verified := range []time.Time{{}, testkit.T0, {}, testkit.T0.Add(time.Hour)} {
		r := newRequest(t, fmt.Sprintf("PD-%d", i))
		step := request.Step{Events: []audit.Entry{entry(t, &r, "received")}}
		r.VerifiedAt = verified
		step.Request = r
		if err := s.Requests.Create(background, request.Creation{Step: step}); err != nil {
			t.Fatal(err)
		}
	}
	ref := newRequest(t, "x").Ref
	ids := map[string]bool{}
	found, err := s.Requests.ConfirmedOf(background, ref)
	for _, one := range found {
		ids[one.ID] = !one.VerifiedAt.IsZero() && one.ReceivedAt.Equal(testkit.T0) && one.AppealOf == "PD-1" && one.State == lifecycle.Open
	}
	if err != nil || len(found) != 2 || !ids["PD-1"] || !ids["PD-3"] {
		t.Errorf("confirmed: %+v, %v", found, err)
	}
	if found, err := s.Requests.OfPerson(background, ref); err != nil || len(found) != 4 {
		t.Errorf("all: %+v, %v", found, err)
	}
	r, err := s.Requests.Load(background, "PD-0")
	if err != nil {
		t.Fatal(err)
	}
	step := request.Step{Events: []audit.Entry{entry(t, &r, "verified")}}
	r.VerifiedAt, r.Version = testkit.T0, r.Version+1
	step.Request = r
	if err := s.Requests.Save(background, step); err != nil {
		t.Fatal(err)
	}
	if found, err := s.Requests.ConfirmedOf(background, ref); err != nil || len(found) != 3 {
		t.Errorf("one more was confirmed: %+v, %v", found, err)
	}
}
