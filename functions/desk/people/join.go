package people

import (
	"cmp"
	"context"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/request"
)

// join closes a file as the same as an earlier one, whose reference may be typed as people write it down.
func join(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	why, err := text(w.typed, "why")
	if err != nil {
		return request.Request{}, err
	}
	into, _ := casework.Reference(w.typed.First("into"))
	return s.Join(ctx, w.id, w.officer, cmp.Or(into, w.typed.First("into")), why)
}

// joinedBefore is the earlier request that is known to be alike.
func joinedBefore(f *request.File) deskpage.Typed {
	if f.Request.LinkedTo == "" {
		return nil
	}
	return deskpage.Typed{"into": {f.Request.LinkedTo}}
}

// whatStays is what changes in the request that stays. Its date is always shown.
func whatStays(_ *request.File, o casework.Outcome) []deskpage.Change {
	if o.Other == nil {
		return nil
	}
	before, after := o.Other.Before, o.Other.After
	return append(changes(&before, &after), deskpage.Change{What: "due_at", Before: []string{stamp(before)}, After: []string{stamp(after)}})
}

func stamp(r request.Request) string { return r.DueAt.UTC().Format(civil.Stamp) }
