package suppression_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/optoutrig"
)

// sesList is SES's list as SES keeps it: by the spelling, each entry with its
// date and whether SES made it.
type sesList struct {
	now   func() time.Time
	held  map[string]held
	calls map[string]int
	fail  func() error // asked before each call
}

type held struct {
	reason  suppression.ListReason
	updated time.Time
	bySES   bool
}

const listPage = 5

func (l *sesList) call(name string) error {
	l.calls[name]++
	if l.fail != nil {
		return l.fail()
	}
	return nil
}

func (l *sesList) total() (n int) {
	for _, calls := range l.calls {
		n += calls
	}
	return n
}

func (l *sesList) Put(_ context.Context, a person.Address, r suppression.ListReason) error {
	err := l.call("put")
	if err == nil {
		l.held[a.Reveal()] = held{r, l.now(), false}
	}
	return err
}

func (l *sesList) Delete(_ context.Context, a person.Address) error {
	err := l.call("delete")
	if err == nil {
		delete(l.held, a.Reveal())
	}
	return err
}

func (l *sesList) Page(_ context.Context, token string) ([]suppression.Entry, string, error) {
	if err := l.call("page"); err != nil {
		return nil, "", err
	}
	var entries []suppression.Entry
	for _, text := range slices.Sorted(maps.Keys(l.held)) {
		if text <= token {
			continue
		}
		if len(entries) == listPage {
			return entries, entries[listPage-1].Spelling.Reveal(), nil
		}
		a, _ := person.Parse(text)
		entries = append(entries, suppression.Entry{Spelling: suppression.NewSpelling(text), Address: a, Reason: l.held[text].reason, Updated: l.held[text].updated})
	}
	return entries, "", nil
}

func (l *sesList) MadeBySES(_ context.Context, e suppression.Entry) (suppression.ListReason, time.Time, error) {
	if err := l.call("get"); err != nil {
		return suppression.NotListed, time.Time{}, err
	}
	h, found := l.held[e.Spelling.Reveal()]
	if !found {
		return suppression.NotListed, time.Time{}, suppression.ErrNotListed
	}
	if !h.bySES {
		return suppression.NotListed, time.Time{}, nil
	}
	return h.reason, h.updated, nil
}

func (l *sesList) Drop(_ context.Context, e suppression.Entry) error {
	err := l.call("drop")
	if err == nil {
		delete(l.held, e.Spelling.Reveal())
	}
	return err
}

// holds reports whether mail to the address is suppressed: case does not count.
func (l *sesList) holds(address string) bool {
	for text := range l.held {
		if strings.EqualFold(text, address) {
			return true
		}
	}
	return false
}

// reconciliation is a desk whose list can be walked.
type reconciliation struct {
	*desk
	ses *sesList
	*suppression.Reconciler
	finish func() // SES does its bulk jobs
}

func newReconciliation(tb testing.TB) *reconciliation {
	d := newDesk(tb)
	w := &reconciliation{desk: d, ses: &sesList{now: func() time.Time { return d.Time }, held: map[string]held{}, calls: map[string]int{}}}
	d.Syncer.List = w.ses
	w.restart(tb)
	return w
}

// restart is a new process: what the old one had in memory is lost.
func (w *reconciliation) restart(tb testing.TB) {
	clock := func() time.Time { return w.Time }
	w.Reconciler = &suppression.Reconciler{
		Ledger: w.Table, Runs: w.Table, List: w.ses, Pace: optoutrig.NoPace{}, Now: clock,
		Key:   func(context.Context) (person.Key, error) { return testkit.Key(tb), nil },
		Sleep: func(_ context.Context, d time.Duration) { w.Time = w.Time.Add(d) },
		NewID: func() string { return fmt.Sprint("run-", w.Time.UnixNano()) },
	}
}

func nothing(context.Context) error { return nil }

func (w *reconciliation) reconcile(tb testing.TB, dryRun bool) suppression.Drift {
	tb.Helper()
	if err := w.Start(context.Background(), dryRun); err != nil {
		tb.Fatal(err)
	}
	drift, err := w.Work(context.Background(), time.Time{}, nothing)
	if err != nil || drift == nil {
		tb.Fatalf("report %v, %v", drift, err)
	}
	return *drift
}

func (w *reconciliation) in(tb testing.TB, address string) {
	tb.Helper()
	a := testkit.Address(tb, address)
	key := optout.Key{Ref: testkit.Key(tb).Ref(a), Scope: "email"}
	if _, err := w.Table.Apply(context.Background(), optout.Change{Key: key, To: optout.In, Address: a, Evidence: optout.Evidence{Source: optout.FromConfirm, At: w.Time}}); err != nil {
		tb.Fatal(err)
	}
}

func (w *reconciliation) later(d time.Duration) { w.Time = w.Time.Add(d) }
