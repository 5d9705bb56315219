package page

import (
	"cmp"
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
)

// Reasons of fault.FieldError, beside those of package person. Every other reason counts as invalid.
const (
	conflict = "conflict" // two fields contradict each other
	invalid  = "invalid"
)

// ownFaults are the mistakes that deserve a sentence of their own.
var ownFaults = []struct {
	field, reason, key string
}{
	{FieldEmail, person.Missing, "fault.email.missing"},
	{FieldEmail, invalid, "fault.email.invalid"},
	{FieldEmail, conflict, "fault.email.conflict"},
	{FieldEmail, person.TooLong, "fault.email.long"},
	{FieldEmail, person.BadLocalPart, "fault.email.local"},
	{FieldEmail, person.BadDomain, "fault.email.domain"},
	{FieldEmail, person.Control, "fault.email.control"},
	{FieldEmail, person.Doubtful, "fault.email.doubtful"},
	{FieldName, person.TooLong, "fault.name.long"},
	{FieldTopic, invalid, "fault.topic.invalid"},
	{FieldRedirect, invalid, "fault.redirect.invalid"},
	{FieldKind, person.Missing, "fault.kind.missing"},
	{FieldKind, invalid, "fault.kind.invalid"},
	{FieldCountry, invalid, "fault.country.invalid"},
	{FieldRegion, invalid, "fault.region.invalid"},
	{FieldRegion, conflict, "fault.region.conflict"},
	{FieldDetails, person.TooLong, "fault.text.long"},
	{FieldDetails, person.Missing, "fault.details.missing"},
	{FieldOnBehalfOf, conflict, "fault.behalf.child"},
	{FieldOnBehalfOf, invalid, "fault.behalf.invalid"},
	{FieldAction, person.Missing, "fault.action.missing"},
	{FieldAction, invalid, "fault.action.missing"},
	{FieldStatement, person.Missing, "fault.statement.missing"},
	{FieldStatement, person.TooLong, "fault.text.long"},
	{FieldReasons, person.Missing, "fault.reasons.missing"},
	{FieldReasons, person.TooLong, "fault.text.long"},
	{FieldNewAddress, person.Missing, "fault.new_address.missing"},
	{FieldNewAddress, person.TooLong, "fault.text.long"},
	{FieldReceipt, person.Missing, "fault.receipt.missing"},
	{FieldReceipt, person.TooLong, "fault.receipt.long"},
	{FieldOutcome, person.Missing, "owner.fault.outcome"},
	{FieldOutcome, ledger.NoFile, "owner.fault.file.missing"},
	{FieldOutcome, ledger.FileSent, "owner.fault.file.sent"},
	{FieldRecords, invalid, "owner.fault.records"},
	{FieldGround, person.Missing, "owner.fault.ground"},
	{FieldWhy, person.Missing, "owner.fault.why.missing"},
	{FieldWhy, person.TooLong, "owner.fault.why.long"},
}

// anyFault are the sentences for all other fields, by reason.
var anyFault = map[string]string{
	person.Missing: "fault.missing", conflict: "fault.conflict", person.TooLong: "fault.long",
}

// knownReasons have a sentence for some field.
var knownReasons = []string{person.Missing, conflict, person.TooLong, person.BadLocalPart, person.BadDomain, person.Control, person.Doubtful, ledger.NoFile, ledger.FileSent}

// faultText says a field's fault in words, and what was perhaps meant.
func faultText(t *catalog.Texts, e fault.FieldError) string {
	if meant := e.Guess; meant != "" {
		e.Guess = ""
		return faultText(t, e) + " " + t.Text("fault.email.meant", "meant", meant)
	}
	if !slices.Contains(knownReasons, e.Reason) {
		e.Reason = invalid
	}
	for _, own := range ownFaults {
		if own.field == e.Field && own.reason == e.Reason {
			return t.Text(own.key, "n", t.Number(intake.MaxDetails))
		}
	}
	return t.Text(cmp.Or(anyFault[e.Reason], "fault.invalid"), "field", e.Field)
}

// faults are all that has to be fixed in one form.
type faults []fault.FieldError

// fieldErrors are the faults as the page shows them. Whoever sent a form that could not be read as a whole gets an
// empty one, to be filled in.
func fieldErrors(errs []fault.FieldError) faults {
	all := slices.Clone(errs)
	for i, e := range all {
		if e.Field == "form" {
			all[i] = fault.FieldError{Field: FieldEmail, Reason: person.Missing}
		}
	}
	return all
}

// of is what is wrong with a field, empty when nothing is.
func (all faults) of(t *catalog.Texts, field string) string {
	for _, e := range all {
		if e.Field == field {
			return faultText(t, e)
		}
	}
	return ""
}

// summary stands above the form. Its lines lead to the fields that anchors knows; other fields came from
// somebody else's form.
func (all faults) summary(t *catalog.Texts, title string, anchors map[string]string) *errorSummary {
	if len(all) == 0 {
		return nil
	}
	s := &errorSummary{Title: title, Correct: t.Plural("form.correct", len(all))}
	for _, e := range all.inOrder() {
		s.Items = append(s.Items, link{anchors[e.Field], faultText(t, e)})
	}
	return s
}

// fieldOrder is that of the fields on our forms; others come last, in the order in which they were found.
var fieldOrder = []string{FieldKind, FieldOnBehalfOf, FieldEmail, FieldName, FieldTopic, FieldCountry, FieldRegion, FieldDetails}

func (all faults) inOrder() faults {
	place := func(e fault.FieldError) int {
		if i := slices.Index(fieldOrder, e.Field); i >= 0 {
			return i
		}
		return len(fieldOrder)
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b fault.FieldError) int { return cmp.Compare(place(a), place(b)) })
	return sorted
}

func (all faults) input(t *catalog.Texts, name, label, hint, value string) input {
	in := input{Name: name, Label: label, Hint: hint, Value: value}
	in.ErrorWord, in.Error = all.words(t, name)
	return in
}

func (all faults) area(t *catalog.Texts, name, label, hint, value string) *area {
	a := &area{Name: name, Label: label, Hint: hint, Value: value, Rows: 5}
	a.ErrorWord, a.Error = all.words(t, name)
	return a
}

func (all faults) words(t *catalog.Texts, field string) (word, text string) {
	if text = all.of(t, field); text != "" {
		word = t.Text("form.error")
	}
	return word, text
}
