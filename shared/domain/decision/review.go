package decision

import (
	"fmt"
	"slices"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
)

// Fault is what is wrong with the answer to a kind; no kind: with all of them.
type Fault struct {
	Kind deadline.Kind
	Err  error // Invalid, with its field
}

// Check is Review whose first fault is its error.
func (f Facts) Check(given []Answer, at time.Time) (*Decision, error) {
	d, faults := f.Review(given, at)
	if len(faults) > 0 {
		return nil, faults[0].Err
	}
	return d, nil
}

// Review returns the decision as it stands in the records, made at a time: with an
// answer to each kind, and the clause of each ground; nil where there are faults:
// an answer is missing or not asked for, a refusal has no ground or no
// explanation, or a ground does not fit; the error lists those that do.
func (f Facts) Review(given []Answer, at time.Time) (*Decision, []Fault) {
	answers, faults := f.spread(given)
	d := &Decision{At: at}
	for _, a := range answers {
		checked, err := f.check(a)
		if err != nil {
			faults = append(faults, Fault{a.Kind, err})
		}
		d.Answers = append(d.Answers, checked)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	d.Outcome = d.whole()
	return d, nil
}

// spread gives each kind its answer.
func (f Facts) spread(given []Answer) (all []Answer, faults []Fault) {
	of, err := f.sorted(given)
	if err != nil {
		return nil, []Fault{{Err: err}}
	}
	for _, k := range f.Kinds {
		a, own := of[k]
		if !own {
			if a, own = of[""]; !own {
				faults = append(faults, Fault{k, fault.Field("answers", "missing", fmt.Sprintf("%s needs its answer", k))})
				continue
			}
		}
		a.Kind = k
		all = append(all, a)
	}
	return all, faults
}

// sorted are answers by their kinds.
func (f Facts) sorted(given []Answer) (map[deadline.Kind]Answer, error) {
	of := map[deadline.Kind]Answer{}
	for _, a := range given {
		if _, twice := of[a.Kind]; twice {
			return nil, fault.Field("answers", "twice", "each kind must be answered once")
		}
		if a.Kind != "" && !slices.Contains(f.Kinds, a.Kind) {
			return nil, fault.Unknown("answers", "kind to be answered", f.Kinds...)
		}
		of[a.Kind] = a
	}
	if _, shared := of[""]; shared && len(of) > len(f.Kinds) {
		return nil, fault.Field("answers", "unused", "each kind has an answer of its own: leave out the one without a kind")
	}
	return of, nil
}

// CheckDraft refuses what no answer can say. What is missing may follow.
func (f Facts) CheckDraft(given []Answer) error {
	if _, err := f.sorted(given); err != nil {
		return err
	}
	for _, a := range given {
		if a.Outcome != "" && !slices.Contains(outcomes, a.Outcome) {
			return fault.Unknown("outcome", "outcome", outcomes...)
		}
		for i, g := range a.Grounds {
			switch {
			case slices.ContainsFunc(a.Grounds[:i], g.again):
				return errTwice
			case !slices.Contains(AllGrounds(), g.Ground):
				return fault.Unknown("grounds", "ground", AllGrounds()...)
			case len(g.Clause) > maxClause:
				return errLongClause
			}
		}
	}
	return nil
}

var errTwice = fault.Field("grounds", "twice", "a ground must be given once")

func (g Given) again(other Given) bool { return g.Ground == other.Ground }

var errLongClause = fault.Field("grounds", "too_long", fmt.Sprintf("a clause is a citation of at most %d bytes", maxClause))
