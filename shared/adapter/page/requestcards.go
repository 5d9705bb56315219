package page

import "privacydesk/shared/adapter/catalog"

func (p RequestStatus) export(t *catalog.Texts) *section {
	if p.Export == nil {
		return nil
	}
	return &section{
		Title: t.Text("status.export.title"),
		Lead:  t.Text("status.export.lead", "date", t.Day(p.Export.Until)),
		Link:  &link{p.Export.URL, t.Text("status.export.link")},
	}
}

// disagreement is the form for a statement, or the statement that is on record.
func (p RequestStatus) disagreement(t *catalog.Texts) *section {
	switch {
	case p.Statement != "":
		return &section{Title: t.Text("disagree.recorded"), Quote: lines(p.Statement)}
	case p.MayDisagree:
		return p.form(t, ValueDisagree, "disagree.title", "disagree.lead", "disagree.button",
			fieldErrors(p.Errors).area(t, FieldStatement, t.Text("disagree.label"), "", p.Typed))
	}
	return nil
}

func (p RequestStatus) appeal(t *catalog.Texts) *section {
	if !p.MayAppeal {
		return nil
	}
	return p.form(t, ValueAppeal, "appeal.title", "appeal.lead", "appeal.button",
		fieldErrors(p.Errors).area(t, FieldReasons, t.Text("appeal.label"), "", p.Reasons))
}

func (p RequestStatus) form(t *catalog.Texts, action, title, lead, button string, a *area) *section {
	return &section{Title: t.Text(title), Texts: []string{t.Text(lead)}, Form: &areaForm{
		Action: p.Action, Hidden: []hidden{{FieldAction, action}, langField(t)}, Area: a, Button: t.Text(button), Quiet: true,
	}}
}

// request is what the person gave us.
func (p RequestStatus) request(t *catalog.Texts) *section {
	facts := someFact(t.Text("fact.kinds"), codes(t, "kind.", p.Kinds)...)
	facts = append(facts, dateFact(t, t.Text("fact.received"), p.ReceivedAt)...)
	facts = append(facts, addressFact(t, p.Address)...)
	facts = append(facts, someFact(t.Text("fact.name"), p.Name)...)
	if p.Country != "" {
		facts = append(facts, fact{t.Text("fact.place"), []string{t.Place(p.Country, p.Region)}})
	}
	facts = append(facts, someFact(t.Text("fact.behalf"), codes(t, "behalf.", behalf(p.OnBehalfOf))...)...)
	facts = append(facts, someFact(t.Text("fact.details"), lines(p.Details)...)...)
	title := "status.request"
	if !p.DisposedAt.IsZero() {
		title = "status.log"
	}
	return &section{Title: t.Text(title), Facts: facts}
}

func behalf(code string) []string {
	if code == "" {
		return nil
	}
	return []string{code}
}

func (p RequestStatus) history(t *catalog.Texts) *section {
	s := &section{Title: t.Text("status.history")}
	for _, h := range p.History {
		if h.Shown() {
			s.Timeline = append(s.Timeline, moment{t.Date(h.At), stamp(h.At), h.Text(t)})
		}
	}
	if len(s.Timeline) == 0 {
		return nil
	}
	return s
}

// withdrawal is folded away: it must be easy to do, but not by accident.
func (p RequestStatus) withdrawal(t *catalog.Texts) *section {
	if !p.MayWithdraw {
		return nil
	}
	return &section{Title: t.Text("withdraw.title"), Disclosures: []disclosure{{
		Summary: t.Text("withdraw.open"), Texts: []string{t.Text("withdraw.text")},
		Button: &button{Action: p.Action, Quiet: true, Text: t.Text("withdraw.button"),
			Hidden: []hidden{{FieldAction, ValueWithdraw}, langField(t)}},
	}}}
}

// Text says in words what happened, for the page and for JSON answers alike.
func (h Happening) Text(t *catalog.Texts) string {
	if about, ok := mailEvents[h.Event]; ok && h.Mail != "" {
		return t.Text(about, "mail", t.Named("mailname.", h.Mail))
	}
	return t.Named("event.", h.Event)
}

// mailEvents tell of a mail, and of which one.
var mailEvents = map[string]string{"mailed": "event.mailed.about", "mail_failed": "event.failed.about"}

// Shown: the person may see it. What the catalogue has no words for, such as an officer's own notes, is not for
// the person.
func (h Happening) Shown() bool { return catalog.For(catalog.Default).Has("event." + h.Event) }
