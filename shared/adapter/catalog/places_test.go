package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"privacydesk/shared/adapter/catalog"
)

func codesOf(places []catalog.Place) []string {
	codes := make([]string, len(places))
	for i, p := range places {
		codes[i] = p.Code
	}
	slices.Sort(codes)
	return codes
}

func TestLanguagesKnowTheSameCountries(t *testing.T) {
	want := codesOf(catalog.For(catalog.Default).Countries())
	if len(want) != 249 || len(slices.Compact(slices.Clone(want))) != 249 {
		t.Errorf("%d countries; ISO 3166-1 has 249", len(want))
	}
	for _, lang := range catalog.Languages() {
		if got := codesOf(catalog.For(lang).Countries()); !slices.Equal(got, want) {
			t.Errorf("%s has other countries than %s", lang, catalog.Default)
		}
	}
}

// Countries stand in the alphabet of the language: in German Ägypten comes before Albanien.
func TestCountriesAreInTheAlphabetOfTheLanguage(t *testing.T) {
	for _, lang := range catalog.Languages() {
		order, before := collate.New(language.MustParse(lang)), ""
		for _, place := range catalog.For(lang).Countries() {
			if order.CompareString(before, place.Name) >= 0 {
				t.Errorf("%s: %s comes after %s", lang, place.Name, before)
			}
			before = place.Name
		}
	}
}

func TestPlacesAreWellFormed(t *testing.T) {
	country, region := regexp.MustCompile(`^[A-Z]{2}$`), regexp.MustCompile(`^(US|CA)-[A-Z]{2}$`)
	check := func(places []catalog.Place, code *regexp.Regexp) {
		for _, p := range places {
			if !code.MatchString(p.Code) || p.Name == "" || strings.TrimSpace(p.Name) != p.Name {
				t.Errorf("%q %q", p.Code, p.Name)
			}
		}
	}
	for _, lang := range catalog.Languages() {
		check(catalog.For(lang).Countries(), country)
	}
	check(catalog.Regions(), region)
	if got := len(catalog.Regions()); got != 51+13 {
		t.Errorf("%d states and provinces", got)
	}
}

func TestPlace(t *testing.T) {
	for want, got := range map[string]string{
		"Deutschland":                catalog.For("de").Place("DE", ""),
		"California, Estados Unidos": catalog.For("es").Place("US", "CA"),
		"Québec, Canada":             catalog.For("en").Place("CA", "QC"),
		"BY, Germany":                catalog.For("en").Place("DE", "BY"),
		"XX":                         catalog.For("en").Place("XX", ""),
		"":                           catalog.For("en").Place("", ""),
		"XX, United States":          catalog.For("en").Place("US", "XX"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestNamed(t *testing.T) {
	en := catalog.For("en")
	for name, c := range map[string]struct{ got, want string }{
		"known":   {en.Named("kind.", "access"), "See my data"},
		"unknown": {en.Named("kind.", "telepathy"), "telepathy"},
		"none":    {en.Named("kind.", ""), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", name, c.got, c.want)
		}
	}
	if !en.Has("kind.access") || en.Has("kind.") {
		t.Error("Has does not tell what there is")
	}
}
