package contract

import (
	"context"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// OptOutTable is all that a table of opt-outs can do.
type OptOutTable interface {
	optout.Store
	suppression.Queue
	optin.Store
	ConfirmationsOf(context.Context, person.Ref) ([]optout.OptInConfirmation, error)
	suppression.JobQueue
	suppression.Ledger
	suppression.Runs
	// Drifts returns the latest reports of finished runs, newest first.
	Drifts(ctx context.Context, most int) ([]suppression.Drift, error)
}

// OptOutContract is what every table of opt-outs must keep.
func OptOutContract(t *testing.T, open func(testing.TB) OptOutTable) {
	for name, check := range map[string]func(*testing.T, OptOutTable){
		"an opt-out repeated is one record":         oneRecord,
		"coming back is conditional":                conditional,
		"a pause keeps its end and its work":        pause,
		"a transaction is all or nothing":           allOrNothing,
		"a person's records are found":              ofPerson,
		"many keys are read":                        manyKeys,
		"work is found oldest first and ends":       work,
		"a mark does not hide a newer choice":       newerChoice,
		"two at once are both counted":              concurrent,
		"evidence is the latest, whole":             evidence,
		"an opt-out knows the page that made it":    madeBy,
		"a wish to be erased survives the repeat":   erase,
		"a bulk job holds its records":              bulkJob,
		"a choice leaves the bulk job":              leavesJob,
		"a reconciliation run is kept and reported": runs,
		"when a run ended last is known":            lastRun,
		"a scan has everybody once":                 scan,
		"an event of SES brings its own times":      events,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

var background = context.Background()

func change(tb testing.TB, address string, scope optout.Scope, to optout.State, at time.Time) optout.Change {
	a := testkit.Address(tb, address)
	return optout.Change{
		Key: optout.Key{Ref: testkit.Key(tb).Ref(a), Scope: scope}, To: to, Address: a,
		Evidence: optout.Evidence{Source: optout.FromForm, At: at},
	}
}

func apply(tb testing.TB, s optout.Store, c optout.Change) optout.Record {
	tb.Helper()
	r, err := s.Apply(background, c)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func one(tb testing.TB, s optout.Store, k optout.Key) optout.Record {
	tb.Helper()
	found, err := s.Records(background, []optout.Key{k, k})
	if err != nil || len(found) != 1 {
		tb.Fatalf("records: %v, %v", found, err)
	}
	return found[k]
}

func isConflict(err error) bool { return fault.Is(err, fault.Conflict) }
