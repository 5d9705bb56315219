package optout

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// errNoBounce: the mailbox is not held back for a bounce.
var errNoBounce = fault.New(fault.Conflict, "no bounce holds this mailbox back: there is nothing to lift").Because("no_bounce")

// LiftBounce records that a mailbox works again, as an officer has learned, and
// why they think so. What SES reported up to then counts no more; a later bounce
// holds the mailbox back again. Opt-outs and complaints stay as they are. The same
// twice is one. Invalid: without a reason. Conflict: there is no bounce.
func (s *Service) LiftBounce(ctx context.Context, a person.Address, officer, reason string) error {
	if reason == "" {
		return fault.Field("reason", "missing", "lifting a bounce needs its reason")
	}
	k := Key{s.Key.Ref(a), Bounce.Scope()}
	for try := 1; ; try++ {
		all, err := s.Store.OfPerson(ctx, k.Ref)
		if err != nil {
			return err
		}
		var r Record
		if i := slices.IndexFunc(all, func(o Record) bool { return o.Key == k }); i >= 0 {
			r = all[i]
		}
		switch {
		case r.State == In && r.Evidence.Source == FromOfficer && r.Evidence.Detail == reason:
			return nil
		case r.State != Out:
			return errNoBounce
		}
		if _, err = s.Store.Apply(ctx, s.lift(a, r, officer, reason)); !fault.Is(err, fault.Conflict) || try == undoTries {
			return err
		}
	}
}

func (s *Service) lift(a person.Address, r Record, officer, reason string) Change {
	c := s.change(a, r.Scope, In, Evidence{Source: FromOfficer, Detail: reason, Officer: officer})
	c.Evidence.At = c.Evidence.At.UTC().Truncate(time.Millisecond)
	known := c.Evidence.At
	if r.ChangedAt.After(c.Evidence.At) { // SES's clock is ahead of ours
		c.Evidence.At = r.ChangedAt
	}
	c.IfVersion, c.Observed = r.Version, &Observation{At: known, FirstAt: r.FirstAt, LiftedAt: c.Evidence.At}
	return c
}
