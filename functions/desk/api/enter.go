package api

import (
	"log/slog"
	"net/http"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// entry is a request that came on paper, by telephone or in person.
type entry struct {
	Address    string         `json:"address"`
	Post       string         `json:"post"`      // the postal address, by lines: letters go on paper
	Telephone  string         `json:"telephone"` // of a person without an e-mail address, who needs a name too
	Checked    []intake.Check `json:"checked"`   // how you made sure who asks; none: the person is asked to confirm it
	Kinds      []intake.Kind  `json:"kinds"`
	Name       string         `json:"name"`
	Details    string         `json:"details"`
	Country    string         `json:"country" meant:"place"`
	Region     string         `json:"region" meant:"place"`
	OnBehalfOf string         `json:"on_behalf_of"`
	Language   string         `json:"language"`    // "en", "es", "de"; of letters
	ReceivedAt time.Time      `json:"received_at"` // when it came; the clock runs from then. Missing: now
}

// enter takes a request in (11 CCR 7020(e): any channel counts).
func (h *Door) enter(w http.ResponseWriter, r *http.Request) {
	var e entry
	err := web.ReadJSON(r, &e)
	var in request.Intake
	if err == nil {
		in, err = e.intake(h.Now())
	}
	if err == nil {
		in.Officer, err = h.who(r, "")
	}
	if err != nil {
		refuse(w, r, err)
		return
	}
	q, err := h.Rights.Open(r.Context(), in)
	if err != nil {
		refuse(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "request entered", "request", q.ID, "state", q.State,
		"source", optout.FromRequest, "optOuts", len(intake.OptOutsOf(q.Kinds)))
	web.WriteJSON(w, http.StatusOK, map[string]any{"code": http.StatusOK, "status": "received", "reference": q.ID})
}

// intake checks everything and tells all that is wrong at once.
func (e *entry) intake(now time.Time) (request.Intake, error) {
	in := request.Intake{Kinds: e.Kinds, Language: catalog.Negotiate(e.Language, ""), Source: intake.FromOfficer, ReceivedAt: e.ReceivedAt, Checked: e.Checked}
	var wrong []fault.FieldError
	check := func(err error) { wrong = append(wrong, fault.FieldsOf(err)...) }
	var err error
	in.Contact, err = person.ReadContact(e.Post, e.Telephone)
	check(err)
	if e.Address != "" || e.Post+e.Telephone == "" {
		in.Address, err = web.Address("address", e.Address)
		check(err)
	}
	if e.ReceivedAt.After(now) {
		check(fault.Field("received_at", "future", "received_at must not be in the future"))
	}
	if len(e.Kinds) == 0 {
		check(intake.NothingAsked("kinds"))
	}
	check(intake.CheckKinds(e.Kinds))
	in.Place, err = intake.Place(e.Country, e.Region)
	check(err)
	in.OnBehalfOf, err = intake.ParseBehalf(e.OnBehalfOf)
	check(err)
	check(intake.Clean("name", &e.Name, intake.MaxName))
	check(intake.Clean("details", &e.Details, intake.MaxOfficerText))
	in.Name, in.Details = person.CleanText(e.Name, intake.MaxName), e.Details
	if len(wrong) > 0 {
		return in, &fault.Error{Code: fault.Invalid, Message: "The request cannot be entered.", Fields: wrong}
	}
	return in, nil
}
