// Package eventbus is the way `event`: it tells the account's own systems, by events
// on the event bus, of what they must do about a request and of what people have
// chosen. An event holds references and scopes, and never an address or a name:
// whoever knows an address finds out whose it is by POST /suppressions/check with
// `references`. An event may come twice, and in any order: `since` says which of two
// about one person and scope counts. The package must not know AWS.
package eventbus

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Bus publishes events of one type, all or an error: aws.Bus.
type Bus interface {
	Put(ctx context.Context, detailType string, at time.Time, details ...any) error
}

// Way tells systems by events.
type Way struct {
	Bus Bus
	// Whose is the keyed reference of the person of a request.
	Whose func(ctx context.Context, request string) (person.Ref, error)
	Now   func() time.Time
}

var (
	_ ledger.Way = (*Way)(nil)
	_ feed.Way   = (*Way)(nil)
)

// ordered are the detail-types of what a system must do about a request.
var ordered = map[ledger.Task]string{
	ledger.Erasure: "Erasure Ordered", ledger.Correction: "Correction Ordered", ledger.Restriction: "Restriction Ordered",
	ledger.Objection: "Objection Ordered", ledger.Access: "Access Ordered",
}

// chosen are the detail-types of what a person has chosen.
var chosen = map[optout.State]string{optout.Out: "Opted Out", optout.Paused: "Paused", optout.In: "Opted In"}

// task is the detail of an event about a request.
type task struct {
	ID      string     `json:"id"` // the same if the event comes twice
	System  string     `json:"system"`
	Request string     `json:"request"`
	Person  person.Ref `json:"person"`
	DueAt   time.Time  `json:"due_at"`
}

// Tell implements ledger.Way. Nobody answers an event.
func (w *Way) Tell(ctx context.Context, n ledger.Notice) (ledger.Answer, error) {
	detailType, known := ordered[n.Task]
	if !known {
		return ledger.Answer{}, fault.New(fault.Invalid, "there is no event for the task %q", n.Task)
	}
	if n.Asked { // that it was published is all that is known of it
		return ledger.Answer{State: ledger.Told}, nil
	}
	ref, err := w.Whose(ctx, n.Request)
	if err == nil {
		err = w.Bus.Put(ctx, detailType, w.Now(), task{n.ID, n.System.ID, n.Request, ref, n.DueAt.UTC()})
	}
	if err != nil {
		return ledger.Answer{}, err
	}
	return ledger.Answer{State: ledger.Told}, nil
}

// choice is the detail of an event about what a person has chosen.
type choice struct {
	System   string       `json:"system"`
	Person   person.Ref   `json:"person"`
	Scope    optout.Scope `json:"scope"`
	Since    time.Time    `json:"since"`
	Until    *time.Time   `json:"until,omitempty"`
	Reason   string       `json:"reason,omitempty"`
	ErasedAt *time.Time   `json:"erased_at,omitempty"`
}

// Choices implements feed.Way. After an error all are published again.
func (w *Way) Choices(ctx context.Context, b feed.Batch) error {
	details := map[optout.State][]any{}
	for _, c := range b.Changes {
		details[c.State] = append(details[c.State], choice{b.System.ID, c.Ref, c.Scope, c.Since.UTC(), instant(c.Until), c.Reason, instant(c.ErasedAt)})
	}
	for state, some := range details {
		if err := w.Bus.Put(ctx, chosen[state], w.Now(), some...); err != nil {
			return err
		}
	}
	return nil
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
