package request

import (
	"context"
	"slices"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// Verification is how an officer has made sure who asks.
type Verification struct {
	Checked []intake.Check
	Kinds   []intake.Kind // of a request of unsure kinds, what they ask for
}

// Verify records that an officer has verified the person by other means than the
// link, and by which. A parent or an agent is asked for the proofs all the same.
func (s *Service) Verify(ctx context.Context, id, officer string, v Verification) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if _, err := lifecycle.Next(t.Request.State, lifecycle.EventVerified); err != nil {
			return err
		}
		if err := v.check(t.Request.KindsUnsure); err != nil {
			return err
		}
		w := t.Request.Words()
		if t.Request.KindsUnsure {
			w.Kinds = v.Kinds
		}
		facts, private, err := t.adopt(w)
		if err != nil {
			return err
		}
		t.Request.Checked, facts["checked"] = v.Checked, joined(v.Checked)
		return t.verify(ctx, audit.ByOfficer+":"+officer, facts, private)
	})
}

func (v Verification) check(unsure bool) error {
	switch err := intake.CheckKinds(v.Kinds); {
	case len(v.Checked) == 0:
		return fault.Field("checked", "missing", "checked must say how you made sure who asks: "+joined(intake.Checks))
	case slices.ContainsFunc(v.Checked, func(c intake.Check) bool { return !slices.Contains(intake.Checks, c) }):
		return fault.Unknown("checked", "check", intake.Checks...)
	case len(v.Checked) > len(intake.Checks):
		return fault.Field("checked", "twice", "each check must be named once")
	case err != nil:
		return err
	case unsure && len(v.Kinds) == 0:
		return fault.Field("kinds", "missing", "the request does not say for sure what is asked for: name the kinds, "+joined(intake.Kinds()))
	case !unsure && len(v.Kinds) > 0:
		return fault.Field("kinds", "not_unsure", "the request says what is asked for; name kinds only where it does not")
	}
	return nil
}
