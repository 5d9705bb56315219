package page

import (
	"net/url"
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
)

// A RequestGuide asks what a request is, one question a page and without
// script: each page is a GET, so that going back changes an answer. Nothing of
// it says who the person is. What they type comes last, in a RequestForm.
type RequestGuide struct {
	Answers url.Values // so far; read by Guide
	GPC     bool       // the browser sent Sec-GPC: 1
}

// Fields of the guide, beside those of the form.
const (
	fieldWish   = "want"   // what a person wants in plain words: one of wants
	FieldGuided = "guided" // in the query of a post: the form came from the guide
	FieldWhole  = "whole"  // all questions on one page
	fieldAsked  = "asked"  // the question that was shown: no answer to it is an error
)

// wants are the plain choices of the first question, and the kinds that each
// leads to; with one kind nothing more is asked.
var wants = []want{
	{code: "see", kinds: kindGroups[0].kinds},
	{code: "correct", kinds: []string{"correction"}},
	{code: "delete", kinds: []string{"erasure", "child_erasure"}, one: true},
	{code: "limit", kinds: kindGroups[2].kinds},
	{code: "else", kinds: kindGroups[3].kinds},
}

type want struct {
	code  string
	kinds []string
	one   bool // of which only one can be meant
}

// wanted is the answer to the first question; its zero value is none.
func (g RequestGuide) wanted() want {
	for _, w := range wants {
		if w.code == g.Answers.Get(fieldWish) {
			return w
		}
	}
	return want{}
}

// Guide reads the answers of a query. It reports whether all questions are
// answered, and the form that is left then.
func Guide(query url.Values) (RequestGuide, RequestForm, bool) {
	g := RequestGuide{Answers: url.Values{}}
	for _, field := range []string{fieldWish, FieldKind, FieldOnBehalfOf, FieldCountry, FieldRegion, fieldAsked} {
		if values, ok := query[field]; ok {
			g.Answers[field] = values
		}
	}
	g.conclude()
	f := RequestForm{
		Guided: true, Kinds: g.Answers[FieldKind], OnBehalfOf: g.Answers.Get(FieldOnBehalfOf),
		Country: g.Answers.Get(FieldCountry), Region: g.Answers.Get(FieldRegion),
	}
	return g, f, g.question() == ""
}

// conclude answers what follows from other answers.
func (g RequestGuide) conclude() {
	g.Answers[FieldKind] = slices.DeleteFunc(slices.Clone(g.Answers[FieldKind]), func(kind string) bool {
		_, err := intake.ParseKind(kind)
		return err != nil
	})
	switch kinds := g.wanted().kinds; len(kinds) {
	case 0:
		g.Answers.Del(fieldWish)
	case 1:
		g.Answers[FieldKind] = kinds
	}
	if slices.Contains(g.Answers[FieldKind], "child_erasure") {
		g.Answers.Set(FieldOnBehalfOf, string(intake.Parent))
	}
	if _, err := intake.ParseBehalf(g.Answers.Get(FieldOnBehalfOf)); err != nil {
		g.Answers.Del(FieldOnBehalfOf)
	}
}

// question is the field that is asked for next, "" when all is answered.
func (g RequestGuide) question() string {
	switch {
	case len(g.Answers[FieldKind]) > 0:
	case g.wanted().kinds == nil:
		return fieldWish
	default:
		return FieldKind
	}
	if g.Answers.Get(FieldOnBehalfOf) == "" {
		return FieldOnBehalfOf
	}
	if !g.Answers.Has(FieldCountry) {
		return FieldCountry
	}
	if !g.Answers.Has(FieldRegion) && len(regionsOf(g.Answers.Get(FieldCountry))) > 0 {
		return FieldRegion
	}
	return ""
}

type guideBody struct {
	Errors *errorSummary
	Notice *notice
	Action string
	Hidden []hidden
	Choice *choice
	List   *selection
	Submit string
	Links  []link
	Notes  []string
}

func (g RequestGuide) view(d *Desk, t *catalog.Texts) view {
	field := g.question()
	body := guideBody{
		Action: pathRequests, Hidden: append(g.carried(field), hidden{fieldAsked, field}, langField(t)), Submit: t.Text("ask.continue"),
	}
	var errs faults
	if g.Answers.Get(fieldAsked) == field && (field == fieldWish || field == FieldKind) {
		errs = faults{{Field: FieldKind, Reason: person.Missing}}
		body.Errors = errs.summary(t, t.Text("form.problem"), map[string]string{FieldKind: "#" + field + "-" + g.first(field)})
	}
	title := t.Text("ask.title")
	switch field {
	case fieldWish:
		body.Notice = RequestForm{GPC: g.GPC}.notice(t)
		body.Choice = g.choice(t, field, t.Text("ask.want.legend"), errs)
		body.Links = append([]link{{pathRequests + "?" + FieldWhole + "=yes&" + FieldLang + "=" + t.Lang(), t.Text("ask.whole")}}, otherWays(t)...)
		body.Notes = []string{t.Text("ask.intro", "name", d.Organisation.Name)}
	case FieldKind:
		body.Choice = g.choice(t, field, t.Text("ask.kinds.legend"), errs)
	case FieldOnBehalfOf:
		c := RequestForm{}.behalf(t)
		body.Choice = &c
	case FieldCountry:
		s := RequestForm{}.country(t)
		body.List = &s
	case FieldRegion:
		s := RequestForm{}.region(t)
		s.Groups = []optionGroup{{t.Place(g.Answers.Get(FieldCountry), ""), options(regionsOf(g.Answers.Get(FieldCountry)))}}
		s.Hint = t.Text("ask.region.only")
		body.List = &s
	}
	return view{shape: guideShape, title: title, failed: body.Errors != nil, languages: true, query: g.Answers, revisit: !g.GPC, body: body}
}

// carried are the answers so far, which the next page sends along.
func (g RequestGuide) carried(except string) []hidden {
	var all []hidden
	for _, field := range []string{fieldWish, FieldKind, FieldOnBehalfOf, FieldCountry} {
		for _, value := range g.Answers[field] {
			if field != except {
				all = append(all, hidden{field, value})
			}
		}
	}
	return all
}

func (g RequestGuide) first(field string) string {
	if field == fieldWish {
		return wants[0].code
	}
	return g.wanted().kinds[0]
}

// choice is the question of what a person wants: in plain words, or of which
// kind.
func (g RequestGuide) choice(t *catalog.Texts, field, legend string, errs []fault.FieldError) *choice {
	c := &choice{ID: field, Legend: legend}
	c.ErrorWord, c.Error = faults(errs).words(t, FieldKind)
	one := field == fieldWish || g.wanted().one
	if !one {
		c.Hint = t.Text("ask.kinds.hint")
	}
	group := checkGroup{}
	codes, names := g.wanted().kinds, "kind."
	if field == fieldWish {
		names, codes = "ask.want.", nil
		for _, w := range wants {
			codes = append(codes, w.code)
		}
	}
	for _, code := range codes {
		hint := "kind.hint." + code
		if field == fieldWish {
			hint = "ask.want.hint." + code
		}
		group.Items = append(group.Items, check{
			ID: field + "-" + code, Name: field, Value: code, Radio: one, Label: t.Text(names + code), Hint: t.Text(hint),
		})
	}
	c.Groups = []checkGroup{group}
	return c
}

// answered shows the answers of the guide above the last page, and sends them
// along.
func (p RequestForm) answered(t *catalog.Texts, body *requestBody) {
	body.Action += "?" + FieldGuided + "=yes"
	body.Intro = t.Text("ask.last")
	for _, kind := range p.Kinds {
		body.Hidden = append(body.Hidden, hidden{FieldKind, kind})
	}
	body.Hidden = append(body.Hidden, hidden{FieldOnBehalfOf, p.OnBehalfOf}, hidden{FieldCountry, p.Country}, hidden{FieldRegion, p.Region})
	body.Facts = append(someFact(t.Text("fact.kinds"), codes(t, "kind.", p.Kinds)...),
		fact{t.Text("fact.behalf"), []string{t.Named("behalf.", p.OnBehalfOf)}})
	if p.Country != "" {
		body.Facts = append(body.Facts, fact{t.Text("fact.place"), []string{t.Place(p.Country, p.Region)}})
	}
	body.Change = &link{pathRequests + "?" + FieldLang + "=" + t.Lang(), t.Text("ask.again")}
}
