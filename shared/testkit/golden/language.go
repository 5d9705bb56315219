package golden

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// word is what a text must have to be in a language: "12.50" and "–" are in none.
var word = regexp.MustCompile(`\pL{2}`)

// Untranslated lists the texts of an HTML document that stand in the same words in its English version.
// Texts are left out that come from data, which is any value that holds strings, and those of the list same.
func Untranslated(t testing.TB, english, translated string, same []string, data ...any) []string {
	t.Helper()
	before := texts(t, english)
	known := slices.Clone(same)
	for _, d := range data {
		known = appendStrings(known, reflect.ValueOf(d))
	}
	var found []string
	for _, text := range texts(t, translated) {
		isData := slices.ContainsFunc(known, func(k string) bool { return strings.Contains(k, text) })
		if word.MatchString(text) && slices.Contains(before, text) && !isData {
			found = append(found, text)
		}
	}
	return found
}

// texts are what a document shows, without lists to choose from: countries often have one name in two languages.
func texts(t testing.TB, document string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "option" {
			all = append(all, strings.TrimSpace(n.Data))
		}
	}
	return all
}

// appendStrings adds every string that can be reached from a value, and what it prints itself as, such as a masked address.
func appendStrings(all []string, v reflect.Value) []string {
	if v.IsValid() && v.CanInterface() {
		if s, ok := v.Interface().(fmt.Stringer); ok {
			all = append(all, s.String())
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			all = appendStrings(all, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			all = appendStrings(all, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			all = appendStrings(all, v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			all = appendStrings(all, v.MapIndex(key))
		}
	case reflect.String:
		all = append(all, v.String())
	}
	return all
}
