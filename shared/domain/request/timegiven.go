package request

import (
	"context"
	"slices"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

// timesGiven refuse a ground that says that the person has not done what they
// still have time to do, or were never asked for. proof: they were asked for one
// before.
func (t *step) timesGiven(d *decision.Decision, proof bool) []draft.Check {
	var all []draft.Check
	for _, g := range []struct {
		ground decision.Ground
		cause  deadline.Cause
	}{{decision.EvidenceMissing, deadline.Identity}, {decision.FeeUnpaid, deadline.Fee}} {
		if d.Gives(g.ground) {
			all = append(all, t.timeGiven(g.cause, proof))
		}
	}
	if all == nil {
		return []draft.Check{check(draft.TimeGiven, nil)}
	}
	return all
}

// timeGiven says whether something was asked for a cause, and whether there is
// time left to answer. What came and did not suffice was answered.
func (t *step) timeGiven(cause deadline.Cause, proof bool) draft.Check {
	fail := func(err error, facts ...string) draft.Check {
		return check(draft.TimeGiven, err, append(facts, "cause", string(cause))...)
	}
	w := t.Request.Waiting
	switch {
	case w == nil && cause == deadline.Identity && !proof:
		return fail(fault.New(fault.Conflict, "no proof was asked for: ask first, with the cause %s", cause), "asked", "no")
	case w == nil && cause == deadline.Identity:
		return fail(nil)
	case w == nil || w.Cause != cause:
		return fail(fault.New(fault.Conflict, "the request does not wait for that: ask first, with the cause %s", cause), "asked", "no")
	}
	if w.ToPost {
		return fail(fault.New(fault.Conflict, "the letter that asks the person is not posted yet: their time has not begun"), "asked", "no")
	}
	if wait := t.Wait(&t.Request); wait.By.After(t.at) {
		return fail(fault.New(fault.Conflict, "the person has time until the end of %s: this ground can be given from then on", wait.By.In(t.Law.Zone()).Format("2006-01-02")), "until", stamp(wait.By))
	}
	return fail(nil)
}

// askedBefore reports whether the person was asked for something because of a
// cause.
func (t *step) askedBefore(ctx context.Context, cause deadline.Cause) (bool, error) {
	f, err := t.Store.File(ctx, t.Request.ID)
	return slices.ContainsFunc(f.Events, func(e audit.Entry) bool {
		return e.Kind == string(lifecycle.EventAsked) && e.Facts["cause"] == string(cause)
	}), err
}
