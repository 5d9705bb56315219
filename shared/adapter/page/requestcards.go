package page

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
)

func (p RequestStatus) export(d *Desk, t *catalog.Texts) *section {
	if p.ExportURL == "" {
		return nil
	}
	return &section{
		Title: t.Text("status.export.title"),
		Lead:  t.Text("status.export.lead", "date", d.through(t, p.File.Request.ExportUntil)),
		Link:  &link{p.ExportURL, t.Text("status.export.link")},
	}
}

// disagreement is the form for a statement, or the statement that is on record.
func (p RequestStatus) disagreement(t *catalog.Texts) *section {
	switch {
	case p.File.Request.Statement != "":
		return &section{Title: t.Text("disagree.recorded"), Quote: lines(p.File.Request.Statement)}
	case p.File.Request.Disputable():
		return p.form(t, ValueDisagree, "disagree.title", "disagree.lead", "disagree.button",
			fieldErrors(p.Errors).area(t, FieldStatement, t.Text("disagree.label"), "", p.Statement))
	}
	return nil
}

func (p RequestStatus) appeal(d *Desk, t *catalog.Texts) *section {
	if !p.File.Appealable() {
		return nil
	}
	q := p.File.Request
	form := p.form(t, ValueAppeal, "appeal.title", second(q, "review.lead.appeal", "review.lead.review"), second(q, "appeal.button", "review.button"),
		fieldErrors(p.Errors).area(t, FieldReasons, t.Text("appeal.label"), "", p.Reasons))
	return &section{Title: form.Title, Texts: append(form.Texts, d.eyes(t)...), Disclosures: []disclosure{{
		Summary: t.Text(second(q, "appeal.open", "review.button")), Form: form.Form, Open: fieldErrors(p.Errors).of(t, FieldReasons) != "",
	}}}
}

// eyes is the promise of another's eyes, where the desk makes it.
func (d *Desk) eyes(t *catalog.Texts) []string {
	if !d.AppealByAnother {
		return nil
	}
	return []string{t.Text("review.eyes")}
}

func (p RequestStatus) form(t *catalog.Texts, action, title, lead, button string, a *area) *section {
	return &section{Title: t.Text(title), Texts: []string{t.Text(lead)}, Form: &areaForm{
		Action: p.Action, Hidden: []hidden{{FieldAction, action}, langField(t)}, Area: a, Button: t.Text(button), Quiet: true,
	}}
}

// request is what the person gave us.
func (p RequestStatus) request(d *Desk, t *catalog.Texts) *section {
	q, title := p.File.Request, "status.request"
	facts := append(kindsFact(t, q), d.dateFact(t, "fact.received", q.ReceivedAt)...)
	if q.Reduced() {
		title = "status.log"
	} else {
		facts = append(facts, maskedFact(t, q)...)
	}
	facts = append(facts, someFact(t.Text("fact.name"), q.Name)...)
	facts = append(facts, placeFact(t, q)...)
	facts = append(facts, someFact(t.Text("fact.behalf"), t.Named("behalf.", string(q.OnBehalfOf)))...)
	facts = append(facts, someFact(t.Text("fact.details"), lines(q.Details)...)...)
	s := &section{Title: t.Text(title), Facts: facts}
	if !q.Reduced() {
		s.Links = []link{{"mailto:" + d.Organisation.Contact + "?subject=" + q.ID, t.Text("status.ask")}}
	}
	return s
}

func (p RequestStatus) history(d *Desk, t *catalog.Texts) *section {
	s := &section{Title: t.Text("status.history")}
	for _, h := range History(t, p.File.Request, p.File.Events) {
		s.Timeline = append(s.Timeline, moment{d.date(t, h.At), stamp(h.At), h.Text})
	}
	if len(s.Timeline) == 0 {
		return nil
	}
	s.Texts = keptTexts(t, p.File.Request, p.Kept)
	return s
}

// keptTexts say how long the page of a closed request shows it, and what is left then.
func keptTexts(t *catalog.Texts, q request.Request, k requestlog.Kept) []string {
	var texts []string
	if !q.State.Closed() || k.Until.IsZero() {
		return nil
	}
	texts = append(texts, t.Text("status.kept", "date", t.Day(k.Until)))
	if !k.Log.IsZero() {
		texts = append(texts, t.Text("status.kept.log", "end", t.Day(k.Log)))
	}
	return texts
}

// withdrawal is folded away: it must be easy to do, but not by accident.
func (p RequestStatus) withdrawal(t *catalog.Texts) *section {
	if p.File.Request.State.Decided() {
		return nil
	}
	return &section{Title: t.Text("withdraw.title"), Disclosures: []disclosure{{
		Summary: t.Text("withdraw.open"), Texts: []string{t.Text("withdraw.text")},
		Button: &button{Action: p.Action, Quiet: true, Text: t.Text("withdraw.button"),
			Hidden: []hidden{{FieldAction, ValueWithdraw}, langField(t)}},
	}}}
}

// moved lets the person tell a new address. An officer sees to it: nothing changes by itself.
func (p RequestStatus) moved(t *catalog.Texts) *section {
	if p.File.Request.Reduced() {
		return nil
	}
	errs := fieldErrors(p.Errors)
	a := errs.area(t, FieldNewAddress, t.Text("moved.label"), "", p.Moved)
	a.Rows = 2
	form := p.form(t, ValueMoved, "moved.title", "moved.text", "moved.button", a)
	return &section{Title: form.Title, Disclosures: []disclosure{{
		Summary: t.Text("moved.open"), Texts: form.Texts, Form: form.Form, Open: a.Error != "",
	}}}
}
