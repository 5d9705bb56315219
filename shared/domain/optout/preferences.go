package optout

import (
	"cmp"
	"context"
	"slices"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// Choice is what a person wants for one scope.
type Choice struct {
	Scope     Scope
	To        State
	PauseDays int    // for Paused
	Nonce     string // for Out: of the page view whose button was pressed; see NewNonce
}

// Outcome is the result of a person's choices.
type Outcome struct {
	Changed []Record // as they are now: left or paused
	Kept    []Record // pauses that last longer than the one that was chosen
	Asked   []Scope  // waiting for the confirmation mail
}

// Preferences returns what is recorded of a person, by scope.
func (s *Service) Preferences(ctx context.Context, a person.Address) (map[Scope]Record, error) {
	records, err := s.Store.OfPerson(ctx, s.Key.Ref(a))
	if err != nil {
		return nil, err
	}
	byScope := make(map[Scope]Record, len(records))
	for _, r := range records {
		byScope[r.Scope] = r
	}
	return byScope, nil
}

// Choose records what a person wants. Leaving and pausing take effect at
// once; coming back only asks for the confirmation mail, so that the holder of
// an old link cannot switch anything on. For the same reason an opt-out
// does not become a pause, and a pause does not become shorter.
func (s *Service) Choose(ctx context.Context, a person.Address, lang string, choices []Choice) (Outcome, error) {
	var (
		outcome Outcome
		err     error
	)
	for range chooseTries {
		outcome, err = s.choose(ctx, a, lang, choices)
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	return outcome, err
}

// chooseTries limits how often Choose reads again when a record has changed
// between its read and its write.
const chooseTries = 3

func (s *Service) choose(ctx context.Context, a person.Address, lang string, choices []Choice) (Outcome, error) {
	known, err := s.Preferences(ctx, a)
	if err != nil {
		return Outcome{}, err
	}
	var (
		out     Outcome
		changes []Change
		wanted  = OptInConfirmation{Ref: s.Key.Ref(a), Address: a, Language: lang, QueuedAt: s.Now(), Versions: map[Scope]int{}}
	)
	alone := s.emailStopped(known) && !slices.ContainsFunc(choices, func(c Choice) bool { return c.Scope == Email.Scope() && c.To == In })
	for _, choice := range choices {
		r := known[choice.Scope]
		switch choice.To {
		case In:
			if s.confirm(&wanted, choice.Scope, known, alone) {
				out.Asked = append(out.Asked, choice.Scope)
			}
		case Paused:
			switch c := s.pause(a, choice, r.Version); {
			case r.State == Out:
			case r.State == Paused && r.Suppresses(s.Now()) && !c.Until.After(r.Until):
				out.Kept = append(out.Kept, r)
			default:
				changes = append(changes, c)
			}
		case Out:
			c := s.change(a, choice.Scope, Out, Evidence{Source: FromPreferences})
			c.MadeBy = viewOf(choice.Nonce)
			changes = append(changes, c)
		}
	}
	for _, c := range changes {
		out.Changed = append(out.Changed, Record{Key: c.Key, State: c.To, Until: c.Until})
	}
	return out, s.store(ctx, changes, wanted)
}

// emailStopped reports whether all e-mail is stopped, and does not only pause.
func (s *Service) emailStopped(known map[Scope]Record) bool {
	return known[Email.Scope()].State == Out || known[Complaint.Scope()].Suppresses(s.Now())
}

// confirm adds to a confirmation what must be lifted for a scope to be In
// again. Coming back to e-mail takes a complaint back too: without that it
// would change nothing. A topic alone lifts the stop of all e-mail and keeps the
// other topics out.
func (s *Service) confirm(c *OptInConfirmation, scope Scope, known map[Scope]Record, alone bool) bool {
	lifted := []Scope{scope}
	switch alone = alone && scope.Channel() == Email && scope.Topic() != ""; {
	case alone:
		s.keepOthersOut(c, scope, known)
		lifted = append(lifted, Email.Scope(), Complaint.Scope())
	case scope == Email.Scope():
		lifted = append(lifted, Complaint.Scope())
	}
	for _, scope := range lifted {
		if r := known[scope]; r.Suppresses(s.Now()) {
			c.Versions[scope] = r.Version
		}
	}
	return slices.ContainsFunc(lifted, func(scope Scope) bool { return c.Versions[scope] != 0 })
}

func (s *Service) keepOthersOut(c *OptInConfirmation, wanted Scope, known map[Scope]Record) {
	c.Versions[wanted] = cmp.Or(known[wanted].Version, Unrecorded)
	for _, other := range s.Topics {
		if c.Versions[other] == 0 {
			c.Versions[other] = KeptOut
		}
	}
}

func (s *Service) pause(a person.Address, choice Choice, version int) Change {
	c := s.change(a, choice.Scope, Paused, Evidence{Source: FromPreferences})
	c.Until = (civil.Of(s.Now(), s.Zone) + civil.Day(choice.PauseDays)).End(s.Zone).UTC()
	c.IfVersion = cmp.Or(version, Unrecorded)
	return c
}

func (s *Service) store(ctx context.Context, changes []Change, c OptInConfirmation) error {
	switch {
	case len(c.Versions) > 0:
		return s.Store.ApplyAll(ctx, changes, &c)
	case len(changes) > 0:
		return s.Store.ApplyAll(ctx, changes, nil)
	}
	return nil
}

// ConfirmOptIn brings the scopes back that the confirmation mail named, if
// none of them was chosen otherwise since. The person is mailed that they are
// back, in the language lang. Doing it twice is doing it once. Conflict: the
// person has left again since.
func (s *Service) ConfirmOptIn(ctx context.Context, a person.Address, lang string, versions map[Scope]int) error {
	var (
		changes, told []Change
		keys          []Key
		alone         = single(versions)
	)
	for scope, version := range versions {
		c := s.change(a, scope, In, Evidence{Source: FromConfirm})
		if version == KeptOut {
			c.To = Out
			changes = append(changes, c)
			continue
		}
		c.IfVersion = version
		changes, keys = append(changes, c), append(keys, c.Key)
		if whole := scope == Email.Scope() || scope == Complaint.Scope(); !alone || !whole {
			told = append(told, c)
		}
	}
	if len(keys) == 0 {
		return fault.New(fault.Invalid, "nothing to confirm")
	}
	return s.unlessDone(ctx, s.Store.ApplyAll(ctx, changes, s.switchedOn(lang, told...)), keys...)
}
