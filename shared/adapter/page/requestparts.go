package page

import (
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// codes says what coded things are in words.
func codes[S ~string](t *catalog.Texts, group string, list []S) []string {
	texts := make([]string, len(list))
	for i, code := range list {
		texts[i] = t.Named(group, string(code))
	}
	return texts
}

func scopes[S ~string](t *catalog.Texts, list []S) []string {
	texts := make([]string, len(list))
	for i, scope := range list {
		texts[i] = t.Scope(string(scope), "")
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

// date is the day of a moment in the controller's zone.
func (d *Desk) date(t *catalog.Texts, at time.Time) string { return t.Date(at.In(d.Zone)) }

// through is the last day of what holds until a moment; empty for the zero time.
func (d *Desk) through(t *catalog.Texts, end time.Time) string {
	if end.IsZero() {
		return ""
	}
	return t.Day(civil.Through(end, d.Zone))
}

// dateFact is a fact of a day when there is one; the label is a key of the catalogue.
func (d *Desk) dateFact(t *catalog.Texts, label string, at time.Time) []fact {
	if at.IsZero() {
		return nil
	}
	return []fact{{t.Text(label), []string{d.date(t, at)}}}
}

func referenceFact(t *catalog.Texts, q request.Request) []fact {
	return someFact(t.Text("fact.reference"), q.ID)
}

func kindsFact(t *catalog.Texts, q request.Request) []fact {
	return someFact(t.Text("fact.kinds"), codes(t, "kind.", q.Kinds)...)
}

// maskedFact shows whose request it is, nothing when that is not known.
func maskedFact(t *catalog.Texts, q request.Request) []fact {
	if q.Address.IsZero() {
		return nil
	}
	return addressFact(t, q.Address.String())
}

// stoppedFact is what the request stopped at once; the label is one of the catalogue that says "stopped".
func stoppedFact(t *catalog.Texts, label string, q request.Request) []fact {
	return someFact(label, scopes(t, intake.OptOutsOf(q.Kinds))...)
}

func placeFact(t *catalog.Texts, q request.Request) []fact {
	if q.Place.Country == "" {
		return nil
	}
	return []fact{{t.Text("fact.place"), []string{t.Place(q.Place.Country, q.Place.Region)}}}
}

// requestFacts are what names a request on the pages about it.
func requestFacts(t *catalog.Texts, q request.Request) []fact {
	return slices.Concat(referenceFact(t, q), maskedFact(t, q), kindsFact(t, q))
}

// why unfolds the reasons for a date.
func why(t *catalog.Texts, sentences []string) []disclosure {
	if len(sentences) == 0 {
		return nil
	}
	return []disclosure{{Summary: t.Text("due.why"), Texts: sentences}}
}

// receiptBox unfolds what a signed receipt is good for, and the link to it.
func receiptBox(t *catalog.Texts, url string) []disclosure {
	if url == "" {
		return nil
	}
	return []disclosure{{
		Summary: t.Text("receipt.box"), Texts: []string{t.Text("receipt.box.text")},
		Links: []link{{url, t.Text("receipt.box.file")}, inLanguage(t, pathReceiptCheck, "receipt.title")},
	}}
}

// evidenceList names what must still be proved, and how.
func (d *Desk) evidenceList(t *catalog.Texts, q request.Request) []list {
	if q.Waiting == nil || len(q.Waiting.Proofs) == 0 {
		return nil
	}
	how := t.Text("evidence.how", "email", d.Organisation.Contact, "reference", q.ID)
	return []list{{t.Text("evidence.title"), append(points(codes(t, "evidence.", q.Waiting.Proofs)...), item{how, t.Text("evidence.cover")})}}
}

func feeFact(t *catalog.Texts, fee *waiting.Fee) []fact {
	if fee == nil {
		return nil
	}
	return someFact(t.Text("fact.fee"), t.Amount(fee.Amount, fee.Currency))
}
