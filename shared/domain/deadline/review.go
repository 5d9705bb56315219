package deadline

import "slices"

// defaultReviewDays is how long a review takes where the controller sets no other
// period.
const defaultReviewDays = 30

// Appeals reports whether a law of a place lets people appeal against an answer.
// Where the region is not known, any of the country's does. Elsewhere an appeal is
// a review that the controller offers: no law sets its date, and none is cited.
func Appeals(p Jurisdiction) bool {
	return p.Country != "" && slices.ContainsFunc(Default().Regimes, func(r Regime) bool {
		return r.reached(p, asGiven) != "" && r.Places[0] != everywhere && slices.ContainsFunc(r.Clocks, func(c Clock) bool { return c.Purpose == Appeal })
	})
}

// review is the controller's own period of a review, with what a law of the place
// wants done meanwhile.
func (e *Engine) review(c Case, today string) []pick {
	own := &Clock{ID: "review", Purpose: Appeal, Starts: FromAppeal, Length: e.ReviewDays, Unit: CalendarDays, Roll: NoRoll}
	picks := []pick{{&Regime{ID: "own"}, own, c.Kinds, basisOwn}}
	for i := range c.Kinds {
		for _, found := range e.matching(c.Kinds[i:i+1:i+1], c, today, step{asGiven, false, basisJurisdiction}) {
			if c.Place.Country != "" && found.clock.Purpose == Acknowledge {
				picks = merge(picks, []pick{found})
			}
		}
	}
	return picks
}
