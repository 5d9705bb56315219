package page_test

import (
	"reflect"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

var hostile = map[string]string{
	"markup":     `"><script>alert(1)</script><img src=x onerror=alert(1)>`,
	"attribute":  `' onfocus=alert(1) autofocus x='`,
	"javascript": `javascript:alert(1)`,
	"data":       `data:text/html,<script>alert(1)</script>`,
	"template":   "{{.}}</textarea></title><!--",
	"controls":   "a\x00b\r\nSet-Cookie: x=1\u202e\xff",
}

// poison puts a text into every string that can be reached from a value.
func poison(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			poison(v.Elem(), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Field(i).CanSet() {
				poison(v.Field(i), text)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), text)
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(text)
		}
	}
}

func poisoned(p page.Page, text string) page.Page {
	c := reflect.New(reflect.TypeOf(p))
	c.Elem().Set(reflect.ValueOf(p))
	poison(c, text)
	return c.Elem().Interface().(page.Page)
}

func TestHostileInputStaysText(t *testing.T) {
	for name, text := range hostile {
		desk := sample.Desk()
		poison(reflect.ValueOf(desk), text)
		for _, s := range sample.Pages("en") {
			t.Run(name+"/"+s.Name, func(t *testing.T) {
				d := parse(t, poisoned(s.Page, text), "en", desk)
				for _, fault := range d.faults() {
					// One poison in all fields makes their ids alike; that is no danger.
					if !strings.Contains(fault, "more than once") && !strings.Contains(fault, "which is not there") {
						t.Error(fault)
					}
				}
				for _, n := range d.all("img") {
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
