package main

import (
	"net/http"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

const maxPlace = 64 // characters

// intake reads what is asked for; what is wrong goes into the form's errors.
func (h *handler) intake(r *http.Request, sent *form.Form, t *catalog.Texts) request.Intake {
	in := request.Intake{
		Address: sent.Address, Name: sent.Name, Kinds: kinds(r, sent), Details: details(*sent), Language: t.Lang(),
		Source: intake.FromForm, GPC: web.PrivacySignal(r), Evidence: optout.Evidence{Form: web.FormHost(r)},
	}
	var err error
	in.Place, err = intake.Place(sent.First(form.Country, maxPlace), sent.First(form.Region, maxPlace))
	refuse(sent, err)
	in.OnBehalfOf, err = intake.ParseBehalf(sent.First(form.OnBehalfOf, maxPlace))
	refuse(sent, err)
	refuse(sent, intake.Incomplete(in.Kinds, in.OnBehalfOf, in.Details))
	refuse(sent, intake.CheckLength(page.FieldDetails, in.Details, intake.MaxDetails))
	in.Limits = h.source.Limits(web.Source(r))
	return in
}

// kinds are what is asked for: a field for each, or one with all of them.
func kinds(r *http.Request, sent *form.Form) []intake.Kind {
	asked, err := parseKinds(sent.Values(form.Kind))
	if err != nil {
		refuse(sent, err)
		return nil
	}
	asked = intake.Asked(asked, web.PrivacySignal(r))
	if len(asked) == 0 && !sent.IsBroken() {
		refuse(sent, intake.NothingAsked(page.FieldKind))
	}
	return asked
}

func parseKinds(values []string) ([]intake.Kind, error) {
	var asked []intake.Kind
	for _, text := range values {
		for _, one := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' }) {
			k, err := intake.ParseKind(one)
			if err != nil {
				return nil, err
			}
			asked = append(asked, k)
		}
	}
	return asked, nil
}

// details is all that the person says about the request. A site may send its
// own message beside an empty field of ours.
func details(sent form.Form) string {
	return person.CleanText(strings.Join(sent.Values(form.Details), " "), form.MaxBytes)
}

func refuse(sent *form.Form, err error) {
	for _, f := range fault.FieldsOf(err) {
		sent.Refuse(f.Field, f.Reason, f.Message)
	}
}
