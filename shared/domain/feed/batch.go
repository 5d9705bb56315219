package feed

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// BatchSize is how many changes a system is told together at most.
const BatchSize = 100

// Batch is some changes that a system is told together: what it is told, with what
// it needs. Of two changes of one record the later one counts.
type Batch struct {
	ID        string // the same in each attempt
	System    ledger.System
	After, To Position // where the changes stand in the feed: after the one, up to the other
	Changes   []Change // what holds now; what has changed since comes in a later batch
}

// Way tells one system what people have chosen. An error that is Invalid is tried
// again after a day, any other by the steps of ledger.Retry, or at its RetryAt where
// that is later. It must stand being called twice with the same batch.
type Way interface {
	Choices(context.Context, Batch) error
}

// Fed reports whether a system is told of choices.
func Fed(s ledger.System) bool {
	return s.Tells(string(ledger.OptOut)) || s.Tells(string(ledger.OptIn))
}

// Batch reads what a system is told of a part of the feed.
func (r *Reader) Batch(ctx context.Context, s ledger.System, after, to Position) (Batch, error) {
	found, _, err := r.Source.Changes(ctx, after, to.At, BatchSize)
	if err != nil {
		return Batch{}, err
	}
	found = slices.DeleteFunc(found, func(r optout.Record) bool { return PositionOf(r).Compare(to) > 0 })
	return batchOf(s, after, to, changesOf(found)), nil
}

func batchOf(s ledger.System, after, to Position, changes []Change) Batch {
	sum := sha256.Sum256([]byte(s.ID + "\n" + after.String() + "\n" + to.String()))
	b := Batch{ID: "choices." + s.ID + "." + base64.RawURLEncoding.EncodeToString(sum[:12]), System: s, After: after, To: to}
	for _, c := range changes {
		task := ledger.OptOut
		if c.State == optout.In {
			task = ledger.OptIn
		}
		if !s.Tells(string(task)) {
			continue
		}
		if !slices.Contains(s.Needs, "email") {
			c.Address = person.Address{}
		}
		b.Changes = append(b.Changes, c)
	}
	return b
}
