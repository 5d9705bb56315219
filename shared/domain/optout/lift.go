package optout

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// errNoBounce: the mailbox is not held back for a bounce.
var errNoBounce = fault.New(fault.Conflict, "no bounce holds this mailbox back: there is nothing to lift").Because("no_bounce")

// errBouncedSince: a bounce came that the officer has not seen.
var errBouncedSince = fault.New(fault.Conflict, "another email has come back since: look at the report again").Because("bounced_since")

// LiftBounce records that a mailbox works again, as an officer has learned, and
// why they think so. What SES reported up to then counts no more; a later bounce
// holds the mailbox back again. Opt-outs and complaints stay as they are: those
// that stop marketing there all the same are returned. The same twice is one.
// Invalid: without a reason. Conflict: there is no bounce, or one that came after the
// report that the officer has seen; the zero time: whatever there is.
func (s *Service) LiftBounce(ctx context.Context, a person.Address, officer, reason string, seen time.Time) (still []Scope, err error) {
	if reason == "" {
		return nil, fault.Field("reason", "missing", "lifting a bounce needs its reason")
	}
	for try := 1; ; try++ {
		all, err := s.Store.OfPerson(ctx, s.Key.Ref(a))
		if err != nil {
			return nil, err
		}
		bounce, still := s.stopping(all)
		switch {
		case bounce.State == In && bounce.Evidence.Source == FromOfficer && bounce.Evidence.Detail == reason:
			return still, nil
		case bounce.State != Out:
			return nil, errNoBounce
		case !seen.IsZero() && bounce.ChangedAt.After(seen):
			return nil, errBouncedSince
		}
		if _, err = s.Store.Apply(ctx, s.lift(a, bounce, officer, reason)); !fault.Is(err, fault.Conflict) || try == undoTries {
			return still, err
		}
	}
}

// stopping finds the record of bounces, and what else keeps marketing e-mails from a person.
func (s *Service) stopping(all []Record) (bounce Record, still []Scope) {
	for _, r := range all {
		switch {
		case r.Scope == Bounce.Scope():
			bounce = r
		case r.Scope.Synced() && r.Suppresses(s.Now()):
			still = append(still, r.Scope)
		}
	}
	return bounce, still
}

func (s *Service) lift(a person.Address, r Record, officer, reason string) Change {
	c := s.change(a, Bounce.Scope(), In, Evidence{Source: FromOfficer, Detail: reason, Officer: officer})
	c.Evidence.At = c.Evidence.At.UTC().Truncate(time.Millisecond)
	known := c.Evidence.At
	if r.ChangedAt.After(c.Evidence.At) { // SES's clock is ahead of ours
		c.Evidence.At = r.ChangedAt
	}
	c.IfVersion, c.Observed = r.Version, &Observation{At: known, FirstAt: r.FirstAt, LiftedAt: c.Evidence.At}
	return c
}
