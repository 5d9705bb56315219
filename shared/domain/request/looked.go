package request

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
)

// lookedAgain is how long an entry stands for further ones of the same officer:
// whoever leafs through a file opens it once.
var lookedAgain = map[lifecycle.Event]time.Duration{
	lifecycle.EventLooked: time.Hour, lifecycle.EventRevealed: revealedFor, lifecycle.EventExportedByOfficer: 0, lifecycle.EventFileFetched: 0,
}

// revealedFor is how long an address is shown to the officer who had it revealed.
const revealedFor = 15 * time.Minute

// Looked records in a file, which was just read, that somebody at the desk opened
// it (EventLooked), had the address shown (EventRevealed) or took the file out
// (EventExportedByOfficer), or a document of the person (EventFileFetched). f becomes the file with the entry. Of a reduced file
// nothing personal is left to be seen: opening it is no entry, and nothing can be
// revealed (ErrReduced).
func (s *Service) Looked(ctx context.Context, f *File, officer string, what lifecycle.Event) error {
	if _, known := lookedAgain[what]; !known {
		return fault.New(fault.Internal, "%q is no look", what)
	}
	for range tries {
		done, err := s.looked(ctx, f, officer, what)
		if done || err != nil && !isConflict(err) {
			return err
		}
		now, err := s.Store.File(ctx, f.Request.ID) // it has changed meanwhile
		if err != nil {
			return err
		}
		*f = now
	}
	return errMoved
}

func (s *Service) looked(ctx context.Context, f *File, officer string, what lifecycle.Event) (done bool, err error) {
	t := s.begin(f.Request)
	switch {
	case f.Request.Reduced() && what == lifecycle.EventRevealed:
		return true, ErrReduced
	case f.Request.Reduced(), t.at.Sub(f.lastLooked(officer, what)) < lookedAgain[what]:
		return true, nil
	}
	if err := t.happen(what, audit.AsOfficer(officer), nil, nil); err != nil {
		return true, err
	}
	if err := s.Store.Save(ctx, t.Step); err != nil {
		return false, err
	}
	f.Request, f.Events = t.Request, append(slices.Clone(f.Events), t.Events...)
	return true, nil
}

// RevealedUntil is the end of the time in which an officer is shown the address;
// zero: they had it not revealed.
func (f *File) RevealedUntil(officer string) time.Time {
	at := f.lastLooked(officer, lifecycle.EventRevealed)
	if at.IsZero() || f.Request.Reduced() {
		return time.Time{}
	}
	return at.Add(revealedFor)
}

// lastLooked is when an officer last did so; zero: never.
func (f *File) lastLooked(officer string, what lifecycle.Event) (at time.Time) {
	for _, e := range f.Events {
		if e.Kind == string(what) && foureyes.Caller(audit.Officer(e)) == foureyes.Caller(officer) {
			at = e.At
		}
	}
	return at
}
