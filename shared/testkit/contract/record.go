package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

func oneRecord(t *testing.T, s OptOutTable) {
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0)
	c.Name = "Zaphod"
	first := apply(t, s, c)
	c.Evidence.At, c.Name = testkit.T0.Add(time.Hour), ""
	again := apply(t, s, c)
	if first.Version != 1 || again.Version != 2 || !again.FirstAt.Equal(testkit.T0) || !again.OutSince.Equal(testkit.T0) ||
		!again.ChangedAt.Equal(testkit.T0.Add(time.Hour)) || again.Name != "Zaphod" {
		t.Errorf("first %+v, again %+v", first, again)
	}
	if r := one(t, s, c.Key); fmt.Sprint(r) != fmt.Sprint(again) || r.Address != c.Address {
		t.Errorf("read %+v, wrote %+v", r, again)
	}
	if again.Projection.Status != "" || again.Projection.DueAt.IsZero() {
		t.Errorf("not pending: %+v", again.Projection)
	}
}

func conditional(t *testing.T, s OptOutTable) {
	out := apply(t, s, change(t, "z@example.com", "email", optout.Out, testkit.T0))
	back := change(t, "z@example.com", "email", optout.In, testkit.T0.Add(time.Minute))
	back.IfVersion = out.Version + 1
	if _, err := s.Apply(background, back); !isConflict(err) {
		t.Errorf("wrong version: %v", err)
	}
	never := change(t, "never@example.com", "email", optout.In, testkit.T0)
	never.IfVersion = 1
	if _, err := s.Apply(background, never); !isConflict(err) {
		t.Errorf("no record: %v", err)
	}
	never.IfVersion = optout.Unrecorded
	apply(t, s, never)
	if _, err := s.Apply(background, never); !isConflict(err) {
		t.Errorf("recorded meanwhile: %v", err)
	}
	back.IfVersion = out.Version
	in := apply(t, s, back)
	if in.State != optout.In || !in.OutSince.IsZero() || !in.FirstAt.Equal(testkit.T0) {
		t.Errorf("in: %+v", in)
	}
	again := apply(t, s, change(t, "z@example.com", "email", optout.Out, testkit.T0.Add(time.Hour)))
	if !again.FirstAt.Equal(testkit.T0) || !again.OutSince.Equal(testkit.T0.Add(time.Hour)) {
		t.Errorf("out again: %+v", again)
	}
}

func pause(t *testing.T, s OptOutTable) {
	c := change(t, "z@example.com", "email", optout.Paused, testkit.T0)
	c.Until = testkit.T0.AddDate(0, 0, 30)
	r := apply(t, s, c)
	if !r.Until.Equal(c.Until) || !r.Suppresses(testkit.T0) || r.Suppresses(c.Until) {
		t.Errorf("paused: %+v", r)
	}
	if err := s.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: testkit.T0, DueAt: c.Until}); err != nil {
		t.Fatal(err)
	}
	if n := len(due(t, s, c.Until.Add(-time.Millisecond))); n != 0 {
		t.Errorf("%d due before the end", n)
	}
	if n := len(due(t, s, c.Until)); n != 1 {
		t.Errorf("%d due at the end", n)
	}
	out := apply(t, s, change(t, "z@example.com", "email", optout.Out, testkit.T0.Add(time.Minute)))
	if !out.Until.Equal(c.Until) || len(due(t, s, testkit.T0.Add(time.Minute))) != 1 {
		t.Errorf("out while paused: %+v", out)
	}
}

func allOrNothing(t *testing.T, s OptOutTable) {
	sms, email := change(t, "z@example.com", "sms", optout.Out, testkit.T0), change(t, "z@example.com", "email", optout.In, testkit.T0)
	email.IfVersion = 7
	wanted := optout.OptInConfirmation{Ref: sms.Ref, Address: sms.Address, QueuedAt: testkit.T0, Versions: map[optout.Scope]int{"post": 1}}
	if err := s.ApplyAll(background, []optout.Change{sms, email}, &wanted); !isConflict(err) {
		t.Errorf("conflict: %v", err)
	}
	if found, err := s.OfPerson(background, sms.Ref); err != nil || len(found) != 0 || len(confirmations(t, s, sms.Ref)) != 0 {
		t.Errorf("half done: %v %v", found, err)
	}
	email.IfVersion, email.To = 0, optout.Out
	if err := s.ApplyAll(background, []optout.Change{sms, email}, &wanted); err != nil {
		t.Fatal(err)
	}
	if found, _ := s.OfPerson(background, sms.Ref); len(found) != 2 || len(confirmations(t, s, sms.Ref)) != 1 {
		t.Errorf("not done: %v", found)
	}
	if len(due(t, s, testkit.T0)) != 1 {
		t.Error("SMS is no work for SES, e-mail is")
	}
}

func ofPerson(t *testing.T, s OptOutTable) {
	for i := range 150 {
		apply(t, s, change(t, "z@example.com", optout.Email.About(fmt.Sprintf("topic-%d", i)), optout.Out, testkit.T0))
	}
	apply(t, s, change(t, "other@example.com", "email", optout.Out, testkit.T0))
	found, err := s.OfPerson(background, testkit.Key(t).Ref(testkit.Address(t, "z@example.com")))
	if err != nil || len(found) != 150 {
		t.Errorf("found %d, %v", len(found), err)
	}
}

func manyKeys(t *testing.T, s OptOutTable) {
	var keys []optout.Key
	for i := range 230 {
		c := change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, testkit.T0)
		if keys = append(keys, c.Key, c.Key); i%2 == 0 {
			apply(t, s, c)
		}
	}
	found, err := s.Records(background, keys)
	if err != nil || len(found) != 115 {
		t.Errorf("found %d, %v", len(found), err)
	}
	if found, err := s.Records(background, nil); err != nil || len(found) != 0 {
		t.Errorf("no keys: %v %v", found, err)
	}
}

func concurrent(t *testing.T, s OptOutTable) {
	const n = 8
	faults := make(chan error, n)
	for i := range n {
		go func() {
			c := change(t, "z@example.com", "email", optout.Out, testkit.T0.Add(time.Duration(i)*time.Second))
			if i%2 == 0 {
				_, err := s.Apply(background, c)
				faults <- err
				return
			}
			faults <- s.ApplyAll(background, []optout.Change{c, change(t, "z@example.com", "sms", optout.Out, testkit.T0)}, nil)
		}()
	}
	for range n {
		if err := <-faults; err != nil {
			t.Error(err)
		}
	}
	if r := one(t, s, change(t, "z@example.com", "email", optout.Out, testkit.T0).Key); r.Version != n {
		t.Errorf("version %d after %d choices", r.Version, n)
	}
}

func evidence(t *testing.T, s OptOutTable) {
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0)
	c.Evidence = optout.Evidence{Source: optout.FromOneClick, At: testkit.T0, Campaign: "spring", Form: "www.example.com"}
	apply(t, s, c)
	c.Evidence = optout.Evidence{Source: optout.FromLink, At: testkit.T0.Add(time.Second)}
	if r := apply(t, s, c); r.Evidence != c.Evidence {
		t.Errorf("evidence %+v, want %+v", r.Evidence, c.Evidence)
	}
}

// Each step is an opt-out or a return of its own; after it stands which page
// view can undo what is there.
func madeBy(t *testing.T, s OptOutTable) {
	at := testkit.T0
	step := func(name, view, want string, alter func(*optout.Change)) {
		t.Helper()
		at = at.Add(time.Second)
		c := change(t, "z@example.com", "email", optout.Out, at)
		c.MadeBy = view
		if alter != nil {
			alter(&c)
		}
		if r := apply(t, s, c); r.MadeBy != want {
			t.Errorf("%s: by %q, want %q; %+v", name, r.MadeBy, want, r)
		}
		if r := one(t, s, c.Key); r.MadeBy != want {
			t.Errorf("%s: read by %q, want %q", name, r.MadeBy, want)
		}
	}
	back := func(c *optout.Change) { c.To = optout.In }
	step("a page", "one", "one", nil)
	step("the same again", "one", "one", nil)
	step("another page", "two", "", nil)
	step("the first one after that", "one", "", nil)
	step("back", "", "", back)
	step("a page", "two", "two", nil)
	step("by another way", "", "", nil)
	step("back", "", "", back)
	step("a page", "one", "one", nil)
	step("a list", "", "", func(c *optout.Change) { c.Observed = &optout.Observation{At: at} })
	step("back", "", "", back)
	step("a pause", "", "", func(c *optout.Change) { c.To, c.Until = optout.Paused, at.AddDate(0, 1, 0) })
	step("a page, over a pause", "three", "three", nil)
	c := change(t, "z@example.com", "email", optout.Out, at)
	if err := s.ApplyAll(background, []optout.Change{c, change(t, "z@example.com", "sms", optout.Out, at)}, nil); err != nil {
		t.Fatal(err)
	}
	if r := one(t, s, c.Key); r.MadeBy != "" {
		t.Errorf("left together: by %q", r.MadeBy)
	}
}

func erase(t *testing.T, s OptOutTable) {
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0)
	c.ErasureRequested, c.Language = true, "de"
	apply(t, s, c)
	c.ErasureRequested, c.Language, c.Evidence.At = false, "en", testkit.T0.Add(time.Hour)
	if r := apply(t, s, c); !r.ErasureRequestedAt.Equal(testkit.T0) || r.ErasureLanguage != "de" || one(t, s, c.Key).ErasureLanguage != "de" {
		t.Errorf("erase wanted at %v, in %q", r.ErasureRequestedAt, r.ErasureLanguage)
	}
}

func events(t *testing.T, s OptOutTable) {
	now := testkit.T0.Add(time.Hour)
	c := change(t, "z@example.com", optout.Bounce.Scope(), optout.Out, testkit.T0)
	c.Evidence.Source, c.Evidence.Detail = optout.FromBounce, "General"
	c.Observed = &optout.Observation{At: now, FirstAt: testkit.T0.Add(-time.Hour), SoftDays: []string{"2026-11-01", "2026-11-02"}}
	c.IfVersion = optout.Unrecorded
	r := apply(t, s, c)
	if !r.FirstAt.Equal(testkit.T0.Add(-time.Hour)) || !r.OutSince.Equal(testkit.T0) || !r.ChangedAt.Equal(testkit.T0) || !slices.Equal(r.SoftDays, c.Observed.SoftDays) ||
		r.Evidence != c.Evidence || !r.Projection.DueAt.Equal(now) {
		t.Errorf("told: %+v", r)
	}
	if read := one(t, s, c.Key); fmt.Sprint(read) != fmt.Sprint(r) {
		t.Errorf("read %+v, wrote %+v", read, r)
	}
	if err := s.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: now}); err != nil {
		t.Fatal(err)
	}
	c.IfVersion, c.Evidence.At, c.Observed = r.Version, testkit.T0.Add(time.Minute), &optout.Observation{At: now, FirstAt: testkit.T0.Add(-2 * time.Hour), Quiet: true}
	quiet := apply(t, s, c)
	if !quiet.FirstAt.Equal(testkit.T0.Add(-2*time.Hour)) || !quiet.OutSince.Equal(testkit.T0.Add(time.Minute)) || len(quiet.SoftDays) != 0 || len(due(t, s, now)) != 0 {
		t.Errorf("told quietly: %+v", quiet)
	}
	c.IfVersion, c.To, c.Observed = quiet.Version, optout.In, &optout.Observation{At: now, LiftedAt: now}
	c.Evidence.Officer = "Anna Weber/a1"
	in := apply(t, s, c)
	if in.State != optout.In || !in.OutSince.IsZero() || !in.FirstAt.Equal(quiet.FirstAt) || !in.LiftedAt.Equal(now) || in.Evidence != c.Evidence || len(due(t, s, now)) != 1 {
		t.Errorf("lifted: %+v", in)
	}
	c.IfVersion, c.To, c.Observed = in.Version, optout.Out, &optout.Observation{At: now}
	if out := apply(t, s, c); !out.LiftedAt.Equal(now) {
		t.Errorf("bounced again: %+v", out)
	}
}
