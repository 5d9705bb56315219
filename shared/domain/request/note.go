package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

// Note adds an officer's note to the history; the person does not see it.
func (s *Service) Note(ctx context.Context, id, officer, note string) (Request, error) {
	if note == "" {
		return Request{}, fault.Field("note", "missing", "a note needs words")
	}
	return s.act(ctx, id, func(t *step) error {
		return t.happen(lifecycle.EventNoted, audit.AsOfficer(officer), nil, map[string]string{"note": note})
	})
}
