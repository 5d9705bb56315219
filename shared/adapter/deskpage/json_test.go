package deskpage_test

import (
	"encoding"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/deskpage/sample"
	"privacydesk/shared/domain/settings"
)

// unnamed lists the fields that JSON would show although nobody has named them for it.
func unnamed(t reflect.Type, seen map[reflect.Type]bool) (fields []string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return unnamed(t.Elem(), seen)
	case reflect.Struct:
	default:
		return nil
	}
	own := t.Implements(reflect.TypeFor[json.Marshaler]()) || t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
	if own || seen[t] || !strings.HasPrefix(t.PkgPath(), "privacydesk/") {
		return nil
	}
	seen[t] = true
	for f := range t.Fields() {
		tag, named := f.Tag.Lookup("json")
		switch {
		case !f.IsExported() || tag == "-":
			continue
		case !named && !f.Anonymous:
			fields = append(fields, t.String()+"."+f.Name)
		}
		fields = append(fields, unnamed(f.Type, seen)...)
	}
	return fields
}

// Whatever a screen's JSON says was named for it: a field that is new in the domain leaks nothing.
func TestJSONSaysOnlyWhatIsNamed(t *testing.T) {
	seen := map[reflect.Type]bool{reflect.TypeFor[settings.Desk](): true} // the engineers' own file, as a whole
	found := unnamed(reflect.TypeFor[deskpage.ShownFile](), seen)
	for _, s := range sample.Screens(catalog.Default) {
		found = append(found, unnamed(reflect.TypeOf(s.Screen), seen)...)
	}
	for _, field := range found {
		t.Errorf("%s has no name in JSON", field)
	}
}

// An address stands in JSON only while it is shown on the screen itself.
func TestJSONMasksAddresses(t *testing.T) {
	whole := regexp.MustCompile(`[^*"\s]@[a-z]`)
	for _, s := range sample.Screens(catalog.Default) {
		raw, err := json.Marshal(s.Screen)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		if _, ours := s.Screen.(deskpage.Settings); ours {
			continue // the organisation's own
		}
		f, is := s.Screen.(deskpage.File)
		if at := whole.FindIndex(raw); at != nil && !(is && !f.Until.IsZero()) {
			t.Errorf("%s: an address is in …%s", s.Name, raw[max(0, at[0]-60):at[1]])
		}
	}
}
