package e2e

import (
	"context"
	"net/http"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// people are the kinds of work that a run can find. Each has chosen something
// that SES does not know yet.
type people struct{ leaves, returns, pauses, unlistable, stays optout.Record }

func (w *world) newPeople(tb testing.TB) people {
	tb.Helper()
	p := people{leaves: w.leaves(tb), returns: w.leaves(tb), pauses: w.leaves(tb), stays: w.leaves(tb)}
	w.tell(tb, p.stays)
	w.tell(tb, p.returns)
	p.returns = w.choose(tb, p.returns, optout.In)
	p.pauses = w.choose(tb, w.choose(tb, p.pauses, optout.In), optout.Paused)
	p.unlistable = w.record(tb, "dürst.zarniwoop@hitchhiker.example")
	return p
}

func (w *world) leaves(tb testing.TB) optout.Record {
	tb.Helper()
	address, _ := person(tb)
	return w.record(tb, address)
}

func (w *world) record(tb testing.TB, address string) optout.Record {
	tb.Helper()
	r, err := w.Record(context.Background(), optout.Request{
		Address: testkit.Address(tb, address), Scopes: []optout.Scope{optout.Email.Scope()}, Source: optout.FromForm,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// choose changes a record as its person would.
func (w *world) choose(tb testing.TB, r optout.Record, to optout.State) optout.Record {
	tb.Helper()
	c := optout.Change{Key: r.Key, To: to, Address: r.Address, Evidence: optout.Evidence{Source: optout.FromPreferences, At: time.Now()}}
	if to == optout.Paused {
		c.Until = time.Now().AddDate(0, 0, 30)
	}
	if to != optout.Out {
		c.IfVersion = w.now(tb, r).Version
	}
	changed, err := w.table.Apply(context.Background(), c)
	if err != nil {
		tb.Fatal(err)
	}
	return changed
}

// now reads a record again.
func (w *world) now(tb testing.TB, r optout.Record) optout.Record {
	tb.Helper()
	found, err := w.table.Records(context.Background(), []optout.Key{r.Key})
	if err != nil {
		tb.Fatal(err)
	}
	return found[r.Key]
}

// tell does by hand what the function does: SES lists the person, the row says so.
func (w *world) tell(tb testing.TB, r optout.Record) {
	tb.Helper()
	put := request(tb, http.MethodPut, w.ses.URL+"/v2/email/suppression/addresses", `{"EmailAddress":"`+r.Address.Reveal()+`","Reason":"COMPLAINT"}`, nil)
	if got := do(tb, put); got.status != http.StatusOK {
		tb.Fatal(got)
	}
	if err := w.table.MarkSynced(context.Background(), r, optout.Projection{Status: optout.Listed, At: time.Now()}); err != nil {
		tb.Fatal(err)
	}
}
