package contract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

// Listing is what lists ask of the table of requests.
type Listing interface {
	request.Store
	casework.Store
}

// CaseworkContract is what every table must keep that lists requests.
func CaseworkContract(t *testing.T, open func(testing.TB) Listing) {
	for name, check := range map[string]func(*testing.T, Listing){
		"a summary says what the request says":        summaries,
		"pages give each once, in order":              pages,
		"a page goes on where its last row was":       lastRowGone,
		"closed ones come latest first":               closedOnes,
		"an officer's own are under way":              ownOnes,
		"special ones are under way, or to be signed": specialOnes,
		"of a person the latest, confirmed or not":    newest,
		"what is let go unconfirmed is in no list":    unlisted,
		"an address is in no summary, and no detail":  masked,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

func listed(t *testing.T, s Listing, l casework.List, after casework.Position, most int) ([]request.Summary, bool) {
	t.Helper()
	found, more, err := s.Listed(background, l, after, most)
	if err != nil {
		t.Fatal(err)
	}
	return found, more
}

func summaries(t *testing.T, s Listing) {
	r := awaited(t, s, "PD-A", lifecycle.Open, 20)
	r.Version++
	r.State, r.Assignee, r.Touched, r.DueRule, r.Repeated = lifecycle.WaitingForPerson, "dpo/1", true, "gdpr/respond", true
	r.Extension = &deadline.Grant{Reason: deadline.Complexity, NoticeSentAt: testkit.T0}
	r.Waiting = &waiting.Waiting{Cause: deadline.Identity, Question: "?", Until: testkit.T0.AddDate(0, 0, 30), ClockStands: true}
	r.Look = &lifecycle.Look{Why: lifecycle.LookMention, Since: testkit.T0}
	r.Draft = &draft.Draft{Way: &draft.Way{Act: draft.Decide, SendAt: testkit.T0}}
	if err := s.Save(background, request.Step{Request: r}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []lifecycle.Watch{lifecycle.WatchPaused, lifecycle.WatchLook} {
		found, _ := listed(t, s, casework.List{Watch: w}, casework.Position{}, 10)
		if len(found) != 1 {
			t.Fatalf("%s: %d", w, len(found))
		}
		want := r.Summary()
		if w == lifecycle.WatchLook {
			want.Watched = r.Look.Since
		}
		if got, want := written(t, found[0]), written(t, want); got != want {
			t.Errorf("%s:\nread  %s\nwrote %s", w, got, want)
		}
	}
	loaded, err := s.Load(background, "PD-A")
	if err != nil || loaded.Assignee != r.Assignee || !loaded.Touched || loaded.DueRule != r.DueRule {
		t.Errorf("loaded %+v, %v", loaded, err)
	}
}

// Many dates are the last second of the same day.
func pages(t *testing.T, s Listing) {
	for i := range 23 {
		awaited(t, s, fmt.Sprintf("PD-%02d", i), lifecycle.Open, 1+i/9)
	}
	var all []request.Summary
	after, more := casework.Position{}, true
	for more {
		var found []request.Summary
		found, more = listed(t, s, casework.List{Watch: lifecycle.WatchOpen}, after, 5)
		if more && len(found) != 5 {
			t.Fatalf("a page of %d", len(found))
		}
		all = append(all, found...)
		after = casework.Position{At: all[len(all)-1].Watched, ID: all[len(all)-1].ID}
	}
	if !slices.IsSortedFunc(all, func(a, b request.Summary) int { return a.Watched.Compare(b.Watched) }) || len(all) != 23 || len(ids(all)) != 23 {
		t.Errorf("%d rows: %s", len(all), inOrder(all))
	}
}

func ids(all []request.Summary) map[string]bool {
	seen := map[string]bool{}
	for _, s := range all {
		seen[s.ID] = true
	}
	return seen
}

func lastRowGone(t *testing.T, s Listing) {
	for i := range 4 {
		awaited(t, s, fmt.Sprintf("PD-%d", i), lifecycle.Open, i+1)
	}
	first, more := listed(t, s, casework.List{Watch: lifecycle.WatchOpen}, casework.Position{}, 2)
	if !more || len(first) != 2 {
		t.Fatalf("%v, more %v", first, more)
	}
	r, err := s.Load(background, first[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	r.Version, r.State, r.ClosedAt = r.Version+1, lifecycle.Fulfilled, testkit.T0
	if err := s.Save(background, request.Step{Request: r}); err != nil {
		t.Fatal(err)
	}
	rest, more := listed(t, s, casework.List{Watch: lifecycle.WatchOpen}, casework.Position{At: first[1].Watched, ID: first[1].ID}, 5)
	if more || len(rest) != 2 || rest[0].ID != "PD-2" || rest[1].ID != "PD-3" {
		t.Errorf("%v, more %v", inOrder(rest), more)
	}
}

func closedOnes(t *testing.T, s Listing) {
	for i, state := range []lifecycle.State{lifecycle.Fulfilled, lifecycle.Refused, lifecycle.Withdrawn, lifecycle.PartlyFulfilled, lifecycle.Expired} {
		r := awaited(t, s, "PD-"+string(state), lifecycle.Open, 30+i)
		r.Version, r.State, r.ClosedAt = r.Version+1, state, testkit.T0.AddDate(0, 0, i)
		if err := s.Save(background, request.Step{Request: r}); err != nil {
			t.Fatal(err)
		}
	}
	list := casework.List{Watch: lifecycle.WatchClosed, Latest: true}
	first, more := listed(t, s, list, casework.Position{}, 3)
	if !more || len(first) != 3 {
		t.Fatalf("%v, more %v", inOrder(first), more)
	}
	rest, _ := listed(t, s, list, casework.Position{At: first[2].Watched, ID: first[2].ID}, 3)
	for _, q := range append(first, rest...) {
		if !q.Watched.Equal(q.ClosedAt) || q.DueAt.Before(testkit.T0.AddDate(0, 0, 30)) || !q.State.Closed() {
			t.Errorf("%+v", q)
		}
	}
	if got := inOrder(append(first, rest...)); got != "PD-expired PD-partly_fulfilled PD-withdrawn PD-refused PD-fulfilled" {
		t.Error(got)
	}
}

// A request is an officer's whatever name stands beside their id, until it is closed.
func ownOnes(t *testing.T, s Listing) {
	for i, c := range []struct {
		assignee string
		state    lifecycle.State
	}{{"Ford/f1", lifecycle.Open}, {"dpo/f1", lifecycle.WaitingForPerson}, {"Ford/f2", lifecycle.Open}, {"", lifecycle.Open}, {"Ford/f1", lifecycle.Refused}, {"Ford/f1", lifecycle.Open}} {
		r := awaited(t, s, fmt.Sprintf("PD-%d", i), lifecycle.Open, 9-i)
		r.Version, r.Assignee, r.State = r.Version+1, c.assignee, c.state
		if c.state == lifecycle.WaitingForPerson {
			r.Waiting = &waiting.Waiting{Cause: deadline.Identity, Question: "?", Until: testkit.T0.AddDate(0, 0, 30), ClockStands: true}
		}
		if err := s.Save(background, request.Step{Request: r}); err != nil {
			t.Fatal(err)
		}
	}
	own := casework.List{Assignee: "f1"}
	first, more := listed(t, s, own, casework.Position{}, 2)
	if got := inOrder(first); got != "PD-5 PD-0" || !more {
		t.Fatalf("%s, more %v", got, more)
	}
	rest, more := listed(t, s, own, casework.Position{At: first[1].Watched, ID: first[1].ID}, 2)
	if got := inOrder(rest); got != "PD-1" || more || !rest[0].Watched.Equal(rest[0].WaitUntil) {
		t.Errorf("%s, more %v", got, more)
	}
}

// What waits, is an appeal or a complaint, is for another, or waits for a signature is a list of its own.
func specialOnes(t *testing.T, s Listing) {
	waits := &waiting.Waiting{Cause: deadline.Identity, Question: "?", Until: testkit.T0.AddDate(0, 0, 30), ClockStands: true}
	toSign := &draft.Draft{Way: &draft.Way{Act: draft.Erase, At: testkit.T0, Needs: []foureyes.Act{foureyes.Erasure}}}
	for i, change := range []func(*request.Request){
		func(r *request.Request) { r.State, r.Waiting = lifecycle.WaitingForPerson, waits },
		func(r *request.Request) { r.AppealOf = "PD-0" },
		func(r *request.Request) { r.Kinds = []intake.Kind{deadline.Complaint} },
		func(r *request.Request) { r.OnBehalfOf = intake.Agent },
		func(r *request.Request) { r.State, r.Draft = lifecycle.PartlyFulfilled, toSign },
		func(r *request.Request) { r.State, r.AppealOf = lifecycle.Refused, "PD-0" },
		func(r *request.Request) {
			r.State, r.VerifiedAt, r.AppealOf = lifecycle.Unverified, time.Time{}, "PD-0"
		},
		func(*request.Request) {},
	} {
		r := awaited(t, s, fmt.Sprintf("PD-%d", i), lifecycle.Open, 9-i)
		r.Version, r.OnBehalfOf, r.AppealOf, r.Draft = r.Version+1, intake.Self, "", nil
		change(&r)
		if err := s.Save(background, request.Step{Request: r}); err != nil {
			t.Fatal(err)
		}
	}
	first, more := listed(t, s, casework.List{Special: true}, casework.Position{}, 3)
	if got := inOrder(first); got != "PD-4 PD-3 PD-2" || !more {
		t.Fatalf("%s, more %v", got, more)
	}
	rest, more := listed(t, s, casework.List{Special: true}, casework.Position{At: first[2].Watched, ID: first[2].ID}, 3)
	if got := inOrder(rest); got != "PD-1 PD-0" || more || !rest[1].Watched.Equal(waits.Until) {
		t.Errorf("%s, more %v", got, more)
	}
}

func newest(t *testing.T, s Listing) {
	var r request.Request
	for i := range 3 {
		r = verifiedAt(t, s, fmt.Sprintf("PD-%d", i), testkit.T0.AddDate(0, 0, i+1))
		verifiedAt(t, s, fmt.Sprintf("PD-never-%d", i), time.Time{})
	}
	for confirmed, want := range map[bool]string{true: "PD-2 PD-1", false: "PD-never-2 PD-never-1"} {
		found, more, err := s.NewestOf(background, r.Ref, confirmed, 2)
		if got := inOrder(found); err != nil || got != want || !more {
			t.Errorf("confirmed %v: %s, more %v, %v", confirmed, got, more, err)
		}
		if found, more, err := s.NewestOf(background, r.Ref, confirmed, 3); err != nil || more && confirmed || len(found) != 3 {
			t.Errorf("confirmed %v: %d, more %v, %v", confirmed, len(found), more, err)
		}
	}
	if found, more, err := s.NewestOf(background, "nobody", true, 2); err != nil || more || len(found) != 0 {
		t.Errorf("nobody: %v, %v", found, err)
	}
}

// verifiedAt stores a request that was verified then, or never.
func verifiedAt(t *testing.T, s Listing, id string, at time.Time) request.Request {
	t.Helper()
	r := awaited(t, s, id, lifecycle.Open, 9)
	r.Version, r.VerifiedAt = r.Version+1, at
	if n := len(id); at.IsZero() {
		r.State, r.ReceivedAt = lifecycle.Unverified, testkit.T0.AddDate(0, 0, int(id[n-1]-'0'))
	}
	if err := s.Save(background, request.Step{Request: r}); err != nil {
		t.Fatal(err)
	}
	return r
}

func unlisted(t *testing.T, s Listing) {
	for _, state := range []lifecycle.State{lifecycle.Expired, lifecycle.Withdrawn} {
		r := verifiedAt(t, s, "PD-"+string(state)+"-1", time.Time{})
		r.Version, r.State = r.Version+1, state
		if err := s.Save(background, request.Step{Request: r}); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range append(slices.Clone(lifecycle.Watches), lifecycle.WatchClosed) {
		if found, more := listed(t, s, casework.List{Watch: w}, casework.Position{}, 9); more || len(found) != 0 {
			t.Errorf("%s: %s", w, inOrder(found))
		}
	}
}

func masked(t *testing.T, s Listing) {
	awaited(t, s, "PD-A", lifecycle.Open, 9)
	found, _ := listed(t, s, casework.List{Watch: lifecycle.WatchOpen}, casework.Position{}, 9)
	if len(found) != 1 || found[0].Person != "z***@e***.com" || strings.Contains(written(t, found[0]), "all of it") {
		t.Errorf("%+v", found)
	}
}

func inOrder(all []request.Summary) string {
	var ids []string
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, " ")
}

// written is a summary as a text: a time is the same in every zone.
func written(t *testing.T, s request.Summary) string {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
