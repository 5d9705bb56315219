package api

import (
	"context"
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// amendment is what amend puts right.
func (a *act) amendment() (request.Amendment, error) {
	m := request.Amendment{Kinds: a.Kinds, Name: a.Name, OnBehalfOf: a.OnBehalfOf, Language: a.Language}
	if _, err := intake.ParseBehalf(string(a.OnBehalfOf)); err != nil {
		return m, err
	}
	if err := intake.CheckKinds(a.Kinds); err != nil {
		return m, err
	}
	if a.Name != nil {
		if err := intake.Clean("name", a.Name, intake.MaxName); err != nil {
			return m, err
		}
	}
	if a.Country+a.Region != "" {
		place, err := intake.Place(a.Country, a.Region)
		if err != nil {
			return m, err
		}
		m.Place = &place
	}
	if a.Language != "" && !slices.Contains(catalog.Languages(), a.Language) {
		return m, fault.Unknown("language", "language", catalog.Languages()...)
	}
	return m, nil
}

// contact is by what the person is reached now; what is not named stays.
func (a *act) contact(ctx context.Context, s *request.Service, id string) (*person.Contact, error) {
	q, err := s.Store.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	post, telephone := q.Contact.Post(), q.Contact.Telephone()
	if a.Post != nil {
		post = *a.Post
	}
	if a.Telephone != nil {
		telephone = *a.Telephone
	}
	c, err := person.ReadContact(post, telephone)
	return &c, err
}
