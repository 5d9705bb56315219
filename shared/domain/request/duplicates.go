package request

import (
	"cmp"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"slices"
)

// alike reports whether another request of the person asks for the same, the
// opt-outs that took effect at once left aside: browsers send one with all that
// is asked (Sec-GPC). Only those that the person has confirmed count: anybody
// can send the others in their name.
func (t *step) alike(o Summary) bool {
	return o.ID != t.Request.ID && o.AppealOf == "" && o.State != lifecycle.Joined && !o.VerifiedAt.IsZero() && overlap(o.Kinds, t.Request.forAnswer())
}

// repeated reports whether the request is at least the third alike within the
// policy's window.
func (t *step) repeated(others []Summary) bool {
	alike := 0
	for _, o := range others {
		if t.alike(o) && t.Request.ReceivedAt.Sub(o.ReceivedAt).Abs() < t.Settings.RepeatedWithin {
			alike++
		}
	}
	return alike >= 2
}

// linkTo returns the earliest request alike that is not closed: the one with
// the earliest clock, and of several that share it the one that began it.
func (t *step) linkTo(others []Summary) (Summary, bool) {
	open := slices.DeleteFunc(slices.Clone(others), func(o Summary) bool { return !t.alike(o) || o.State.Decided() })
	if len(open) == 0 {
		return Summary{}, false
	}
	return slices.MinFunc(open, func(a, b Summary) int {
		return cmp.Or(a.ClockFrom.Compare(b.ClockFrom), a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.ID, b.ID))
	}), true
}

// link joins the request with the earliest one for the same, whose clock runs
// for both.
func (t *step) link(others []Summary) error {
	earlier, found := t.linkTo(others)
	if !found {
		return nil
	}
	t.Request.LinkedTo = earlier.ID
	if earlier.ClockFrom.Before(t.Request.ClockFrom) {
		t.Request.ClockFrom = earlier.ClockFrom
	}
	return t.happen(lifecycle.EventLinked, audit.BySystem, map[string]string{"to": earlier.ID}, nil)
}

func overlap(a, b []intake.Kind) bool {
	return slices.ContainsFunc(a, func(k intake.Kind) bool { return slices.Contains(b, k) })
}

func inOrder(kinds []intake.Kind) []intake.Kind {
	var sorted []intake.Kind
	for _, k := range intake.Kinds() {
		if slices.Contains(kinds, k) {
			sorted = append(sorted, k)
		}
	}
	return sorted
}
