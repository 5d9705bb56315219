package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// ErrStatement says that a statement stands already.
var ErrStatement = fault.New(fault.Conflict, "A statement is on record already.").Because("statement_stands")

// Disagree records the person's statement against a refusal (policy, section
// F): it stays with the request. The same statement twice is one. The person
// makes one; ErrStatement refuses another, which an officer may record for them, with
// how it came.
func (s *Service) Disagree(ctx context.Context, id, actor, statement string, by ...intake.Entered) (Request, error) {
	if statement == "" {
		return Request{}, fault.Field("statement", "missing", "say with what you do not agree")
	}
	if err := intake.CheckLength("statement", statement, intake.MaxDetails); err != nil && actor == audit.ByPerson {
		return Request{}, err
	}
	return s.act(ctx, id, func(t *step) error {
		switch {
		case t.Request.Statement == statement:
			return errDone
		case t.Request.State == lifecycle.CarryingOut && !t.Request.refused():
			return errGranted
		case t.Request.Statement != "" && actor == audit.ByPerson:
			return ErrStatement
		}
		_, _, facts, err := t.entered(by)
		if err != nil {
			return err
		}
		t.Request.Statement = statement
		return t.happen(lifecycle.EventDisagreed, actor, facts, map[string]string{"statement": statement})
	})
}
