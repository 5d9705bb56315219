package dynamo_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// An order of erasure reaches everything that is kept of a person, and
// nothing of anybody else.
func TestOrder(t *testing.T) {
	s := newShelf(t)
	order, other := s.erasable(t, "ref-1", "PD-1"), s.erasable(t, "ref-2", "PD-9")
	o, err := s.Order(t.Context(), order, testkit.T0)
	if err != nil || o.Rest || o.Own.Work == nil {
		t.Fatalf("%+v, %v", o, err)
	}
	fates := map[string]disposal.Fate{}
	for _, p := range o.Pieces {
		if p.Work == nil {
			t.Fatalf("%+v", p)
		}
		fates[p.Work.Item().ID] = p.Work.Fate()
	}
	want := map[string]disposal.Fate{
		"ref-1/email": disposal.Reduced, "ref-1/bounce": disposal.Disposed, "ref-1/#opt-in": disposal.Disposed, "ref-1/#back": disposal.Disposed,
		"PD-1-closed": disposal.Reduced, "PD-1-nobody": disposal.Disposed,
		"PD-1-asked": disposal.Disposed,
	}
	for id, fate := range want {
		if fates[id] != fate {
			t.Errorf("%s is %q, not %q", id, fates[id], fate)
		}
	}
	if len(fates) != len(want) {
		t.Errorf("%v", fates)
	}
	works := []disposal.Work{o.Own.Work}
	for _, p := range o.Pieces {
		works = append(works, p.Work)
	}
	if err := s.Dispose(t.Context(), disposal.Batch{Run: disposal.Run{ID: "r", Version: 1}, Class: disposal.ErasureOrder, Part: 1, Works: works}); err != nil {
		t.Fatal(err)
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
		if class, _ := f.Request.Disposal(); class != string(disposal.RequestLog) {
			t.Errorf("%s is %s", id, class)
		}
	}
	for _, id := range []string{"PD-1-nobody", "PD-1-asked"} {
		if _, err := s.Requests.Load(t.Context(), id); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s: %v", id, err)
		}
	}
	if again, err := s.Order(t.Context(), order, testkit.T0); err != nil || len(again.Pieces) != 0 || again.Own.Work != nil || again.Own.Fate != disposal.Moved {
		t.Errorf("again: %+v, %v", again, err)
	}
	if o, err := s.Order(t.Context(), other, testkit.T0); err != nil || len(o.Pieces) != len(want) {
		t.Errorf("somebody else: %+v, %v", o, err)
	}
}

// What must wait is told; a request that anybody may have sent keeps nothing
// waiting.
func TestOrderThatWaits(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*testing.T, *shelf)
		rest   bool
		waits  int // pieces
	}{
		"an open request": {func(t *testing.T, s *shelf) {
			s.file(t, request.Request{ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []request.Kind{deadline.Access}, State: request.Open, VerifiedAt: testkit.T0, ReceivedAt: testkit.T0, Head: audit.Genesis("PD-2")})
		}, true, 0},
		"one that came since, and that nobody confirmed": {func(t *testing.T, s *shelf) {
			s.file(t, request.Request{ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []request.Kind{deadline.Access}, State: request.Unverified, ReceivedAt: testkit.T0, Head: audit.Genesis("PD-2")})
		}, false, 0},
		"one of a letter that was entered since, and that nobody confirmed": {func(t *testing.T, s *shelf) {
			s.file(t, request.Request{
				ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []request.Kind{deadline.Access}, State: request.Unverified,
				ReceivedAt: testkit.T0.AddDate(0, 0, -9), AskedAt: testkit.T0, VerifyBy: testkit.T0.Add(request.VerifyWithin), Head: audit.Genesis("PD-2"),
			})
		}, false, 0},
		"a mail under way": {func(t *testing.T, s *shelf) {
			s.file(t, request.Request{ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []request.Kind{deadline.Access}, State: request.Refused, VerifiedAt: testkit.T0, ReceivedAt: testkit.T0, ClosedAt: testkit.T0, Head: audit.Genesis("PD-2")},
				request.Notice{RequestID: "PD-2", Seq: 2, Template: request.MailDecision, State: request.NoticePending, DueAt: testkit.T0})
		}, false, 1},
		"SES": {func(t *testing.T, s *shelf) {
			if _, err := s.OptOuts.Apply(t.Context(), optout.Change{Key: optout.Key{Ref: "ref-1", Scope: "complaint"}, To: optout.Out, Evidence: optout.Evidence{At: testkit.T0}}); err != nil {
				t.Fatal(err)
			}
		}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t)
			order := s.erasable(t, "ref-1", "PD-1")
			c.change(t, s)
			o, err := s.Order(t.Context(), order, testkit.T0)
			if err != nil || o.Rest != c.rest || o.Own.Work == nil {
				t.Fatalf("%+v, %v", o, err)
			}
			waits := 0
			for _, p := range o.Pieces {
				if p.Fate == disposal.Waiting {
					waits++
				}
				if p.Work != nil && p.Work.Item().ID == "PD-2" {
					t.Error("what is to stay goes with the order")
				}
			}
			if waits != c.waits {
				t.Errorf("%d pieces wait", waits)
			}
		})
	}
}

// Two orders of one person: neither ends the other, which would then be carried
// out by none of them while something must wait.
func TestTwoOrdersOfAPerson(t *testing.T) {
	s := newShelf(t)
	order := s.erasable(t, "ref-1", "PD-1")
	s.file(t, request.Request{
		ID: "PD-2", Ref: "ref-1", Version: 1, Kinds: []request.Kind{deadline.Erasure}, State: request.Fulfilled, ReceivedAt: testkit.T0,
		VerifiedAt: testkit.T0, ClosedAt: testkit.T0, EraseFrom: testkit.T0, Head: audit.Genesis("PD-2"),
	})
	o, err := s.Order(t.Context(), order, testkit.T0)
	if err != nil || o.Rest || o.Own.Work == nil || len(o.Pieces) != 7 {
		t.Fatalf("%+v, %v", o, err)
	}
	for _, p := range o.Pieces {
		if p.Work == nil || p.Work.Item().ID == "PD-2" {
			t.Errorf("%+v", p)
		}
	}
}

// erasable is a person with an order of erasure and one record of each kind.
func (s *shelf) erasable(t *testing.T, ref person.Ref, id string) disposal.Item {
	t.Helper()
	apply := func(c optout.Change) {
		t.Helper()
		r, err := s.OptOuts.Apply(t.Context(), c)
		if err == nil && !r.Projection.DueAt.IsZero() {
			err = s.OptOuts.Projected(t.Context(), r, optout.Projection{Status: optout.Listed, At: testkit.T0})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	a, at := testkit.Address(t, "zaphod@example.com"), testkit.T0.Add(-time.Hour)
	apply(optout.Change{Key: optout.Key{Ref: ref, Scope: "email"}, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromForm, At: at}})
	apply(optout.Change{
		Key: optout.Key{Ref: ref, Scope: "bounce"}, To: optout.In, Address: a, Evidence: optout.Evidence{Source: optout.FromSoftBounces, At: at},
		Told: &optout.Told{At: at, SoftDays: []string{"2026-11-20"}, Quiet: true},
	})
	for _, back := range []bool{false, true} {
		ask := optout.Ask{Ref: ref, Address: a, AskedAt: at, Versions: map[optout.Scope]int{"email": 1}, Back: back}
		if err := s.OptOuts.ApplyAll(t.Context(), nil, &ask); err != nil {
			t.Fatal(err)
		}
	}
	base := request.Request{ID: id, Ref: ref, Version: 1, Kinds: []request.Kind{deadline.Erasure}, State: request.Fulfilled, Address: a, Name: "Zaphod", ReceivedAt: at, VerifiedAt: at, ClosedAt: at, EraseFrom: at, Head: audit.Genesis(id)}
	closed, nobody := base, base
	closed.ID, closed.EraseFrom, closed.Head = id+"-closed", time.Time{}, audit.Genesis(id+"-closed")
	nobody.ID, nobody.EraseFrom, nobody.VerifiedAt, nobody.State, nobody.Head = id+"-nobody", time.Time{}, time.Time{}, request.Expired, audit.Genesis(id+"-nobody")
	asked := nobody
	asked.ID, asked.State, asked.ClosedAt, asked.ReceivedAt, asked.Head = id+"-asked", request.Unverified, time.Time{}, at.Add(-time.Hour), audit.Genesis(id+"-asked")
	for _, r := range []request.Request{base, closed, nobody, asked} {
		s.file(t, r)
	}
	items, _, err := s.Due(t.Context(), disposal.ErasureOrder, testkit.T0, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if i.ID == id {
			return i
		}
	}
	t.Fatalf("the order is not due: %+v", items)
	return disposal.Item{}
}

// The index may lag behind: what was noted since is still due, what was closed
// anew is not.
func TestIndexThatLags(t *testing.T) {
	s := newShelf(t)
	for id, c := range map[string]struct {
		change func(*request.Request)
		fate   disposal.Fate
	}{
		"PD-noted": {func(*request.Request) {}, ""}, "PD-again": {func(r *request.Request) { r.ClosedAt = r.ClosedAt.Add(time.Minute) }, disposal.Moved},
		"PD-open": {func(r *request.Request) { r.State = request.Open }, disposal.Moved},
	} {
		r := s.request(t, id, disposal.ClosedRequest, testkit.T0).Request
		items, _, err := s.Due(t.Context(), disposal.ClosedRequest, testkit.T0.Add(time.Hour), "", 1)
		if err != nil || len(items) != 1 {
			t.Fatalf("%+v, %v", items, err)
		}
		c.change(&r)
		r.Version++
		if err := s.Requests.Save(t.Context(), request.Step{Request: r}); err != nil {
			t.Fatal(err)
		}
		ready, err := s.Prepare(t.Context(), disposal.ClosedRequest, disposal.Reduce, items, testkit.T0)
		if err != nil || ready[0].Fate != c.fate || (c.fate == "") != (ready[0].Work != nil) {
			t.Errorf("%s: %+v, %v", id, ready, err)
		}
		if w := ready[0].Work; w != nil && w.Item().Version != 2 {
			t.Errorf("%s is made ready in version %d", id, w.Item().Version)
		}
		s.remove(t, id)
	}
}

// Rows that somebody has broken are no silence, and keep nothing else.
func TestBrokenRows(t *testing.T) {
	s := newShelf(t)
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	one := &types.AttributeValueMemberN{Value: "1"}
	old := text("2015-01-01T00:00:00.000Z")
	for name, row := range map[string]map[string]types.AttributeValue{
		"no version":         {"disposal_at": old},
		"a text for version": {"disposal_at": old, "version": text("1")},
		"no date":            {"disposal_at": text("0"), "version": one},
	} {
		s.optOut(t, disposal.OptOutEvidence, testkit.T0) // as others are
		row["ref"], row["scope"], row["disposal"] = text("broken"), text("email"), text("opt-out-evidence")
		s.put(t, s.OptOuts.Table, row)
		s.fails(t, name, disposal.OptOutEvidence)
	}
	for name, row := range map[string]map[string]types.AttributeValue{
		"nothing in it":     {},
		"not closed":        {"version": one, "state": text("open")},
		"a wrong version":   {"version": text("1")},
		"none":              {"state": text("refused"), "verified_at": old, "closed_at": old},
		"no such date":      {"version": one, "state": text("refused"), "verified_at": old, "closed_at": text("soon")},
		"a log that is not": {"version": one, "state": text("refused"), "verified_at": old, "closed_at": old, "reduced_at": old},
	} {
		row["id"], row["row"], row["disposal"], row["disposal_at"] = text("PD-1"), text("request"), text("closed-request"), old
		s.put(t, s.Requests.Table, row)
		s.fails(t, name, disposal.ClosedRequest)
	}
}

func (s *shelf) put(t *testing.T, table string, row map[string]types.AttributeValue) {
	t.Helper()
	if _, err := s.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: dynamo.SpreadRow(row)}); err != nil {
		t.Fatal(err)
	}
}

// fails wants the oldest record of a class to be one that cannot go.
func (s *shelf) fails(t *testing.T, name string, c disposal.Class) {
	t.Helper()
	items, _, err := s.Due(t.Context(), c, testkit.T0.AddDate(1, 0, 0), "", 1)
	if err != nil || len(items) != 1 {
		t.Fatalf("%s: %+v, %v", name, items, err)
	}
	ready, err := s.Prepare(t.Context(), c, disposal.Reduce, items, testkit.T0)
	if err != nil || ready[0].Fate != disposal.Failed || ready[0].Err == nil || ready[0].Work != nil {
		t.Errorf("%s: %+v, %v", name, ready, err)
	}
}

// Two parts of a request that say that they are the same: DynamoDB takes no
// transaction with both.
func TestTwoPartsThatAreTheSame(t *testing.T) {
	s := newShelf(t)
	f := s.request(t, "PD-1", disposal.ClosedRequest, testkit.T0)
	entry, err := f.Events[0].Encode()
	if err != nil {
		t.Fatal(err)
	}
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	s.put(t, s.Requests.Table, map[string]types.AttributeValue{"id": text(f.Request.ID), "row": text("event#0009"), "entry": text(string(entry))})
	items, _, err := s.Due(t.Context(), disposal.ClosedRequest, testkit.T0.AddDate(1, 0, 0), "", 1)
	if err != nil || len(items) != 1 {
		t.Fatalf("%+v, %v", items, err)
	}
	ready, err := s.Prepare(t.Context(), disposal.ClosedRequest, disposal.Reduce, items, testkit.T0)
	if err != nil || ready[0].Work == nil {
		t.Fatalf("%+v, %v", ready, err)
	}
	err = s.Dispose(t.Context(), disposal.Batch{Run: disposal.Run{ID: "r", Version: 1}, Class: disposal.ClosedRequest, Part: 1, Works: []disposal.Work{ready[0].Work}})
	if !errors.Is(err, disposal.ErrUnwritable) {
		t.Errorf("%v", err)
	}
}

// What was chosen anew since the index was read says what it is now.
func TestWhatARecordHasBecome(t *testing.T) {
	for name, c := range map[string]struct {
		row  map[string]string
		fate disposal.Fate
	}{
		"SES must be told": {map[string]string{"pending": "ses", "pending_at": "2026-01-01T00:00:00.000Z"}, disposal.Waiting},
		"SES knows":        {nil, disposal.Moved},
	} {
		s := newShelf(t)
		id := s.optOut(t, disposal.OptOutEvidence, testkit.T0)
		items, _, err := s.Due(t.Context(), disposal.OptOutEvidence, testkit.T0.AddDate(1, 0, 0), "", 1)
		if err != nil || len(items) != 1 {
			t.Fatalf("%+v, %v", items, err)
		}
		ready, err := s.Prepare(t.Context(), disposal.OptOutEvidence, disposal.Reduce, items, testkit.T0)
		if err != nil || ready[0].Work == nil {
			t.Fatalf("%+v, %v", ready, err)
		}
		k := key(id)
		row := map[string]types.AttributeValue{"version": &types.AttributeValueMemberN{Value: "8"}}
		for attr, v := range map[string]string{"ref": string(k.Ref), "scope": string(k.Scope), "pending": c.row["pending"], "pending_at": c.row["pending_at"]} {
			if v != "" {
				row[attr] = &types.AttributeValueMemberS{Value: v}
			}
		}
		s.put(t, s.OptOuts.Table, row)
		err = s.Dispose(t.Context(), disposal.Batch{Run: disposal.Run{ID: "r", Version: 1}, Class: disposal.OptOutEvidence, Part: 1, Works: []disposal.Work{ready[0].Work}})
		refused, ok := errors.AsType[*disposal.Refused](err)
		if !ok || refused.Lost || refused.Holds || refused.Works[0] != c.fate {
			t.Errorf("%s: %v", name, err)
		}
		// Read before that, it is not even tried.
		if ready, err = s.Prepare(t.Context(), disposal.OptOutEvidence, disposal.Reduce, items, testkit.T0); err != nil || ready[0].Work != nil || ready[0].Fate != disposal.Moved {
			t.Errorf("%s: %+v, %v", name, ready[0], err)
		}
	}
}

// A cutoff that was moved back behind the place has nothing after it.
func TestDueBehindThePlace(t *testing.T) {
	s := newShelf(t)
	s.optOut(t, disposal.OptOutEvidence, testkit.T0)
	s.made++
	s.optOut(t, disposal.OptOutEvidence, testkit.T0.Add(time.Hour))
	items, more, err := s.Due(t.Context(), disposal.OptOutEvidence, testkit.T0.AddDate(1, 0, 0), "", 1)
	if err != nil || len(items) != 1 || !more {
		t.Fatalf("%+v, %v, %v", items, more, err)
	}
	for _, before := range []time.Time{testkit.T0, testkit.T0.AddDate(-1, 0, 0)} {
		if left, more, err := s.Due(t.Context(), disposal.OptOutEvidence, before, items[0].Place, 10); err != nil || more || len(left) != 0 {
			t.Errorf("%+v, %v, %v", left, more, err)
		}
	}
}

// A wish that does not say when it was made keeps no order.
func TestOrderWithABrokenWish(t *testing.T) {
	s := newShelf(t)
	order := s.erasable(t, "ref-1", "PD-1")
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	s.put(t, s.OptOuts.Table, map[string]types.AttributeValue{"ref": text("ref-1"), "scope": text("#opt-in"), "address": text("zaphod@example.com")})
	o, err := s.Order(t.Context(), order, testkit.T0)
	if err != nil {
		t.Fatal(err)
	}
	for n, p := range o.Pieces {
		if p.Work == nil {
			t.Fatalf("%+v", p)
		}
		b := disposal.Batch{Run: disposal.Run{ID: "r", Version: n + 1}, Class: disposal.ErasureOrder, Part: n + 1, Works: []disposal.Work{p.Work}}
		if err := s.Dispose(t.Context(), b); err != nil {
			t.Errorf("%s: %v", p.Work.Item().ID, err)
		}
	}
}
