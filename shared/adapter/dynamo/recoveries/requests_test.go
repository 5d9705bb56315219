package recoveries_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
)

// asked stores an access request in a state, with so many notes in its history and a mail that waits.
func asked(tb testing.TB, s request.Store, id string, state lifecycle.State, notes int) request.File {
	tb.Helper()
	address := testkit.Address(tb, "zaphod@example.com")
	r := request.Request{
		ID: id, Ref: testkit.Key(tb).Ref(address), Address: address, Version: 1, Kinds: []intake.Kind{deadline.Access}, State: state,
		ReceivedAt: testkit.T0, VerifiedAt: testkit.T0, DueAt: testkit.T0.AddDate(0, 1, 0), Head: audit.Genesis(id),
	}
	if state.Closed() {
		r.ClosedAt = testkit.T0
	}
	step := request.Step{Letters: []outbox.Letter{{SubjectID: id, Seq: 1, Template: requestmail.Acknowledge, State: outbox.Pending, DueAt: testkit.T0}}}
	for n := range notes {
		step.Events = append(step.Events, note(tb, &r, fmt.Sprint("note ", n)))
	}
	step.Request = r
	if err := s.Create(context.Background(), request.Creation{Step: step}); err != nil {
		tb.Fatal(err)
	}
	f, err := s.File(context.Background(), id)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func note(tb testing.TB, r *request.Request, text string) audit.Entry {
	tb.Helper()
	e, err := audit.Append(r.Head, audit.Entry{
		At: testkit.T0, Kind: "noted", Actor: "officer", Private: map[string]audit.Private{"note": audit.Personal(text)},
	}, &testkit.Random{})
	if err != nil {
		tb.Fatal(err)
	}
	r.Head = e.Head()
	return e
}

// more goes on with a request.
func more(tb testing.TB, s request.Store, id string) {
	tb.Helper()
	r, err := s.Load(context.Background(), id)
	if err != nil {
		tb.Fatal(err)
	}
	r.Version++
	e := note(tb, &r, "later")
	if err := s.Save(context.Background(), request.Step{Request: r, Events: []audit.Entry{e}}); err != nil {
		tb.Fatal(err)
	}
}

// drop deletes rows of a request.
func drop(tb testing.TB, r *requests.Store, id string, rows ...string) {
	tb.Helper()
	for _, row := range rows {
		key := map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}, "row": &types.AttributeValueMemberS{Value: row}}
		if _, err := r.Table.DB.DeleteItem(context.Background(), &dynamodb.DeleteItemInput{TableName: &r.Table.Name, Key: key}); err != nil {
			tb.Fatal(err)
		}
	}
}

// copied makes the copies now, of the tables as they are.
func (l *lost) copied(tb testing.TB) {
	tb.Helper()
	for from, to := range map[string]string{l.is.Table.Name: l.is.Table.Name + "-before", l.isReq.Table.Name: l.isReq.Table.Name + "-before"} {
		if err := database.Copy(context.Background(), l.is.Table.DB, from, to); err != nil {
			tb.Fatal(err)
		}
		tb.Cleanup(func() {
			_, _ = l.is.Table.DB.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &to})
		})
	}
	l.Copy.OptOuts, l.Copy.Requests = l.is.Table.Name+"-before", l.isReq.Table.Name+"-before"
}

func TestRequestsComeBack(t *testing.T) {
	const id = "PD-1"
	everything := []string{"request", "event#0001", "event#0002", "event#0003", "mail#0001#acknowledge"}
	cases := map[string]struct {
		state  lifecycle.State
		later  bool // it goes on after the copy
		lost   []string
		erased bool
		back   bool   // it is there in the end
		noted  bool   // with the entry that says so
		says   string // what is named
	}{
		"nothing is lost":                       {state: lifecycle.Open, back: true},
		"all of it":                             {state: lifecycle.Open, lost: everything, back: true, noted: true},
		"its own row":                           {state: lifecycle.Open, lost: everything[:1], back: true, noted: true},
		"a part of its history":                 {state: lifecycle.Open, lost: everything[1:3], back: true},
		"entries here and there":                {state: lifecycle.Open, lost: []string{everything[1], everything[3]}, back: true},
		"a part, and it has gone on":            {state: lifecycle.Open, later: true, lost: everything[2:], back: true},
		"all that the copy has, it has gone on": {state: lifecycle.Open, later: true, lost: everything, says: "younger than the copy"},
		"a younger entry that no copy has":      {state: lifecycle.Open, later: true, lost: []string{"event#0004"}, back: true, says: "entry 4: it is missing"},
		"open, of somebody erased since":        {state: lifecycle.Open, lost: everything, erased: true, says: "answer it from the copy"},
		"closed, of somebody erased since":      {state: lifecycle.Fulfilled, lost: everything, erased: true, back: true, noted: true},
		"its own row, of somebody erased since": {state: lifecycle.Fulfilled, lost: everything[:1], erased: true, back: true, noted: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLost(t)
			f := asked(t, l.isReq, id, c.state, 3)
			l.copied(t)
			if c.later {
				more(t, l.isReq, id)
			}
			drop(t, l.isReq, id, c.lost...)
			if c.erased {
				l.Erased = map[person.Ref]time.Time{f.Request.Ref: l.Now}
			}
			var rows []string
			for run := range 2 {
				got := l.bring(t)
				if named := strings.Join(got.Refused, " "); !strings.Contains(named, c.says) || (c.says == "") != (named == "") {
					t.Errorf("run %d names %q", run, named)
				}
				if run == 0 && slices.Contains(c.lost, everything[4]) && c.says == "" && !slices.Equal(got.Letters, []string{"PD-1 acknowledge"}) {
					t.Errorf("letters: %q", got.Letters)
				}
				now := all(t, l.is.Table.DB, l.isReq.Table.Name)
				if run == 1 && !slices.Equal(now, rows) {
					t.Errorf("the second run has changed\n%s\ninto\n%s", rows, now)
				}
				rows = now
			}
			is, err := l.isReq.File(t.Context(), id)
			if (err == nil) != c.back {
				t.Fatal(err)
			}
			if !c.back {
				return
			}
			if err := audit.Verify(is.Events, is.Request.Head); (err == nil) != (c.says == "") {
				t.Error(err)
			}
			if c.noted != slices.ContainsFunc(is.Events, func(e audit.Entry) bool { return e.Facts["recovered_as_of"] != "" }) {
				t.Errorf("the history does not say so rightly: %v", is.Events)
			}
			if is.Request.Reduced() != c.erased || c.erased && strings.Contains(fmt.Sprint(rows), "example.com") {
				t.Errorf("%+v", is.Request)
			}
			if slices.Contains(c.lost, everything[4]) && is.Letters[0].UnderWay() {
				t.Errorf("the mail would go again: %+v", is.Letters)
			}
		})
	}
}

// Whatever is lost of a request that goes on after the copy, its history is whole in the end, or nothing was written;
// and no mail that the copy had waiting goes again.
func TestAnyLossOfARequest(t *testing.T) {
	l := newLost(t)
	n, outer := 0, t
	rapid.Check(t, func(t *rapid.T) {
		n++
		id, notes, later := fmt.Sprint("PD-", n), rapid.IntRange(1, 6).Draw(t, "notes"), rapid.IntRange(0, 2).Draw(t, "later")
		f := asked(outer, l.isReq, id, lifecycle.Open, notes)
		wasIs := asked(outer, l.wasReq, id, lifecycle.Open, notes)
		if f.Request.Head != wasIs.Request.Head {
			t.Fatal("the two are not the same request")
		}
		for range later {
			more(outer, l.isReq, id)
		}
		names := []string{"request", "mail#0001#acknowledge"}
		for e := range notes + later {
			names = append(names, fmt.Sprintf("event#%04d", e+1))
		}
		lostRows := rapid.SliceOfDistinct(rapid.SampledFrom(names), func(s string) string { return s }).Draw(t, "lost")
		drop(outer, l.isReq, id, lostRows...)
		r := l.Recovery
		if _, err := r.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		is, err := l.isReq.File(context.Background(), id)
		for _, notice := range is.Letters {
			if notice.UnderWay() && slices.Contains(lostRows, "mail#0001#acknowledge") {
				t.Fatalf("a mail would go again: %+v", notice)
			}
		}
		var broken *audit.Broken
		younger := slices.ContainsFunc(lostRows, func(row string) bool {
			return strings.HasPrefix(row, "event#") && row > fmt.Sprintf("event#%04d", notes)
		})
		if err == nil && !younger && errors.As(audit.Verify(is.Events, is.Request.Head), &broken) {
			t.Fatalf("lost %q of %d and %d: %v", lostRows, notes, later, broken)
		}
		drop(outer, l.wasReq, id, names...) // each run reads the whole copy
	})
}

// A long history comes back in several transactions, its own row in the last.
func TestALongRequestComesBack(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	asked(t, l.wasReq, "PD-1", lifecycle.Open, 95)
	for range 130 {
		more(t, l.wasReq, "PD-1")
	}
	l.bring(t)
	is, err := l.isReq.File(t.Context(), "PD-1")
	if err != nil || len(is.Events) != 226 {
		t.Fatal(len(is.Events), err)
	}
	if err := audit.Verify(is.Events, is.Request.Head); err != nil {
		t.Error(err)
	}
}
