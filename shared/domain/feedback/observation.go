package feedback

import (
	"cmp"
	"slices"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Observation is what SES reports of one person: Out or In of a scope since
// Evidence.At. It may come late, twice, and in any order.
type Observation struct {
	Address  person.Address
	Scope    optout.Scope
	To       optout.State
	Evidence optout.Evidence
}

// SoftBounces sets how many days (UTC) with a temporary bounce, within how many
// days, count as a permanent one. Within 0: none ever do, or is kept.
type SoftBounces struct{ Days, Within int }

// softBounce reports whether the observation is a temporary bounce, which by itself
// counts only as a day.
func (n Observation) softBounce() bool {
	return n.Evidence.Source == optout.FromSoftBounces && n.To == optout.In
}

// apply joins an observation to a record. Whatever the order in which the same ones are
// applied, and however often, the record ends the same: times are the least or
// the greatest of all, days are a set, and of two observations the one that
// compares greater wins.
func apply(r optout.Record, n Observation, soft SoftBounces) optout.Record {
	if !r.LiftedAt.IsZero() && !n.Evidence.At.After(r.LiftedAt) {
		return r // an officer has learned since that the mailbox works again
	}
	if r.Address.IsZero() {
		r.Address = n.Address // whatever is written to a tombstone fills it again
	}
	if n.To == optout.Out && !isReplay(r, n) {
		r.Trace = optout.Trace{} // an import is no longer the only reason
	}
	switch {
	case n.softBounce() && soft.Within == 0, isReplay(r, n):
		return r
	case n.softBounce():
		r.SoftDays = withDay(r.SoftDays, n.Evidence.At)
		r = join(r, n)
		for _, at := range soft.reached(r.SoftDays) {
			n.To, n.Evidence = optout.Out, optout.Evidence{Source: optout.FromSoftBounces, At: at}
			r = join(r, n)
		}
		return r
	case ownChoice(r) && r.State == optout.Out && n.To == optout.Out:
		r.MadeBy = "" // a second opt-out ends the undo
		return r
	case ownChoice(r) && (r.State == optout.Out || r.State == optout.Paused && n.To == optout.In):
		return r // SES's lists take back no choice that was made here
	}
	return join(r, n)
}

// isReplay reports whether a bare record already holds the observation, as far as it
// can show: its dates are all that it has. An event that comes again after the
// erasure must not bring back what was erased.
func isReplay(r optout.Record, n Observation) bool {
	if r.Bare() && n.softBounce() {
		return r.State == optout.Out || !n.Evidence.At.After(r.ChangedAt) // a temporary bounce adds nothing to a dead mailbox
	}
	return r.Bare() && n.To == r.State && n.Evidence.At.Equal(r.ChangedAt)
}

// evidenceOf is the evidence by which the record is compared. A bare bounce
// that is In is of temporary ones, which are all that it can be In by.
func evidenceOf(r optout.Record) optout.Evidence {
	e := r.Evidence
	if r.CountsBounces() {
		e.Source = optout.FromSoftBounces
	}
	return e
}

// ownChoice reports whether the record holds a choice of the person or of an imported
// list. Their return is compared by its time.
func ownChoice(r optout.Record) bool {
	return r.Version > 0 && r.Scope.Channel() == optout.Email && r.Evidence.Source != optout.FromSubscription
}

func join(r optout.Record, n Observation) optout.Record {
	at := n.Evidence.At
	if n.To == optout.Out && (r.FirstAt.IsZero() || at.Before(r.FirstAt)) {
		r.FirstAt = at
	}
	if r.State != "" && compareEvents(n.To, n.Evidence, r.State, evidenceOf(r)) <= 0 && !(n.To == optout.Out && r.ByUndo()) {
		return r
	}
	r.State, r.Address, r.Evidence, r.ChangedAt, r.OutSince = n.To, n.Address, n.Evidence, at, time.Time{}
	if n.To == optout.Out {
		r.OutSince = at
	}
	return r
}

// compareEvents orders two observations; the greater wins. The weightier is greater,
// then the later, then the one that prevents mail. The rest only makes sure that
// different observations are never equal.
func compareEvents(toA optout.State, a optout.Evidence, toB optout.State, b optout.Evidence) int {
	byTime := a.At.Compare(b.At)
	if a.Source == optout.FromSESList {
		byTime = -byTime // an echo repeats itself: the first one has the date
	}
	return cmp.Or(
		cmp.Compare(weight(toA, a), weight(toB, b)), byTime, cmp.Compare(toA, toB),
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Detail, b.Detail), cmp.Compare(a.Campaign, b.Campaign),
	)
}

// weight puts a counted day below an officer's word that the mailbox works, that
// below an echo of SES's own list, and that below what has really happened.
func weight(to optout.State, e optout.Evidence) int {
	switch {
	case e.Source == optout.FromSoftBounces && to == optout.In:
		return 0
	case e.Source == optout.FromOfficer && to == optout.In:
		return 1
	case e.Source == optout.FromSESList:
		return 2
	}
	return 3
}

// softDaysKept bounds what is remembered of a mailbox that is often full.
const softDaysKept = 16

func withDay(days []string, at time.Time) []string {
	days = append(slices.Clone(days), at.UTC().Format(time.DateOnly))
	slices.Sort(days)
	days = slices.Compact(days)
	return days[max(0, len(days)-softDaysKept):]
}

// reached returns the first and the last day on which enough temporary
// bounces had come together, if any.
func (s SoftBounces) reached(days []string) []time.Time {
	var reached []time.Time
	for i := s.Days - 1; s.Days > 0 && i < len(days); i++ {
		first, _ := time.Parse(time.DateOnly, days[i-s.Days+1])
		last, _ := time.Parse(time.DateOnly, days[i])
		if last.Before(first.AddDate(0, 0, s.Within)) {
			reached = append(reached, last)
		}
	}
	if len(reached) > 1 {
		reached = []time.Time{reached[0], reached[len(reached)-1]}
	}
	return reached
}
