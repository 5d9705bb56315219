package request

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
)

// Erase orders the erasure of the person whose mailbox asked for it, where the
// decision has not: where it was fulfilled in part, or asked for a child or by
// an agent, whose own mailbox it may be. What part, and whose, only an officer
// knows. Where another must sign it, it waits for that (Request.Draft). Ordering it
// twice is ordering it once. Conflict: it was not asked for, or not granted.
func (s *Service) Erase(ctx context.Context, id, officer string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		d := t.Request.Draft
		if !t.Request.EraseFrom.IsZero() || d.ToSign() && d.Way.Act == draft.Erase {
			return errDone
		}
		if err := t.mayErase(); err != nil {
			return err
		}
		if needs := t.Settings.FourEyes.Of(foureyes.Erasure); len(needs) > 0 {
			return t.sendOff(draft.Way{Act: draft.Erase, When: draft.AtOnce, By: officer, At: t.at, Needs: needs})
		}
		return t.erase(ctx, officer)
	})
}

func (t *step) mayErase() error {
	r := &t.Request
	_, err := lifecycle.Next(r.State, lifecycle.EventEraseOrdered)
	switch {
	case !intake.Erases(r.Kinds):
		return fault.New(fault.Conflict, "this request does not ask for an erasure").Because("erasure_not_asked")
	case r.Decision != nil && !intake.Erases(r.Decision.Granted(true)):
		return fault.New(fault.Conflict, "the erasure was refused").Because("erasure_refused")
	}
	return err
}

// erase orders the erasure, and notes whether a legal hold keeps it back.
func (t *step) erase(ctx context.Context, officer string) error {
	if err := t.mayErase(); err != nil {
		return err
	}
	if t.Holds != nil {
		held, err := t.Holds.KeptBack(ctx, &t.Request)
		if err != nil {
			return err
		}
		t.Request.HeldBack = len(held) > 0
	}
	if err := t.readOthers(ctx); err != nil {
		return err
	}
	return t.orderErasure(officer)
}

// readOthers reads until when the person needs their other requests, which an erasure
// shrinks: to fetch what was granted, or to object to what was denied.
func (t *step) readOthers(ctx context.Context) error {
	others, err := t.Store.ConfirmedOf(ctx, t.Request.Ref)
	for _, o := range others {
		if o.ID != t.Request.ID && o.NeededUntil.After(t.others) {
			t.others = o.NeededUntil
		}
	}
	return err
}

// neededUntil is until when the person needs a request that was answered.
func (r *Request) neededUntil() time.Time {
	if r.ObjectUntil.After(r.ExportUntil) {
		return r.ObjectUntil
	}
	return r.ExportUntil
}

// orderErasure has the person erased (Art. 17 GDPR, Cal. Civ. Code 1798.105):
// at once, or when they have had the time to fetch what they were granted as
// well, and to object to what was denied, here and in their other requests. Whoever
// is erased gets no campaign again, so their e-mail is opted out while the address
// is still known: the tombstone stops an import that brings it back.
func (t *step) orderErasure(officer string) error {
	t.Request.EraseFrom = slices.MaxFunc([]time.Time{t.at, t.Request.neededUntil(), t.others}, time.Time.Compare)
	facts := map[string]string{"from": t.Request.EraseFrom.UTC().Format(civil.Stamp)}
	if scope := optout.Email.Scope(); !t.Request.NoEmail {
		facts["scopes"] = string(scope)
		t.OptOuts = append(t.OptOuts, optout.Change{
			Key: optout.Key{Ref: t.Request.Ref, Scope: scope}, To: optout.Out, Address: t.Request.Address,
			Evidence: optout.Evidence{Source: optout.FromRequest, At: t.at},
		})
	}
	return t.happen(lifecycle.EventEraseOrdered, audit.AsOfficer(officer), facts, nil)
}

// objectUntil is the end of the time in which the person can object to what was
// denied, for which the file is needed: as long as we give ourselves for a review.
// An appeal keeps an order waiting by itself, being an open request. What a legal
// hold keeps is not denied: it follows. Zero: there is nothing to object to.
func (t *step) objectUntil(held []KeptBack) time.Time {
	r := &t.Request
	denied := r.Decision.Denied()
	if len(held) > 0 {
		denied = slices.DeleteFunc(denied, func(k intake.Kind) bool { return k == deadline.Erasure })
	}
	if len(denied) == 0 || !r.Appealable() && !intake.Disputable(denied) {
		return time.Time{}
	}
	return t.through(t.at, time.Duration(t.Law.ReviewDays)*aDay)
}
