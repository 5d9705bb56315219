package optout

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// Store keeps the records. Every method's errors are faults: Unavailable when
// the backend does not answer, and those named.
type Store interface {
	// Apply records one choice and returns the record as it is now. An opt-out
	// without IfVersion is written as Change.Over has it, in one write unless
	// that differs from the change itself. Conflict: IfVersion does not hold.
	Apply(context.Context, Change) (Record, error)
	// ApplyAll records choices as Apply does, and an opt-in confirmation if there is one, all
	// or none. Conflict: an IfVersion does not hold.
	ApplyAll(context.Context, []Change, *OptInConfirmation) error
	// OfPerson returns all records of a person.
	OfPerson(context.Context, person.Ref) ([]Record, error)
	// Records returns those records of keys that there are.
	Records(context.Context, []Key) (map[Key]Record, error)
}

// Service records choices and answers who must not be contacted.
type Service struct {
	Store Store
	Key   person.Key
	Now   func() time.Time
	Zone  *time.Location // the organisation's: a pause lasts through its last day there
	// Topics are those of e-mail that the organisation has: whoever asks for one of
	// them alone keeps the others stopped.
	Topics []Scope
}

// Request is what a person asks for: to leave one or more scopes.
type Request struct {
	Address          person.Address
	Scopes           []Scope
	Name             string
	Source           Source
	Campaign         string
	Form             string
	Detail           string // of FromOfficer: by which way
	Officer          string // of FromOfficer: who was told, "name/id"
	ErasureRequested bool
	Language         string // for the answer to that wish
	Nonce            string // of the page view whose button was pressed; see NewNonce. Taken with one scope only
}

// Record takes an opt-out. It is one write for one scope, one transaction for
// several, never a read; the record returned is that of the first scope, and
// whole only when it is the only one.
func (s *Service) Record(ctx context.Context, r Request) (Record, error) {
	if r.Address.IsZero() || len(r.Scopes) == 0 {
		return Record{}, fault.New(fault.Internal, "record an opt-out: nothing to record")
	}
	changes := make([]Change, len(r.Scopes))
	for i, scope := range r.Scopes {
		changes[i] = s.change(r.Address, scope, Out, Evidence{Source: r.Source, Campaign: r.Campaign, Form: r.Form, Detail: r.Detail, Officer: r.Officer})
		changes[i].Name = r.Name
		if r.ErasureRequested && i == 0 { // one wish, one request
			changes[i].ErasureRequested, changes[i].Language = true, r.Language
		}
	}
	if len(changes) == 1 {
		changes[0].MadeBy = viewOf(r.Nonce)
		return s.Store.Apply(ctx, changes[0])
	}
	return Record{Key: changes[0].Key, State: Out, Address: r.Address}, s.Store.ApplyAll(ctx, changes, nil)
}

func (s *Service) change(a person.Address, scope Scope, to State, e Evidence) Change {
	e.At = s.Now()
	return Change{Key: Key{s.Key.Ref(a), scope}, To: to, Address: a, Evidence: e}
}
