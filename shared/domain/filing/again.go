package filing

import (
	"cmp"
	"context"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// sentAgain looks at a file that is there. Who has used its form twice has put another
// content in its place: that is read, and told, as a file that arrives. Where it is not
// taken nothing is left, and the file is gone.
func (s *Service) sentAgain(ctx context.Context, f request.File, a attachment.File) (request.Step, attachment.File, error) {
	content, err := s.Objects.Read(ctx, a.ID)
	switch {
	case fault.Is(err, fault.NotFound) || err == nil && a.Readable(content.ETag):
		return s.scanned(ctx, f, a)
	case err != nil:
		return request.Step{}, a, err
	}
	other := a
	other.State, other.Replaces = attachment.Expected, ""
	step, other, err := s.arrived(ctx, f, other)
	for i := range step.Files {
		step.Files[i].Replaces = a.Replaces
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		left, gone, fail := s.gone(ctx, f, a)
		if fail == nil {
			fail = s.Store.Save(ctx, left)
		}
		return request.Step{}, gone, cmp.Or(fail, err)
	}
	return step, other, err
}
