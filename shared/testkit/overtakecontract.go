package testkit

import (
	"testing"
	"time"

	"privacydesk/shared/optout"
)

// overtakes: a choice remembers that the one before it was still to be told,
// until SES is told of it.
func overtakes(t *testing.T, s OptOutTable) {
	const who = "a@example.com"
	k := apply(t, s, change(t, who, "email", optout.Out, T0)).Key
	read := func() optout.Record { return one(t, s, k) }
	if at := read().Projection.Overtook; !at.IsZero() {
		t.Error("the first choice has overtaken one of", at)
	}
	apply(t, s, change(t, who, "email", optout.Out, T0.Add(time.Minute)))
	r := read()
	if !r.Projection.Overtook.Equal(T0) {
		t.Error("the second has overtaken one of", r.Projection.Overtook)
	}
	if err := s.Requeue(background, k, T0.Add(time.Hour)); err != nil || !read().Projection.Overtook.Equal(T0) {
		t.Error("queued again it has forgotten:", err)
	}
	if err := s.Projected(background, r, optout.Projection{Status: optout.Listed, At: T0}); err != nil || !read().Projection.Overtook.IsZero() {
		t.Error("told, it still remembers:", err)
	}
	if apply(t, s, change(t, who, "email", optout.In, T0.Add(2*time.Hour))); !read().Projection.Overtook.IsZero() {
		t.Error("the third has overtaken one that was told")
	}
}
