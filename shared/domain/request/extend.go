package request

import (
	"context"
	"errors"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Extend extends the period once, before it ends, for a reason that the law
// knows; the person is told in the same step.
func (s *Service) Extend(ctx context.Context, id, officer string, reason deadline.Reason, explanation string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if err := t.extend(reason); err != nil {
			return err
		}
		t.Request.ExtensionWhy = explanation
		facts := map[string]string{"reason": string(reason), "due_at": t.Request.DueAt.UTC().Format(civil.Stamp)}
		if err := t.happen(lifecycle.EventExtended, audit.AsOfficer(officer), facts, map[string]string{"explanation": explanation}); err != nil {
			return err
		}
		t.mail(requestmail.Extended)
		return nil
	})
}

// extend moves the date. Where another law sets it, the extension would be one
// in name only.
func (t *step) extend(reason deadline.Reason) error {
	before := t.Request.DueAt
	extended, err := t.Law.Extend(t.Request.lawCase(), deadline.Grant{Reason: reason, NoticeSentAt: t.at})
	if err != nil {
		return lawRefusal(err)
	}
	t.Request.Extension = extended.Extension
	if err := t.date(); err != nil {
		return err
	}
	if t.Request.State != lifecycle.Unverified && !t.Request.DueAt.After(before) {
		return fault.New(fault.Conflict, "the law that sets the date does not let it be extended for this reason").Because("law_other")
	}
	return nil
}

// lawRefusal puts what the law refuses into words that the officer sees.
func lawRefusal(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Err == nil {
		return err
	}
	told := fault.Wrap(f.Code, f.Err, f.Message+": "+f.Err.Error())
	told.Why = f.Why
	return told
}
