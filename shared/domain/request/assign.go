package request

import (
	"context"
	"strings"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

// Assign gives the request to a person at the desk, named as officers are
// ("name/id"), or to nobody (""). Doing it twice is doing it once. Invalid: to is
// no such name, or could hold an address. Conflict: ErrReduced.
func (s *Service) Assign(ctx context.Context, id, officer, to string) (Request, error) {
	if err := checkAssignee(to); err != nil {
		return Request{}, err
	}
	return s.act(ctx, id, func(t *step) error {
		if t.Request.Assignee == to {
			return errDone
		}
		t.Request.Assignee = to
		return t.happen(lifecycle.EventAssigned, audit.AsOfficer(officer), map[string]string{"assigned": yes(to != "")}, map[string]string{"assignee": to})
	})
}

// noApostrophe leaves out what a person's name may have beyond a role's.
var noApostrophe = strings.NewReplacer("'", "", "’", "")

func checkAssignee(to string) error {
	name, who, both := strings.Cut(to, "/")
	if to != "" && (!both || name == "" || who == "" || strings.ContainsAny(who, "@ \n") || audit.CheckRole(noApostrophe.Replace(name)) != nil) {
		return fault.Field("assignee", "invalid", "assignee must be a person at the desk, as name/id without an address, or empty")
	}
	return nil
}
