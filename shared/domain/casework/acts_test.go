package casework_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

// acts are those of a file by code, each as "yes", or why not.
func (r *rig) acts(id string) map[string]casework.Act {
	r.Helper()
	all, err := r.Acts(background, r.file(id), officer)
	if err != nil {
		r.Fatal(err)
	}
	found := map[string]casework.Act{}
	for _, a := range all {
		found[key(a)] = a
	}
	return found
}

func key(a casework.Act) string {
	if a.Of == "" {
		return a.Code
	}
	return a.Code + " " + a.Of
}

func check(t *testing.T, acts map[string]casework.Act, want map[string]string) {
	t.Helper()
	for code, why := range want {
		a, tried := acts[code]
		if !tried || a.Possible != (why == "yes") || !a.Possible && a.Why.Code != why {
			t.Errorf("%s: possible %v, why %+v; want %s", code, a.Possible, a.Why, why)
		}
	}
}

func usual(acts map[string]casework.Act) string {
	var all []string
	for _, code := range slices.Sorted(maps.Keys(acts)) {
		if acts[code].Usual {
			all = append(all, code)
		}
	}
	return fmt.Sprint(all)
}

func TestActsOnAnOpenRequest(t *testing.T) {
	r := newRig(t)
	q := r.confirmed(germany, deadline.Erasure)
	acts := r.acts(q.ID)
	check(t, acts, map[string]string{
		"verify": "state", "answer": "state", "decide fulfilled": "yes", "decide partly_fulfilled": "yes", "decide refused": "yes",
		"ask identity": "yes", "ask clarification": "yes", "extend complexity": "yes", "extend interference": "law_no_reason",
		"amend": "yes", "erase": "state", "reopen": "state", "resend": "state", "expire": "state", "spam": "confirmed", "withdraw": "yes", "seen": "done", "note": "yes", "assign": "yes", "disagree": "state",
	})
	if got := usual(acts); got != "[draft]" {
		t.Error(got)
	}
	extend := acts["extend complexity"]
	if months := deadlineDay(r, extend.DueAt).AddMonths(-2); !extend.Before.Equal(q.DueAt) || months.AddMonths(2) <= deadlineDay(r, q.DueAt) || extend.Stands || fmt.Sprint(extend.Mails) != "[extended]" {
		t.Errorf("extended from %v to %v, %+v", extend.Before, extend.DueAt, extend)
	}
	done := r.must(r.rights.Extend(background, q.ID, officer, deadline.Complexity, "many"))
	if !done.DueAt.Equal(extend.DueAt) {
		t.Errorf("was to be %v, is %v", extend.DueAt, done.DueAt)
	}
	check(t, r.acts(q.ID), map[string]string{"extend complexity": "extended_before"})
	ask := r.acts(q.ID)["ask identity"]
	if !ask.Stands || ask.State != lifecycle.WaitingForPerson || fmt.Sprint(ask.Mails) != "[waiting]" {
		t.Errorf("%+v", ask)
	}
}

func TestActsWhileWeWait(t *testing.T) {
	r := newRig(t)
	q := r.must(r.rights.Ask(background, r.confirmed(germany, deadline.Access).ID, officer, waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
	acts := r.acts(q.ID)
	check(t, acts, map[string]string{"answer": "yes", "decide fulfilled": "answer_first", "decide refused": "yes", "ask identity": "answer_first", "expire": "can_answer", "withdraw": "yes"})
	if got := usual(acts); got != "[answer]" || acts["answer"].Stands {
		t.Errorf("%s, %+v", got, acts["answer"])
	}
	if until := acts["expire"].Why.Facts["from"]; len(until) != len("2026-12-28") {
		t.Errorf("can be closed from %q", until)
	}
	r.now = q.Waiting.Until.Add(time.Second)
	if got := usual(r.acts(q.ID)); got != "[expire]" {
		t.Error(got)
	}
}

func TestActsOnAnUnconfirmedRequest(t *testing.T) {
	r := newRig(t)
	q := r.opened(california, deadline.Access)
	acts := r.acts(q.ID)
	check(t, acts, map[string]string{"verify": "yes", "resend": "yes", "expire": "can_confirm", "decide fulfilled": "state", "note": "yes", "extend complexity": "state", "spam": "yes"})
	if a := acts["verify"]; !a.Before.IsZero() || a.DueAt.IsZero() || a.State != lifecycle.Open {
		t.Errorf("%+v", a)
	}
}

func TestActsOnAClosedRequest(t *testing.T) {
	r := newRig(t)
	q := r.must(r.rights.Decide(background, r.confirmed(germany, deadline.ChildErasure).ID, officer, refusal))
	check(t, r.acts(q.ID), map[string]string{"reopen": "yes", "note": "yes", "disagree": "yes", "decide refused": "state", "erase": "erasure_refused", "mail decision": "mail_under_way"})
	appeal := r.must(r.rights.Appeal(background, q.ID, "No."))
	check(t, r.acts(q.ID), map[string]string{"reopen": "appeal_open"})
	acts := r.acts(appeal.ID)
	check(t, acts, map[string]string{"decide fulfilled": "another_officer"})
	if about := acts["decide fulfilled"].Why.Facts["request"]; about != q.ID {
		t.Errorf("about %q", about)
	}
}

// A trial writes nothing, and leaves the file that it was given as it is.
func TestATrialWritesNothing(t *testing.T) {
	r, id := viewed(t)
	for name, q := range id {
		before, file := r.file(q), r.file(q)
		if _, err := r.Acts(background, file, officer); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(r.file(q), before) || !reflect.DeepEqual(file, before) {
			t.Errorf("%s was changed", name)
		}
	}
}

// What an amendment would do is shown before it is saved.
func TestPreviewOfAnAmendment(t *testing.T) {
	r := newRig(t)
	q := r.confirmed(germany, deadline.Access)
	o, err := r.Try(r.file(q.ID)).Act(background, amend(q.ID, california))
	if err != nil || o.Request.Place != california || o.DueAt.Equal(o.Before) || !o.Before.Equal(q.DueAt) {
		t.Fatalf("%+v, %v", o, err)
	}
	done := r.must(r.rights.Amend(background, q.ID, officer, request.Amendment{Place: &california}))
	if !done.DueAt.Equal(o.DueAt) {
		t.Errorf("was to be %v, is %v", o.DueAt, done.DueAt)
	}
	if _, err := r.Try(r.file(q.ID)).Act(background, amend(q.ID, california)); !fault.Is(err, fault.Invalid) {
		t.Errorf("nothing changes: %v", err)
	}
}

// For random requests: what is said to be possible succeeds with the same input,
// with the state and the date that were told, and what is not is refused for the
// reason that was told.
func TestPossibleActsSucceed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(t)
		r.rights.Replaces = true // the forms show a colleague's draft
		r.rights.Settings.FourEyes = foureyes.Acts[:rapid.IntRange(0, len(foureyes.Acts)).Draw(rt, "four eyes")]
		q := randomRequest(rt, r)
		for range rapid.IntRange(0, 6).Draw(rt, "acts before") {
			r.now = r.now.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours")) * time.Hour)
			f, who := r.file(q.ID), rapid.SampledFrom([]string{officer, colleague}).Draw(rt, "officer")
			codes, acts := casework.Attempts(&f, who)
			i := rapid.IntRange(0, len(acts)-1).Draw(rt, "act")
			told, err := r.Acts(background, f, who)
			if err != nil {
				rt.Fatal(err)
			}
			version := f.Request.Version
			after, err := acts[i](background, r.rights)
			switch a := told[i]; {
			case a.Code+" "+a.Of != codes[i]:
				rt.Fatalf("%s is told as %s", codes[i], key(a))
			case a.Possible != (err == nil && after.Version > version):
				rt.Fatalf("%s: possible %v (%+v), and then %v, from version %d to %d", codes[i], a.Possible, a.Why, err, version, after.Version)
			case err != nil && !reflect.DeepEqual(fault.BecauseOf(err), a.Why):
				rt.Fatalf("%s: told %+v, refused for %+v", codes[i], a.Why, fault.BecauseOf(err))
			case a.Code == "verify" && f.Request.KindsUnsure: // the date depends on the kinds
			case a.Possible && (a.State != after.State || !after.State.Closed() && after.State != lifecycle.Unverified && !a.DueAt.Equal(after.DueAt)):
				rt.Fatalf("%s: told %s until %v, is %s until %v", codes[i], a.State, a.DueAt, after.State, after.DueAt)
			}
		}
	})
}

func randomRequest(rt *rapid.T, r *rig) request.Request {
	kinds := rapid.SliceOfNDistinct(rapid.SampledFrom(intake.Kinds()), 1, 3, rapid.ID).Draw(rt, "kinds")
	place := rapid.SampledFrom([]deadline.Jurisdiction{{}, germany, california, {Country: "GB"}, {Country: "BR"}, {Country: "US", Region: "CO"}}).Draw(rt, "place")
	q := r.must(r.rights.Open(background, request.Intake{
		Address: testkit.Address(r, "z@example.com"), Kinds: kinds, Details: "please", Place: place, Language: "en", Source: intake.FromForm,
		KindsUnsure: rapid.IntRange(0, 4).Draw(rt, "unsure") == 0, Kept: rapid.IntRange(0, 4).Draw(rt, "kept") == 0,
		OnBehalfOf: rapid.SampledFrom([]intake.Behalf{intake.Self, intake.Parent, intake.Agent}).Draw(rt, "for"),
	}))
	if q.State == lifecycle.Unverified && !q.KindsUnsure && rapid.IntRange(0, 3).Draw(rt, "confirmed") > 0 {
		confirmed, _, err := r.rights.Confirm(background, q.ID, q.Words())
		q = r.must(confirmed, err)
	}
	return q
}

func amend(id string, place deadline.Jurisdiction) func(context.Context, *request.Service) (request.Request, error) {
	return func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Amend(ctx, id, officer, request.Amendment{Place: &place})
	}
}

func deadlineDay(r *rig, at time.Time) civil.Day { return civil.Of(at, r.rights.Law.Zone()) }
