package page

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
)

// codes says what coded things are in words.
func codes(t *catalog.Texts, group string, list []string) []string {
	texts := make([]string, len(list))
	for i, code := range list {
		texts[i] = t.Named(group, code)
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

// someFact is a fact when there is something to tell.
func someFact(label string, values ...string) []fact {
	if len(values) == 0 || values[0] == "" {
		return nil
	}
	return []fact{{label, values}}
}

func dateFact(t *catalog.Texts, label string, at time.Time) []fact {
	if at.IsZero() {
		return nil
	}
	return []fact{{label, []string{t.Date(at)}}}
}

func dayFact(t *catalog.Texts, label string, d civil.Day) []fact {
	if d.IsZero() {
		return nil
	}
	return []fact{{label, []string{t.Day(d)}}}
}

// requestFacts are what names a request on every page about it.
func requestFacts(t *catalog.Texts, reference, address string, kinds []string) []fact {
	facts := someFact(t.Text("fact.reference"), reference)
	facts = append(facts, addressFact(t, address)...)
	return append(facts, someFact(t.Text("fact.kinds"), codes(t, "kind.", kinds)...)...)
}

// why unfolds the reasons for a date.
func why(t *catalog.Texts, sentences []string) []disclosure {
	if len(sentences) == 0 {
		return nil
	}
	return []disclosure{{Summary: t.Text("due.why"), Texts: sentences}}
}

// receiptBox unfolds the text of a signed receipt, to be copied and kept.
func receiptBox(t *catalog.Texts, receipt string) []disclosure {
	if receipt == "" {
		return nil
	}
	return []disclosure{{
		Summary: t.Text("receipt.box"), Texts: []string{t.Text("receipt.box.text")},
		Area:  &area{Name: FieldReceipt, Label: t.Text("receipt.label"), Value: receipt, Rows: 5, ReadOnly: true},
		Links: []link{{PathReceiptCheck + "?" + FieldLang + "=" + t.Lang(), t.Text("receipt.box.check")}},
	}}
}

// evidenceList names what must still be proved, and how.
func (d *Desk) evidenceList(t *catalog.Texts, evidence []string, reference string) []list {
	if len(evidence) == 0 {
		return nil
	}
	l := list{Title: t.Text("evidence.title")}
	for _, text := range codes(t, "evidence.", evidence) {
		l.Items = append(l.Items, item{Text: text})
	}
	how := t.Text("evidence.how", "email", d.Organisation.Contact, "reference", reference)
	l.Items = append(l.Items, item{Text: how, Note: t.Text("evidence.cover")})
	return []list{l}
}
