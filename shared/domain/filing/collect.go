package filing

import (
	"context"
	"errors"

	"privacydesk/shared/domain/attachment"
)

// Collect looks for every file that a system was given a form for. What has come counts,
// although nobody said so. Invalid: as Arrived.
func (s *Service) Collect(ctx context.Context, id, system string) error {
	f, err := s.Store.File(ctx, id)
	if err != nil || !TakesAnswer(&f.Request) {
		return err
	}
	for _, a := range f.Files {
		if !a.Answers(system) || a.State != attachment.Expected {
			continue
		}
		if _, err := s.Arrived(ctx, id, a.ID); err != nil && !errors.Is(err, ErrNotThere) {
			return err
		}
	}
	return nil
}
