package page

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
)

// UnsubscribeForm is the page at GET /unsubscribe, and its refusal (422) when Errors are given. It shows again
// what was typed.
type UnsubscribeForm struct {
	Email      string  // as typed, or as ?email= gave it
	Topics     []Topic // all topics of desk.yaml; empty: the choice is not offered
	Everything bool
	Erase      bool
	Redirect   string             // sent along unchanged; empty: not sent
	Campaign   string             // likewise
	Trap       string             // name of the honeypot field; empty: none
	Errors     []fault.FieldError // empty on a first visit
}

// Topic is one row of the form's topics.
type Topic struct {
	ID          string // "newsletter"
	Title       string
	Description string
	Chosen      bool
}

type formBody struct {
	Errors     *errorSummary
	Intro      string
	Statement  string
	Action     string
	Hidden     []hidden
	Email      input
	Topics     *topicChoice
	MoreLegend string
	More       []check
	Trap       *trap
	Submit     string
	Assurance  string
	Notice     *notice
	Links      []link
}

type errorSummary struct {
	Title, Correct string
	Items          []link // Href may be empty
}

type input struct {
	Name, Label, Hint, Value string
	ErrorWord, Error         string // "Error:" and what to correct; empty when the field is well
}

// IsEmail: the field of an address looks different from others.
func (i input) IsEmail() bool { return i.Name == FieldEmail }

// IsNumber: so does that of a number.
func (i input) IsNumber() bool { return i.Name == FieldRecords }

type topicChoice struct {
	Summary, Legend, Hint string
	ErrorWord, Error      string
	Open                  bool
	Items                 []check
}

type check struct {
	ID, Name, Value, Label, Hint string
	Checked                      bool
	Radio                        bool // one of several, not each for itself
}

type trap struct{ Name, Label string }

func (p UnsubscribeForm) view(d *Desk, t *catalog.Texts) view {
	words := d.wording(t)
	v := view{
		shape: formShape, title: words.Title, failed: len(p.Errors) > 0,
		languages: true, revisit: p.isBlank(), redirects: true,
	}
	v.body = formBody{
		Errors: p.summary(t, t.Text("form.problem")), Statement: words.Statement,
		Intro:  t.Text("form.intro", "name", d.Organisation.Name),
		Action: pathUnsubscribe, Hidden: p.hidden(t), Trap: newTrap(t, p.Trap),
		Email:      fieldErrors(p.Errors).input(t, FieldEmail, t.Text("form.email.label"), t.Text("form.email.hint"), p.Email),
		Topics:     p.topicChoice(t),
		MoreLegend: t.Text("form.more.legend"), More: p.more(t),
		Submit: t.Text("form.submit"), Assurance: t.Text("form.assurance"),
		Links: []link{inLanguage(t, pathMyLinks, "mylinks.choose"), inLanguage(t, pathRequests, "mylinks.requests")},
	}
	return v
}

func (p UnsubscribeForm) summary(t *catalog.Texts, title string) *errorSummary {
	anchors := map[string]string{FieldEmail: "#" + FieldEmail}
	if len(p.Topics) > 0 {
		anchors[FieldTopic] = "#" + FieldTopic + "-" + p.Topics[0].ID
	}
	return fieldErrors(p.Errors).summary(t, title, anchors)
}

// isBlank: nothing of a person's is on the page.
func (p UnsubscribeForm) isBlank() bool {
	return p.Email == "" && p.Redirect == "" && len(p.Errors) == 0
}

func (p UnsubscribeForm) hidden(t *catalog.Texts) []hidden {
	fields := []hidden{langField(t)}
	if p.Redirect != "" {
		fields = append(fields, hidden{FieldRedirect, p.Redirect})
	}
	if p.Campaign != "" {
		fields = append(fields, hidden{fieldCampaign, p.Campaign})
	}
	return fields
}

func newTrap(t *catalog.Texts, name string) *trap {
	if name == "" {
		return nil
	}
	return &trap{name, t.Text("form.trap")}
}

func (p UnsubscribeForm) topicChoice(t *catalog.Texts) *topicChoice {
	if len(p.Topics) == 0 {
		return nil
	}
	c := &topicChoice{
		Summary: t.Text("form.topics.summary"), Legend: t.Text("form.topics.legend"),
		Hint: t.Text("form.topics.hint"), Error: fieldErrors(p.Errors).of(t, FieldTopic), ErrorWord: t.Text("form.error"),
	}
	c.Open = c.Error != ""
	for _, topic := range p.Topics {
		c.Open = c.Open || topic.Chosen
		c.Items = append(c.Items, check{
			ID: FieldTopic + "-" + topic.ID, Name: FieldTopic, Value: topic.ID,
			Label: topic.Title, Hint: topic.Description, Checked: topic.Chosen,
		})
	}
	return c
}

func (p UnsubscribeForm) more(t *catalog.Texts) []check {
	return []check{
		{ID: FieldEverything, Name: FieldEverything, Value: valueYes,
			Label: t.Text("form.everything.label"), Hint: t.Text("form.everything.hint"), Checked: p.Everything},
		{ID: FieldErase, Name: FieldErase, Value: valueYes,
			Label: t.Text("form.erase.label"), Hint: t.Text("form.erase.hint"), Checked: p.Erase},
	}
}
