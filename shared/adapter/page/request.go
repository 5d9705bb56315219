package page

import (
	"net/url"
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
)

// RequestForm is the last page of the questions at GET /requests or, not Guided, all of them on one page. It is the
// refusal too (422) when Errors are given, and shows again what was typed. A GET may fill Kinds from ?kind=, and Email.
type RequestForm struct {
	Guided     bool     // the questions were answered one a page: only what is typed is left
	Kinds      []string // codes of the kinds ticked ("access"); those not known are left out
	Email      string
	Name       string
	Country    string // as typed: a code, or what somebody else's form sent
	Region     string // as typed: "US-CA" or "CA"
	Details    string
	OnBehalfOf string             // an intake.Behalf; empty: intake.Self
	GPC        bool               // the browser sent Sec-GPC: 1
	Trap       string             // name of the honeypot field; empty: none
	Held       bool               // the honeypot was filled in: it was not taken in, and is shown again without that field
	OptedOut   []string           // of one that was held: the scopes that are out all the same
	Errors     []fault.FieldError // empty on a first visit
}

// kindGroups are all kinds of requests as the form shows them: those of intake.Kinds, which a test compares.
var kindGroups = []struct {
	legend string
	kinds  []string
}{
	{"ask.group.see", []string{"access", "portability", "information", "automated_access"}},
	{"ask.group.change", []string{"correction", "erasure", "child_erasure"}},
	{"ask.group.limit", []string{"objection", "opt_out_of_sale", "withdraw_consent", "restriction", "automated_opt_out"}},
	{"ask.group.other", []string{"complaint", "paper_notice"}},
}

type requestBody struct {
	Errors    *errorSummary
	Intro     string
	Notice    *notice
	Action    string
	Hidden    []hidden
	Facts     []fact // of Guided: the answers
	Change    *link
	Kinds     *choice
	Behalf    *choice
	Email     input
	Name      input
	Country   *selection
	Region    *selection
	Details   *area
	Trap      *trap
	Submit    string
	Assurance []string
	Links     []link
}

// otherWays lead from the request form to what a person may want instead.
func otherWays(t *catalog.Texts) []link {
	return []link{inLanguage(t, pathMyLinks, "mylinks.lost"), inLanguage(t, pathUnsubscribe, "mylinks.stop")}
}

// choice is a question with several answers, perhaps in groups.
type choice struct {
	ID, Legend, Hint string
	ErrorWord, Error string
	Groups           []checkGroup
}

type checkGroup struct {
	Legend string // may be empty
	Items  []check
}

func (p RequestForm) view(d *Desk, t *catalog.Texts) view {
	errs := fieldErrors(p.Errors)
	body := requestBody{
		Errors: p.summary(d, t),
		Intro:  t.Text("ask.intro", "name", d.Organisation.Name), Notice: p.notice(t),
		Action: pathRequests, Hidden: []hidden{langField(t)},
		Email: errs.input(t, FieldEmail, t.Text("form.email.label"), t.Text("ask.email.hint"), p.Email),
		Name:  errs.input(t, FieldName, t.Text("form.name.label"), t.Text("ask.name.hint"), p.Name),
		Trap:  newTrap(t, p.Trap), Submit: t.Text("ask.submit"),
		Assurance: []string{t.Text("ask.next"), t.Text("ask.use")}, Links: otherWays(t),
	}
	body.Details = errs.area(t, FieldDetails, t.Text(p.detailsLabel()), t.Text("ask.details.hint"), p.Details)
	if p.Guided {
		p.answered(t, &body)
	} else {
		kinds, behalf, country, region := p.kinds(t), p.behalf(t), p.country(t), p.region(t)
		body.Kinds, body.Behalf, body.Country, body.Region = &kinds, &behalf, &country, &region
	}
	v := view{shape: requestShape, title: t.Text("ask.title"), failed: len(p.Errors) > 0 || p.Held,
		languages: true, revisit: p.isBlank(), body: body}
	switch {
	case p.Guided:
		v.query = url.Values{FieldKind: p.Kinds, FieldOnBehalfOf: {p.OnBehalfOf}, FieldCountry: {p.Country}, FieldRegion: {p.Region}}
	case len(p.Errors) == 0 && !p.Held:
		v.query = url.Values{FieldWhole: {"yes"}}
	}
	return v
}

// detailsLabels ask for what a kind needs.
var detailsLabels = []struct{ kind, key string }{
	{"correction", "ask.details.correction"}, {"paper_notice", "ask.details.paper"}, {"withdraw_consent", "ask.details.consent"},
	{"complaint", "ask.details.complaint"}, {"automated_opt_out", "ask.details.automated"},
}

func (p RequestForm) detailsLabel() string {
	if len(p.Kinds) == 1 && p.Guided {
		for _, l := range detailsLabels {
			if l.kind == p.Kinds[0] {
				return l.key
			}
		}
	}
	return "ask.details.label"
}

// requestAnchors lead from a line of the error summary to the field.
var requestAnchors = map[string]string{
	FieldKind: "#" + FieldKind + "-access", FieldOnBehalfOf: "#" + FieldOnBehalfOf + "-" + string(intake.Self),
	FieldEmail: "#" + FieldEmail, FieldName: "#" + FieldName, FieldCountry: "#" + FieldCountry,
	FieldRegion: "#" + FieldRegion, FieldDetails: "#" + FieldDetails,
}

// isBlank: nothing of a person's is on the page.
func (p RequestForm) isBlank() bool {
	typed := p.Email + p.Name + p.Country + p.Region + p.Details + p.OnBehalfOf
	return typed == "" && len(p.Kinds) == 0 && !p.Guided && len(p.Errors) == 0 && !p.GPC && !p.Held
}

func (p RequestForm) summary(d *Desk, t *catalog.Texts) *errorSummary {
	if !p.Held {
		return fieldErrors(p.Errors).summary(t, t.Text("form.problem"), requestAnchors)
	}
	s := &errorSummary{Title: t.Text("ask.held.title"), Correct: t.Text("ask.held.correct")}
	for _, scope := range scopes(t, p.OptedOut) {
		s.Items = append(s.Items, link{Text: t.Text("ask.held.done", "what", scope)})
	}
	return s
}

func (p RequestForm) notice(t *catalog.Texts) *notice {
	if !p.GPC {
		return nil
	}
	return &notice{t.Text("ask.gpc.title"), t.Text("ask.gpc.text")}
}

func (p RequestForm) kinds(t *catalog.Texts) choice {
	c := choice{ID: FieldKind, Legend: t.Text("ask.kinds.legend"), Hint: t.Text("ask.kinds.hint")}
	c.ErrorWord, c.Error = fieldErrors(p.Errors).words(t, FieldKind)
	for _, g := range kindGroups {
		group := checkGroup{Legend: t.Text(g.legend)}
		for _, kind := range g.kinds {
			group.Items = append(group.Items, check{
				ID: FieldKind + "-" + kind, Name: FieldKind, Value: kind, Label: t.Named("kind.", kind),
				Hint: t.Named("kind.hint.", kind), Checked: slices.Contains(p.Kinds, kind),
			})
		}
		c.Groups = append(c.Groups, group)
	}
	return c
}

func (p RequestForm) behalf(t *catalog.Texts) choice {
	c := choice{ID: FieldOnBehalfOf, Legend: t.Text("ask.behalf.legend"), Hint: t.Text("ask.behalf.hint")}
	c.ErrorWord, c.Error = fieldErrors(p.Errors).words(t, FieldOnBehalfOf)
	var items []check
	for _, who := range []intake.Behalf{intake.Self, intake.Parent, intake.Agent} {
		value := string(who)
		items = append(items, check{
			ID: FieldOnBehalfOf + "-" + value, Name: FieldOnBehalfOf, Value: value, Radio: true,
			Label: t.Named("behalf.", value), Checked: value == p.OnBehalfOf || who == intake.Self && p.OnBehalfOf == "",
		})
	}
	c.Groups = []checkGroup{{Items: items}}
	return c
}
