package deadline

import (
	"slices"
	"time"

	"privacydesk/shared/domain/civil"
)

// A pick is a clock that applies to a case, the kinds of the case that it serves, and why.
type pick struct {
	regime *Regime
	clock  *Clock
	kinds  []Kind
	basis  basis
}

// A step is one reading of the question "which law?", tried in turn until there is a clock.
type step struct {
	scope   scope
	anyKind bool
	basis   basis
}

// pick finds the clocks of a case, kind by kind.
func (e *Engine) pick(c Case) ([]pick, error) {
	if !c.Place.valid() {
		return nil, invalid(errUnknownJurisdiction, "choosing the law")
	}
	today := civil.Of(c.ReceivedAt, e.zone).String()
	if slices.ContainsFunc(c.Kinds, func(k Kind) bool { return !known(k) }) {
		return nil, invalid(errUnknownKind, "choosing the law")
	}
	if c.Appeal && len(c.Kinds) > 0 && !Appeals(c.Place) {
		return e.review(c, today), nil
	}
	var picks []pick
	for i, kind := range c.Kinds {
		found := e.pickKind(c.Kinds[i:i+1:i+1], c, today)
		if found == nil {
			return nil, conflict(ErrNoClock, "choosing the law for "+string(kind))
		}
		picks = merge(picks, found)
	}
	if len(picks) == 0 {
		return nil, invalid(errUnknownKind, "choosing the law for a request of no kind")
	}
	return picks, nil
}

var kinds = []Kind{Access, Correction, Erasure, Objection, Restriction, Portability, WithdrawConsent, OptOutOfSale,
	Information, ChildErasure, PaperNotice, Complaint, AutomatedAccess, AutomatedOptOut, marketingOptOut}

// Kinds lists all kinds of requests.
func Kinds() []Kind { return slices.Clone(kinds) }

func known(k Kind) bool { return slices.Contains(kinds, k) }

// pickKind widens the place until some law sets a date for the kind. A request never goes without a date: the
// policy promises everybody an answer, "and the more restrictive rules will be followed".
func (e *Engine) pickKind(kind []Kind, c Case, today string) []pick {
	for _, s := range steps(c.Place) {
		if found := e.matching(kind, c, today, s); decides(found) {
			return found
		}
	}
	return nil
}

func steps(p Jurisdiction) []step {
	world := []step{{worldwide, false, basisWorld}, {worldwide, true, basisAnyKind}}
	switch {
	case p.Country == "":
		world[0].basis = basisUnknown
		return world
	case p.Region == "":
		return append([]step{{asGiven, false, basisRegionUnknown}}, world...)
	}
	return append([]step{{asGiven, false, basisJurisdiction}, {countrywide, false, basisCountry}}, world...)
}

// decides tells whether one of the clocks ends with an answer; an acknowledgement alone is none.
func decides(found []pick) bool {
	return slices.ContainsFunc(found, func(p pick) bool { return p.clock.Purpose != Acknowledge })
}

// matching lists the clocks of a kind, which is given as a list of one.
func (e *Engine) matching(kind []Kind, c Case, today string, s step) []pick {
	starts := FromReceipt
	if c.Appeal {
		starts = FromAppeal
	}
	var found []pick
	for i := range e.book.Regimes {
		r := &e.book.Regimes[i]
		pattern := r.reached(c.Place, s.scope)
		if pattern == "" || r.InForce > today {
			continue
		}
		for j := range r.Clocks {
			clock := &r.Clocks[j]
			why := basisOf(s, pattern)
			if clock.Starts == starts && clock.InForce <= today && clock.serves(kind[0], s.anyKind) && !(clock.NotLent && why != basisJurisdiction) {
				found = append(found, pick{r, clock, kind, why})
			}
		}
	}
	return found
}

// serves tells whether a clock is about a kind. Where no law knows the kind, every clock for an answer is; an
// opt-out's is not, because its speed has nothing to do with a request.
func (c *Clock) serves(kind Kind, any bool) bool {
	if any {
		return c.Purpose == Respond || c.Purpose == Appeal
	}
	return slices.Contains(c.Kinds, kind)
}

// basis is a step's. But a rule without borders is everybody's own, and where the region is not known so is a law of
// the whole country.
func basisOf(s step, pattern string) basis {
	if pattern == everywhere || s.basis == basisRegionUnknown && len(pattern) == 2 {
		return basisJurisdiction
	}
	return s.basis
}

// reached is the first place of a regime that covers p, "" if none does.
func (r *Regime) reached(p Jurisdiction, s scope) string {
	for _, pattern := range r.Places {
		if p.reaches(pattern, s) {
			return pattern
		}
	}
	return ""
}

// merge joins the clocks of one more kind; a clock that is there already serves both.
func merge(picks, more []pick) []pick {
	if picks == nil {
		return more
	}
	for _, m := range more {
		at := slices.IndexFunc(picks, func(p pick) bool { return p.clock == m.clock })
		switch {
		case at < 0:
			picks = append(picks, m)
		case !slices.Contains(picks[at].kinds, m.kinds[0]):
			picks[at].kinds = append(picks[at].kinds, m.kinds[0])
		}
	}
	return picks
}

// Laws are the ids of the laws of a place under which a kind of request is answered on a day, and whether they are its
// own: where no law of the place is known there are none, and where the region is not known they are all of its country.
func (e *Engine) Laws(kind Kind, p Jurisdiction, on time.Time) (ids []string, own bool) {
	own = p.Country != ""
	for _, found := range e.pickKind([]Kind{kind}, Case{Place: p}, civil.Of(on, e.zone).String()) {
		if found.basis == basisJurisdiction || found.basis == basisRegionUnknown || found.basis == basisCountry {
			ids = append(ids, found.regime.ID)
		}
		own = own && found.basis == basisJurisdiction
	}
	return slices.Compact(ids), own && len(ids) > 0
}

// Withholding are the laws that forbid to disclose something in answer to such a request on a day. Where the region or the
// country is not known, each law counts that may be the person's.
func (e *Engine) Withholding(kinds []Kind, p Jurisdiction, on time.Time) []Regime {
	today, where := civil.Of(on, e.zone).String(), asGiven
	if p.Country == "" {
		where = worldwide
	}
	var all []Regime
	for _, r := range e.book.Regimes {
		asked := slices.ContainsFunc(r.Withholds.Kinds, func(k Kind) bool { return slices.Contains(kinds, k) })
		if asked && max(r.InForce, r.Withholds.InForce) <= today && r.reached(p, where) != "" {
			all = append(all, r)
		}
	}
	return all
}
