package casework_test

import (
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

func TestARowSaysWhatTheFileSays(t *testing.T) {
	r := newRig(t)
	q := r.confirmed(germany, deadline.Correction)
	page := r.queue(casework.Query{})
	if len(page.Rows) != 1 || page.Next != "" || page.Partly || page.Today != civil.Of(r.now, r.rights.Law.Zone()) {
		t.Fatalf("%+v", page)
	}
	row := page.Rows[0]
	if row.Reference != q.ID || row.Person != "p***@e***.com" || row.State != lifecycle.Open || row.Place != germany || !slices.Equal(row.Kinds, q.Kinds) {
		t.Errorf("%+v", row)
	}
	due, err := r.rights.Due(q)
	if err != nil || row.Law != (casework.Law{ID: "gdpr", Name: due.Law, Clause: due.Clause}) || !row.DueAt.Equal(due.Due) || row.Due != civil.Of(due.Due, r.rights.Law.Zone()) {
		t.Errorf("%+v; due %+v, %v", row, due, err)
	}
	if row.Left != r.rights.Law.WorkingDays(r.now, due.Due) || row.Left == 0 || row.Late != 0 || !row.New || row.Paused || row.Held {
		t.Errorf("%+v", row)
	}
	r.now = due.Due
	if row := r.queue(casework.Query{}).Rows[0]; row.Left != 0 || row.Late != 0 {
		t.Errorf("on its last day: %+v", row)
	}
	r.now = due.Due.Add(time.Second)
	if row := r.queue(casework.Query{}).Rows[0]; row.Left != 0 || row.Late != 1 {
		t.Errorf("overdue: %+v", row)
	}
}

// A desk with one request for each view.
func viewed(t *testing.T) (*rig, map[string]string) {
	r := newRig(t)
	id := map[string]string{}
	id["unconfirmed"] = r.opened(germany, deadline.Access).ID
	id["open"] = r.confirmed(germany, deadline.Access).ID
	id["mine"] = r.must(r.rights.Assign(background, r.confirmed(germany, deadline.Access).ID, colleague, "Another name/one")).ID
	waits := r.must(r.rights.Ask(background, r.confirmed(germany, deadline.Erasure).ID, officer, waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
	id["waits"] = waits.ID
	child := r.opened(california, deadline.ChildErasure)
	w := child.Words()
	w.OnBehalfOf = intake.Parent
	child, _, err := r.rights.Confirm(background, child.ID, w)
	id["child"] = r.must(child, err).ID
	refused := r.must(r.rights.Decide(background, r.confirmed(germany, deadline.Correction).ID, officer, refusal))
	id["refused"] = refused.ID
	id["appeal"] = r.must(r.rights.Appeal(background, refused.ID, "No.")).ID
	bounced := r.confirmed(germany, deadline.Portability)
	if err := r.rights.MailBounced(background, bounced.ID, "m1"); err != nil {
		t.Fatal(err)
	}
	id["bounced"] = bounced.ID
	replied := r.confirmed(germany, deadline.Information)
	r.rights.Settings.FourEyes = foureyes.Rule{foureyes.Refusal, foureyes.Erasure}
	id["to sign"] = r.must(r.rights.Decide(background, r.confirmed(california, deadline.Portability).ID, officer, refusal)).ID
	partly := refusal
	partly.Outcome = decision.Partly
	erased := r.must(r.rights.Decide(background, r.confirmed(germany, deadline.Erasure).ID, officer, partly))
	id["closed to sign"] = r.must(r.rights.Erase(background, erased.ID, officer)).ID
	id["replied"] = r.must(r.rights.Replied(background, replied.ID, request.Mail{From: replied.Address, Proven: true, At: r.now})).ID
	return r, id
}

var refusal = decision.Answer{Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: decision.Excessive}}, Explanation: "because"}

func TestViews(t *testing.T) {
	r, id := viewed(t)
	all := []string{"open", "mine", "waits", "child", "appeal", "bounced", "to sign", "replied"}
	for view, want := range map[casework.View][]string{
		"": all, casework.ViewNext: all, casework.ViewMine: {"mine"}, casework.ViewNobodys: {"open", "waits", "child", "appeal", "bounced", "to sign", "replied"},
		casework.ViewOverdue: nil, casework.ViewWeek: nil, casework.ViewWaiting: {"waits", "child"}, casework.ViewAppeals: {"appeal"}, casework.ViewChildrenAgents: {"child"},
		casework.ViewReplies: {"replied"}, casework.ViewUnsent: {"bounced"}, casework.ViewToSign: {"to sign", "closed to sign"}, casework.ViewUnconfirmed: {"unconfirmed"}, casework.ViewClosed: {"refused"},
	} {
		got := r.queue(casework.Query{View: view, Officer: officer}).Rows
		if len(got) != len(want) {
			t.Errorf("%s: %d, want %q", view, len(got), want)
		}
		for _, name := range want {
			if !slices.ContainsFunc(got, func(row casework.Row) bool { return row.Reference == id[name] }) {
				t.Errorf("%s does not show %s", view, name)
			}
		}
	}
	if rows := r.queue(casework.Query{}).Rows; !slices.IsSortedFunc(rows, func(a, b casework.Row) int { return nextAt(a).Compare(nextAt(b)) }) {
		t.Errorf("not in order: %+v", rows)
	}
	if row := r.queue(casework.Query{View: casework.ViewWaiting, Kind: deadline.Erasure}).Rows[0]; !row.Paused || row.Until.IsZero() || row.Late != 0 || row.New {
		t.Errorf("%+v", row)
	}
}

func nextAt(r casework.Row) time.Time {
	if r.Paused {
		return r.Until.End(time.UTC)
	}
	return r.DueAt
}

func TestOverdueAndThisWeek(t *testing.T) {
	r, id := viewed(t)
	due := r.file(id["open"]).Request.DueAt
	monday := civil.Of(due, r.rights.Law.Zone())
	for monday.Weekday() != time.Monday {
		monday--
	}
	r.now = monday.End(r.rights.Law.Zone()).Add(-time.Hour) // late on the Monday of the week in which it is due
	if rows := r.queue(casework.Query{View: casework.ViewWeek}).Rows; !slices.ContainsFunc(rows, func(row casework.Row) bool { return row.Reference == id["open"] }) {
		t.Errorf("this week: %+v", rows)
	}
	counts := r.queue(casework.Query{View: casework.ViewClosed}).Counts
	if counts != nil {
		t.Errorf("closed ones are counted: %+v", counts)
	}
	r.now = due.Add(time.Hour)
	page := r.queue(casework.Query{View: casework.ViewOverdue})
	if !slices.ContainsFunc(page.Rows, func(row casework.Row) bool { return row.Reference == id["open"] && row.Late == 1 }) {
		t.Errorf("overdue: %+v", page.Rows)
	}
	if page.Counts.Overdue != (casework.Count{N: len(page.Rows)}) {
		t.Errorf("%+v of %d", page.Counts.Overdue, len(page.Rows))
	}
	if slices.ContainsFunc(page.Rows, func(row casework.Row) bool { return row.Reference == id["waits"] }) {
		t.Error("what waits for its person is overdue")
	}
}

func TestCountsOfTheFirstLine(t *testing.T) {
	r, _ := viewed(t)
	want := casework.Counts{Appeals: casework.Count{N: 1}, Waiting: casework.Count{N: 2}, New: casework.Count{N: 5}, Unconfirmed: casework.Count{N: 1}} // mine and waits were acted on
	if got := r.queue(casework.Query{View: casework.ViewMine, Officer: officer}).Counts; got == nil || *got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	f := r.file(r.queue(casework.Query{View: casework.ViewNobodys}).Rows[0].Reference)
	if err := r.rights.Looked(background, &f, officer, lifecycle.EventLooked); err != nil {
		t.Fatal(err)
	}
	if got := r.queue(casework.Query{}).Counts.New; got.N > 5 {
		t.Errorf("new: %+v", got)
	}
}

func TestFilters(t *testing.T) {
	r, id := viewed(t)
	today := civil.Of(r.now, r.rights.Law.Zone())
	for name, c := range map[string]struct {
		q    casework.Query
		want int
	}{
		"a state":              {casework.Query{State: lifecycle.WaitingForPerson}, 2},
		"a kind":               {casework.Query{Kind: deadline.ChildErasure}, 1},
		"a region":             {casework.Query{Place: "US-CA"}, 2},
		"a country":            {casework.Query{Place: "US"}, 2},
		"the start of a place": {casework.Query{Place: "U"}, 0},
		"a law":                {casework.Query{Law: "gdpr"}, 5},
		"no law":               {casework.Query{Law: "own"}, 1},
		"today":                {casework.Query{From: today, To: today}, 8},
		"tomorrow":             {casework.Query{From: today + 1}, 0},
		"until yesterday":      {casework.Query{To: today - 1}, 0},
		"two at once":          {casework.Query{Law: "gdpr", State: lifecycle.WaitingForPerson}, 1},
		"closed and refused":   {casework.Query{View: casework.ViewClosed, State: lifecycle.Refused}, 1},
		"closed and fulfilled": {casework.Query{View: casework.ViewClosed, State: lifecycle.Fulfilled}, 0},
	} {
		if got := r.queue(c.q); len(got.Rows) != c.want {
			t.Errorf("%s: %s", name, references(got.Rows))
		}
	}
	_ = id
}

func TestUnknownQueriesAreRefused(t *testing.T) {
	r := newRig(t)
	r.confirmed(germany, deadline.Access)
	other := casework.Query{View: casework.ViewClosed}
	for field, q := range map[string]casework.Query{
		"view": {View: "all"}, "state": {State: "gone"}, "kind": {Kind: "wish"}, "law": {Law: "jungle"}, "to": {From: 9, To: 8}, "size": {Size: 1000},
		"after": {After: "!"},
	} {
		if _, err := r.Queue(background, q); !fault.Is(err, fault.Invalid) || fault.FieldsOf(err)[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	r.confirmed(germany, deadline.Access)
	other.After = r.queue(casework.Query{Size: 1}).Next
	if _, err := r.Queue(background, other); other.After == "" || !fault.Is(err, fault.Invalid) {
		t.Errorf("another view's position %q: %v", other.After, err)
	}
}

// What nobody confirmed is counted once a minute, and whenever it is shown.
func TestUnconfirmedOnesAreCounted(t *testing.T) {
	r := newRig(t)
	count := func() casework.Count { return r.queue(casework.Query{}).Counts.Unconfirmed }
	if got := count(); got != (casework.Count{}) || r.lists.reads != 3 {
		t.Errorf("%+v in %d reads", got, r.lists.reads)
	}
	r.opened(germany, deadline.Access)
	if got := count(); got != (casework.Count{}) || r.lists.reads != 5 {
		t.Errorf("%+v in %d reads", got, r.lists.reads)
	}
	if r.queue(casework.Query{View: casework.ViewUnconfirmed}); count() != (casework.Count{N: 1}) || r.lists.reads != 8 {
		t.Errorf("not counted when it was shown; %d reads", r.lists.reads)
	}
	for range 250 {
		r.opened(germany, deadline.Access)
	}
	r.now = r.now.Add(2 * time.Minute)
	if got := count(); got != (casework.Count{N: 250, More: true}) {
		t.Errorf("two minutes later %+v", got)
	}
}
