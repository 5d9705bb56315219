package request

import (
	"context"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// Amendment is what an officer puts right; what is nil or empty stays.
type Amendment struct {
	Place      *deadline.Jurisdiction
	Kinds      []intake.Kind
	Name       *string
	Contact    *person.Contact // letters go on paper where it has a postal address
	OnBehalfOf intake.Behalf
	Language   string
}

// Amend puts facts of a request right that were entered or guessed wrongly. Old
// and new stay in the history, and the dates are computed anew. The person is told
// of what may move the date, and asked for the proofs that are needed now. An answer that is on its way stops. Invalid:
// nothing changes, or the facts cannot be so. Conflict: the request is closed (see
// Reopen), not confirmed, or waits for something else than the new proofs.
func (s *Service) Amend(ctx context.Context, id, officer string, a Amendment) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if _, err := lifecycle.Next(t.Request.State, lifecycle.EventAmended); err != nil {
			return err
		}
		before := t.Request
		facts, private, err := t.amend(a)
		if err != nil {
			return err
		}
		if err := t.follow(ctx, before, facts); err != nil {
			return err
		}
		if err := t.happen(lifecycle.EventAmended, audit.AsOfficer(officer), facts, private); err != nil {
			return err
		}
		if slices.ContainsFunc(tellable, func(name string) bool { _, changed := facts[name]; return changed }) {
			t.mail(requestmail.Amended)
		}
		if err := t.overtaken(); err != nil {
			return err
		}
		if err := t.proofsAnew(before); err != nil {
			return err
		}
		return t.gather(ctx)
	})
}

// tellable are the facts of which the person is told when they change.
var tellable = []string{"place", "kinds", "on_behalf_of", "due_at"}

// follow computes anew what follows from the words of the request.
func (t *step) follow(ctx context.Context, before Request, facts map[string]string) error {
	others, err := t.Store.ConfirmedOf(ctx, t.Request.Ref)
	if err != nil {
		return err
	}
	if repeated := t.repeated(others); repeated != t.Request.Repeated {
		t.Request.Repeated, facts["repeated"] = repeated, yes(repeated)
	}
	if w := t.Request.Waiting; w != nil {
		if err := t.Request.allows(w.Fee); err != nil {
			return err // we ask for a fee that nothing would allow any more
		}
	}
	if err := t.date(); err != nil {
		return err
	}
	if !t.Request.DueAt.Equal(before.DueAt) {
		facts["due_at"], facts["due_before"] = t.Request.DueAt.UTC().Format(civil.Stamp), before.DueAt.UTC().Format(civil.Stamp)
	}
	return nil
}

// proofsAnew asks for what a parent or an agent must prove, where that was not
// needed before.
func (t *step) proofsAnew(before Request) error {
	needed := intake.RequiredProofs(t.Request.OnBehalfOf, t.Request.Kinds)
	switch {
	case slices.Equal(needed, intake.RequiredProofs(before.OnBehalfOf, before.Kinds)):
		return nil
	case t.Request.State == lifecycle.WaitingForPerson:
		return fault.New(fault.Conflict, "the request waits for the person, and this changes what they must prove: record their answer first (answer)").Because("proofs_change")
	case len(needed) == 0:
		return nil
	}
	if err := t.wait(&waiting.Waiting{Cause: deadline.Identity, Proofs: needed}, audit.BySystem); err != nil {
		return err
	}
	t.mail(requestmail.Waiting)
	return nil
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
	if a.OnBehalfOf != "" {
		w.OnBehalfOf = a.OnBehalfOf
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
	if err := t.amendContact(a.Contact, facts, private); err != nil {
		return nil, nil, err
	}
	if len(facts)+len(private) == 0 {
		return nil, nil, fault.Field("amendment", "missing", "name what is to be put right: post or telephone, country and region, kinds, name, on_behalf_of or language")
	}
	return facts, private, nil
}

// amendContact says by what the person is reached now. Their reference stays: by it
// their records are found.
func (t *step) amendContact(c *person.Contact, facts, private map[string]string) error {
	before := t.Request.Contact
	switch {
	case c == nil || *c == before:
		return nil
	case c.IsZero() && t.Request.NoEmail:
		return fault.Field("post", "missing", "a person without an e-mail address needs a postal address or a telephone number")
	}
	paper := t.Request.Paper
	t.reachBy(*c)
	facts["changed"] = strings.TrimSpace(facts["changed"] + " contact")
	if t.Request.Paper != paper {
		facts["paper"] = yes(t.Request.Paper)
	}
	for name, value := range map[string]string{"post": c.Post(), "telephone": c.Telephone(), "post_before": before.Post(), "telephone_before": before.Telephone()} {
		private[name] = value
	}
	return nil
}

// keepOld adds what the facts were before.
func (t *step) keepOld(before Words, facts, private map[string]string) {
	if facts["kinds"] != "" {
		facts["kinds_before"] = joined(before.Kinds)
	}
	if before.Place != t.Request.Place {
		facts["place_before"] = before.Place.String()
	}
	if before.OnBehalfOf != t.Request.OnBehalfOf {
		facts["on_behalf_of_before"] = string(before.OnBehalfOf)
	}
	if before.Name != t.Request.Name {
		private["name_before"] = before.Name
	}
}

// Before is what a request said before it was amended.
type Before struct {
	Changed []string  // which of the words: "kinds", "name", "place", "on_behalf_of"
	Words   Words     // those that were changed, the name left out
	DueAt   time.Time // zero: it is the same
}

// BeforeAmendment reads it in the history, of the last amendment up to an entry.
func (f *File) BeforeAmendment(seq int) (b Before) {
	for _, e := range f.Events {
		if e.Kind != string(lifecycle.EventAmended) || e.Seq > seq {
			continue
		}
		country, region, _ := strings.Cut(e.Facts["place_before"], "-")
		b = Before{Changed: strings.Fields(e.Facts["changed"]), Words: Words{
			Place: deadline.Jurisdiction{Country: country, Region: region}, OnBehalfOf: intake.Behalf(e.Facts["on_behalf_of_before"]),
		}}
		for _, k := range strings.Fields(e.Facts["kinds_before"]) {
			b.Words.Kinds = append(b.Words.Kinds, intake.Kind(k))
		}
		b.DueAt, _ = time.Parse(civil.Stamp, e.Facts["due_before"]) // zero without it
	}
	return b
}
