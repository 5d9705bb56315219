package optout

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/person"
)

// Store keeps the records. Every method's errors are faults: Unavailable when
// the backend does not answer, and those named.
type Store interface {
	// Apply records one choice in one write and returns the record as it is
	// now. Conflict: IfVersion does not hold.
	Apply(context.Context, Change) (Record, error)
	// ApplyAll records choices, and the wish to come back if there is one, all
	// or none. Conflict: an IfVersion does not hold.
	ApplyAll(context.Context, []Change, *Ask) error
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
}

// Request is what a person asks for: to leave one or more scopes.
type Request struct {
	Address     person.Address
	Scopes      []Scope
	Name        string
	Source      Source
	Campaign    string
	Form        string
	EraseWanted bool
	Language    string // for the answer to that wish
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
		changes[i] = s.change(r.Address, scope, Out, Evidence{Source: r.Source, Campaign: r.Campaign, Form: r.Form})
		changes[i].Name = r.Name
		if r.EraseWanted && i == 0 { // one wish, one request
			changes[i].EraseWanted, changes[i].Language = true, r.Language
		}
	}
	if len(changes) == 1 {
		return s.Store.Apply(ctx, changes[0])
	}
	return Record{Key: changes[0].Key, State: Out, Address: r.Address}, s.Store.ApplyAll(ctx, changes, nil)
}

// UndoFor is how long an opt-out made on a page can be taken back there.
const UndoFor = time.Hour

// Undoable reports whether the opt-out r was made within the last hour.
func (s *Service) Undoable(r Record) bool {
	return r.State == Out && s.Now().Sub(r.OutSince) < UndoFor
}

// Undo takes an opt-out back that had the given version: to the pause that
// was running before, or to In, and returns the record. Doing it twice is doing it once. Conflict:
// the person has chosen something else since.
func (s *Service) Undo(ctx context.Context, a person.Address, scope Scope, version int) (Record, error) {
	c := s.change(a, scope, In, Evidence{Source: FromUndo})
	c.IfVersion = version
	known, err := s.Store.Records(ctx, []Key{c.Key})
	if err != nil {
		return Record{}, err
	}
	if r := known[c.Key]; r.Until.After(s.Now()) {
		c.To, c.Until = Paused, r.Until
	}
	r, err := s.Store.Apply(ctx, c)
	if err = s.unlessDone(ctx, err, c.Key); err != nil || r.Version != 0 {
		return r, err
	}
	return known[c.Key], nil // undone before: the record was read as it is
}

// unlessDone turns a conflict into success when the records already are as
// the person wanted them: nothing suppressed by an opt-out.
func (s *Service) unlessDone(ctx context.Context, err error, keys ...Key) error {
	if !errors.Is(err, &fault.Error{Code: fault.Conflict}) {
		return err
	}
	now, readErr := s.Store.Records(ctx, keys)
	if readErr != nil {
		return readErr
	}
	for _, k := range keys {
		if now[k].State == Out {
			return err
		}
	}
	return nil
}

func (s *Service) change(a person.Address, scope Scope, to State, e Evidence) Change {
	e.At = s.Now()
	return Change{Key: Key{s.Key.Ref(a), scope}, To: to, Address: a, Evidence: e}
}
