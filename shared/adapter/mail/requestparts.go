package mail

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/requestlog"
)

// word says what a coded thing is. A code without words says nothing: whatever it is, it was not written for a mail.
func word(t *catalog.Texts, group, code string) string {
	if !t.Has(group + code) {
		return ""
	}
	return t.Named(group, code)
}

// codes says what coded things are in words.
func codes[S ~string](t *catalog.Texts, group string, list []S) []string {
	var texts []string
	for _, code := range list {
		if text := word(t, group, string(code)); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

func scopes(t *catalog.Texts, list []string) []string {
	texts := make([]string, len(list))
	for i, scope := range list {
		texts[i] = t.Scope(scope, "")
	}
	return texts
}

// about names the request that a mail is about.
func about[S ~string](t *catalog.Texts, reference string, kinds []S, more ...[]fact) part {
	facts := []fact{{t.Text("fact.reference"), reference}}
	if len(kinds) > 0 {
		facts = append(facts, fact{t.Text("fact.kinds"), strings.Join(codes(t, "kind.", kinds), "; ")})
	}
	return part{Facts: append(facts, slices.Concat(more...)...)}
}

func (m RequestLetter) about(t *catalog.Texts, more ...[]fact) part {
	return about(t, m.Request.ID, m.Request.Kinds, more...)
}

// on is the fact of a day, nothing when there is none.
func (d Desk) on(t *catalog.Texts, label string, at time.Time) []fact {
	if at.IsZero() {
		return nil
	}
	return []fact{{label, t.Date(at.In(d.Zone))}}
}

// listed is an introduction with its list, nothing when the list is empty.
func listed(intro string, items []string) []part {
	if len(items) == 0 {
		return nil
	}
	return []part{{Text: intro}, {Items: items}}
}

// said are the officer's own words, nothing when there are none.
func said(words string) []part {
	if len(lines(words)) == 0 {
		return nil
	}
	return []part{{Quote: lines(words)}}
}

// answered is the fact of the day by which we answer, nothing while no day is fixed.
func (m RequestLetter) answered(d Desk, t *catalog.Texts) []fact {
	if m.Due.Paused {
		return nil
	}
	return d.on(t, t.Text("fact.due"), m.Due.At)
}

// due says by when we answer, and why; nothing when the request was closed since. A letter may go late.
func (m RequestLetter) due(d Desk, t *catalog.Texts) []part {
	switch {
	case m.Due.At.IsZero():
		return nil
	case m.Late && !m.Due.Paused:
		return []part{{Text: t.Text("reopened.late")}}
	}
	by := t.Text("mail.due.by", "date", t.Date(m.Due.At.In(d.Zone)))
	if m.Due.Paused {
		by = t.Text("mail.due.paused")
	}
	parts := []part{{Heading: t.Text("mail.due")}, {Text: by}}
	if len(m.Due.Why) > 0 {
		parts = append(parts, part{Text: strings.Join(m.Due.Why, " ")})
	}
	return parts
}

// evidence lists what must still be proved, and how.
func (m RequestLetter) evidence(d Desk, t *catalog.Texts) []part {
	if m.Request.Waiting == nil || len(m.Request.Waiting.Proofs) == 0 {
		return nil
	}
	return []part{
		{Heading: t.Text("evidence.title")}, {Items: codes(t, "evidence.", m.Request.Waiting.Proofs)},
		{Text: t.Text("evidence.how", "email", d.Organisation.Contact, "reference", m.reference())}, {Text: t.Text("evidence.cover")},
	}
}

// answerBy says how long we wait for the person, and what follows then.
func (m RequestLetter) answerBy(d Desk, t *catalog.Texts) []part {
	if m.Wait.Then == "" {
		return nil
	}
	by, end := civil.Of(m.Wait.By, d.Zone), civil.Of(m.Wait.End, d.Zone)
	return []part{{Text: t.Text("waiting.until."+m.Wait.Then, "date", t.Day(by), "end", t.Day(end))}}
}

// closed introduces the page of a closed request by what it shows, and until when.
func closed(t *catalog.Texts, k requestlog.Kept) string {
	switch {
	case k == requestlog.Kept{}: // not known
		return t.Text("mail.status.page")
	case k.Until.IsZero():
		return t.Text("mail.status.log", "end", t.Day(k.Log))
	case k.Log.IsZero():
		return t.Text("mail.status.unconfirmed", "date", t.Day(k.Until))
	}
	return t.Text("mail.status.closed", "date", t.Day(k.Until))
}

// status leads to the page of the request, nothing when there is no link.
func (m RequestLetter) status(t *catalog.Texts, intro string) []part {
	switch {
	case m.Paper && !m.Request.State.Closed():
		return []part{{Text: t.Text("paper.status")}}
	case m.Paper, m.StatusURL == "":
		return nil
	}
	return []part{
		{Text: intro},
		{Button: &button{t.Text("mail.status.button"), m.StatusURL, t.Text("mail.button.fallback")}},
	}
}

func join(groups ...[]part) []part { return slices.Concat(groups...) }
