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
	{FieldEmail, FaultLocalPart, "fault.email.local"},
	{FieldEmail, FaultDomain, "fault.email.domain"},
	{FieldEmail, FaultControl, "fault.email.control"},
	{FieldEmail, FaultDoubtful, "fault.email.doubtful"},
	{FieldName, FaultTooLong, "fault.name.long"},
	{FieldTopic, FaultInvalid, "fault.topic.invalid"},
	{FieldRedirect, FaultInvalid, "fault.redirect.invalid"},
	{FieldKind, FaultMissing, "fault.kind.missing"},
	{FieldKind, FaultInvalid, "fault.kind.invalid"},
	{FieldCountry, FaultInvalid, "fault.country.invalid"},
	{FieldRegion, FaultInvalid, "fault.region.invalid"},
	{FieldRegion, FaultConflict, "fault.region.conflict"},
	{FieldDetails, FaultTooLong, "fault.text.long"},
	{FieldOnBehalfOf, FaultInvalid, "fault.behalf.invalid"},
	{FieldAction, FaultMissing, "fault.action.missing"},
	{FieldAction, FaultInvalid, "fault.action.missing"},
	{FieldStatement, FaultMissing, "fault.statement.missing"},
	{FieldStatement, FaultTooLong, "fault.text.long"},
	{FieldReasons, FaultMissing, "fault.reasons.missing"},
	{FieldReasons, FaultTooLong, "fault.text.long"},
	{FieldReceipt, FaultMissing, "fault.receipt.missing"},
	{FieldReceipt, FaultTooLong, "fault.receipt.long"},
}

// anyFault are the sentences for all other fields.
var anyFault = [...]string{
	FaultMissing: "fault.missing", FaultInvalid: "fault.invalid",
	FaultConflict: "fault.conflict", FaultTooLong: "fault.long",
	FaultLocalPart: "fault.invalid", FaultDomain: "fault.invalid", FaultControl: "fault.invalid", FaultDoubtful: "fault.invalid",
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

// fieldErrors are all that has to be mended in one form.
type fieldErrors []FieldError

// of is what is wrong with a field, empty when nothing is.
func (all fieldErrors) of(t *catalog.Texts, field string) string {
	for _, e := range all {
		if e.Field == field {
			return e.Text(t)
		}
	}
	return ""
}

// summary stands above the form. Its lines lead to the fields that anchors knows; other fields came from
// somebody else's form.
func (all fieldErrors) summary(t *catalog.Texts, title string, anchors map[string]string) *errorSummary {
	if len(all) == 0 {
		return nil
	}
	s := &errorSummary{Title: title, Mend: t.Plural("form.mend", len(all))}
	for _, e := range all {
		s.Items = append(s.Items, link{anchors[e.Field], e.Text(t)})
	}
	return s
}

func (all fieldErrors) input(t *catalog.Texts, name, label, hint, value string) input {
	in := input{Name: name, Label: label, Hint: hint, Value: value}
	in.ErrorWord, in.Error = all.words(t, name)
	return in
}

func (all fieldErrors) area(t *catalog.Texts, name, label, hint, value string) *area {
	a := &area{Name: name, Label: label, Hint: hint, Value: value, Rows: 5}
	a.ErrorWord, a.Error = all.words(t, name)
	return a
}

func (all fieldErrors) words(t *catalog.Texts, field string) (word, fault string) {
	if fault = all.of(t, field); fault != "" {
		word = t.Text("form.error")
	}
	return word, fault
}

func (p UnsubscribeForm) summary(t *catalog.Texts, title string) *errorSummary {
	anchors := map[string]string{FieldEmail: "#" + FieldEmail, FieldName: "#" + FieldName}
	if len(p.Topics) > 0 {
		anchors[FieldTopic] = "#" + FieldTopic + "-" + p.Topics[0].ID
	}
	return fieldErrors(p.Errors).summary(t, title, anchors)
}
