package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
)

// Amendment is what an officer puts right; what is nil or empty stays.
type Amendment struct {
	Place    *deadline.Jurisdiction
	Kinds    []intake.Kind
	Name     *string
	Language string
}

// Amend puts facts of a request right that were entered or guessed wrongly. Old
// and new stay in the history, and the dates are computed anew. Invalid: nothing
// changes, or the facts cannot be so. Conflict: the request is closed (see
// Reopen), or not confirmed.
func (s *Service) Amend(ctx context.Context, id, officer string, a Amendment) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if _, err := lifecycle.Next(t.Request.State, lifecycle.EventAmended); err != nil {
			return err
		}
		facts, private, err := t.amend(a)
		if err != nil {
			return err
		}
		others, err := t.Store.ConfirmedOf(ctx, t.Request.Ref)
		if err != nil {
			return err
		}
		if repeated := t.repeated(others); repeated != t.Request.Repeated {
			t.Request.Repeated, facts["repeated"] = repeated, yes(repeated)
		}
		if err := t.happen(lifecycle.EventAmended, audit.ByOfficer+":"+officer, facts, private); err != nil {
			return err
		}
		return t.date()
	})
}

// amend changes the request, and returns what the history says of it.
func (t *step) amend(a Amendment) (facts, private map[string]string, err error) {
	before, language := t.Request.Words(), t.Request.Language
	w := before
	if a.Place != nil {
		w.Place = *a.Place
	}
	if a.Name != nil {
		w.Name = person.CleanText(*a.Name, intake.MaxName)
	}
	if len(a.Kinds) > 0 {
		w.Kinds = a.Kinds
	}
	if facts, private, err = t.adopt(w); err != nil {
		return nil, nil, err
	}
	if t.Request.instant() {
		return nil, nil, fault.Field("kinds", "instant", "kinds must leave something to be answered; or withdraw the request")
	}
	t.keepOld(before, facts, private)
	if a.Language != "" && a.Language != language {
		t.Request.Language, facts["language"], facts["language_before"] = a.Language, a.Language, language
	}
	if len(facts)+len(private) == 0 {
		return nil, nil, fault.Field("amendment", "missing", "name what is to be put right: country and region, kinds, name or language")
	}
	return facts, private, nil
}

// keepOld adds what the facts were before.
func (t *step) keepOld(before Words, facts, private map[string]string) {
	if facts["kinds"] != "" {
		facts["kinds_before"] = joined(before.Kinds)
	}
	if before.Place != t.Request.Place {
		facts["place_before"] = before.Place.String()
	}
	if before.Name != t.Request.Name {
		private["name_before"] = before.Name
	}
}
