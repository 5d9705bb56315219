package people

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// digest names what stands in a form, so that what was shown is what is saved.
func digest(t deskpage.Typed, changes ...deskpage.Change) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if name != "shown" && name != "seq" {
			sum.Write([]byte(name + "\x00" + strings.Join(t[name], "\x00") + "\x01"))
		}
	}
	fmt.Fprintf(sum, "%q", changes)
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// amend puts right what the form says otherwise than the request.
func amend(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	f, err := s.Store.Load(ctx, w.id)
	if err != nil {
		return request.Request{}, err
	}
	m, err := amendment(&f, w.typed)
	if err != nil {
		return request.Request{}, err
	}
	return s.Amend(ctx, w.id, w.officer, m)
}

func amendment(now *request.Request, t deskpage.Typed) (request.Amendment, error) {
	var m request.Amendment
	place, err := intake.Place(t.First("country"), t.First("region"))
	if err != nil {
		return m, err
	}
	if place != now.Place {
		m.Place = &place
	}
	name := t.First("name")
	if err := intake.Clean("name", &name, intake.MaxName); err != nil {
		return m, err
	}
	if name != now.Name {
		m.Name = &name
	}
	if post, telephone := t.First("post"), t.First("telephone"); post+telephone != "" { // what is left empty stays
		c, err := person.ReadContact(cmp.Or(post, now.Contact.Post()), cmp.Or(telephone, now.Contact.Telephone()))
		if err != nil {
			return m, err
		}
		m.Contact = &c
	}
	if kinds := codes[intake.Kind](t, "kinds"); !slices.Equal(kinds, now.Kinds) {
		if len(kinds) == 0 {
			return m, intake.NothingAsked("kinds")
		}
		if err := intake.CheckKinds(kinds); err != nil {
			return m, err
		}
		m.Kinds = kinds
	}
	if behalf := intake.Behalf(t.First("on_behalf_of")); behalf != now.OnBehalfOf {
		if m.OnBehalfOf, err = intake.ParseBehalf(string(behalf)); err != nil {
			return m, err
		}
	}
	if language := t.First("language"); language != now.Language {
		if !slices.Contains(catalog.Languages(), language) {
			return m, fault.Unknown("language", "language", catalog.Languages()...)
		}
		m.Language = language
	}
	return m, nil
}

// presentFacts are what the form of amend is filled with.
func presentFacts(f *request.File) deskpage.Typed {
	q := &f.Request
	t := deskpage.Typed{
		"kinds": intake.Codes(q.Kinds), "country": {q.Place.Country}, "region": {""}, "name": {q.Name},
		"on_behalf_of": {string(q.OnBehalfOf)}, "language": {q.Language},
	}
	if q.Place.Region != "" {
		t["region"] = []string{q.Place.String()}
	}
	return t
}

// triedAmendment changes the language alone: whether anything can be put right at all.
func triedAmendment(f *request.File, _ string) deskpage.Typed {
	t := presentFacts(f)
	for _, language := range catalog.Languages() {
		if language != f.Request.Language {
			t["language"] = []string{language}
		}
	}
	return t
}

// changes are old and new of what an amendment puts right.
func changes(before, after *request.Request) []deskpage.Change {
	var all []deskpage.Change
	for _, c := range []deskpage.Change{
		{What: "kinds", Before: intake.Codes(before.Kinds), After: intake.Codes(after.Kinds)},
		{What: "place", Before: some(before.Place.String()), After: some(after.Place.String())},
		{What: "name", Before: some(before.Name), After: some(after.Name)},
		{What: "on_behalf_of", Before: some(string(before.OnBehalfOf)), After: some(string(after.OnBehalfOf))},
		{What: "contact", Before: masked(before.Contact), After: masked(after.Contact)},
		{What: "language", Before: some(before.Language), After: some(after.Language)},
	} {
		if !slices.Equal(c.Before, c.After) {
			all = append(all, c)
		}
	}
	return all
}

// masked tells that a contact is another, and not which: it is shown to whoever has it revealed.
func masked(c person.Contact) []string {
	if c.IsZero() {
		return nil
	}
	return []string{c.String()}
}

func some(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
