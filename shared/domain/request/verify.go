package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// Verify records that an officer has verified the person by other means than the
// link, and by which. A parent or an agent is asked for the proofs all the same.
func (s *Service) Verify(ctx context.Context, id, officer string, v intake.Verification) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if _, err := lifecycle.Next(t.Request.State, lifecycle.EventVerified); err != nil {
			return err
		}
		if err := v.Check(t.Request.KindsUnsure); err != nil {
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
		return t.verify(ctx, audit.AsOfficer(officer), facts, private)
	})
}
