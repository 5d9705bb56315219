package page

import "privacydesk/shared/catalog"

// ownFaults are the mistakes that deserve a sentence of their own.
var ownFaults = []struct {
	field string
	fault Fault
	key   string
}{
	{FieldEmail, FaultMissing, "fault.email.missing"},
	{FieldEmail, FaultInvalid, "fault.email.invalid"},
	{FieldEmail, FaultConflict, "fault.email.conflict"},
	{FieldEmail, FaultTooLong, "fault.email.long"},
	{FieldName, FaultTooLong, "fault.name.long"},
	{FieldTopic, FaultInvalid, "fault.topic.invalid"},
	{FieldRedirect, FaultInvalid, "fault.redirect.invalid"},
}

// anyFault are the sentences for all other fields.
var anyFault = [...]string{
	FaultMissing: "fault.missing", FaultInvalid: "fault.invalid",
	FaultConflict: "fault.conflict", FaultTooLong: "fault.long",
}

// Text says a field's fault in words, for the page and for JSON answers alike.
func (e FieldError) Text(t *catalog.Texts) string {
	for _, own := range ownFaults {
		if own.field == e.Field && own.fault == e.Fault {
			return t.Text(own.key)
		}
	}
	return t.Text(anyFault[e.Fault], "field", e.Field)
}

// fault is what is wrong with a field, empty when nothing is.
func (p UnsubscribeForm) fault(t *catalog.Texts, field string) string {
	for _, e := range p.Errors {
		if e.Field == field {
			return e.Text(t)
		}
	}
	return ""
}

func (p UnsubscribeForm) errorSummary(words Wording, t *catalog.Texts) *errorSummary {
	if len(p.Errors) == 0 {
		return nil
	}
	s := &errorSummary{Title: words.Failed, Mend: t.Plural("form.mend", len(p.Errors))}
	for _, e := range p.Errors {
		s.Items = append(s.Items, link{p.anchor(e.Field), e.Text(t)})
	}
	return s
}

// anchor leads to a field that is on the page; other fields came from somebody else's form.
func (p UnsubscribeForm) anchor(field string) string {
	switch {
	case field == FieldEmail, field == FieldName:
		return "#" + field
	case field == FieldTopic && len(p.Topics) > 0:
		return "#" + FieldTopic + "-" + p.Topics[0].ID
	}
	return ""
}
