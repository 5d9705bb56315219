package disposal

import (
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/schedule"
)

// A tombstone keeps the version of its record. A sweep that has found the
// record in the index, and then reads its tombstone, must not certify it again.
func TestTombstoneIsNotReducedAgain(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	item := Item{Class: schedule.OptOutEvidence, ID: "ref/email", Ref: "ref", Version: 3, Start: at.AddDate(-4, 0, 0)}
	record := optout.Record{Key: optout.Key{Ref: "ref", Scope: "email"}, State: optout.Out, Version: 3}
	tombstone := record
	tombstone.ReducedAt = at
	for want, found := range map[Outcome]optout.Record{Reduced: record, Gone: tombstone} {
		if got := (rules{at: at}).due(item, schedule.Reduce, Record{Item: item, OptOut: &found}); got.Outcome != want {
			t.Errorf("%s, want %s", got.Outcome, want)
		}
	}
}
