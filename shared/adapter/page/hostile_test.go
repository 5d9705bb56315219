package page_test

import (
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit/markup"
)

func TestHostileInputStaysText(t *testing.T) {
	for name, text := range markup.Hostile {
		desk := sample.Desk()
		markup.Poison(desk, text)
		for _, s := range sample.Pages("en") {
			t.Run(name+"/"+s.Name, func(t *testing.T) {
				d := parse(t, markup.Poisoned(s.Page, text), "en", desk)
				for _, fault := range faults(d) {
					// One poison in all fields makes their ids alike; that is no danger.
					if !strings.Contains(fault, "more than once") && !strings.Contains(fault, "which is not there") {
						t.Error(fault)
					}
				}
				for _, n := range d.All("img") {
					t.Errorf("an image appeared: %v", n.Attr)
				}
			})
		}
	}
}

func TestFaultTextsAreKnown(t *testing.T) {
	for _, lang := range catalog.Languages() {
		for _, field := range []string{page.FieldEmail, page.FieldName, page.FieldTopic, page.FieldRedirect,
			page.FieldKind, page.FieldCountry, page.FieldRegion, page.FieldDetails, page.FieldOnBehalfOf, page.FieldStatement,
			page.FieldReasons, page.FieldReceipt, "other"} {
			for _, reason := range []string{person.Missing, "unknown", "conflict", person.TooLong, person.BadLocalPart, person.BadDomain, person.Control, person.Doubtful} {
				document, err := sample.Desk().Render(catalog.For(lang), page.ReceiptCheck{Errors: []fault.FieldError{{Field: field, Reason: reason}}})
				if err != nil || strings.ContainsAny(string(document), "⟦{") {
					t.Errorf("%s %s %s: %v\n%s", lang, field, reason, err, document)
				}
			}
		}
	}
}
