package catalog_test

import (
	"strconv"
	"testing"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
	"pgregory.net/rapid"

	"privacydesk/shared/adapter/catalog"
)

func TestAmount(t *testing.T) {
	for name, c := range map[string]struct{ lang, amount, currency, want string }{
		"German":           {"de", "12.50", "USD", "12,50 US-Dollar"},
		"German, thousand": {"de", "1250.00", "EUR", "1.250,00 Euro"},
		"Spanish":          {"es", "12.50", "EUR", "12,50 EUR"},
		"English":          {"en", "12.50", "USD", "12.50 US dollars"},
		"without cents":    {"de", "7", "CHF", "7 Schweizer Franken"},
		"no name":          {"es", "300.00", "JPY", "300,00 JPY"},
	} {
		if got := catalog.For(c.lang).Amount(c.amount, c.currency); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// The separators are those of the Unicode Consortium's CLDR.
func TestNumbersAreThoseOfCLDR(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, cents := rapid.IntRange(0, 999_999).Draw(t, "n"), rapid.IntRange(0, 99).Draw(t, "cents")
		for _, lang := range catalog.Languages() {
			cldr, texts := message.NewPrinter(language.MustParse(lang)), catalog.For(lang)
			if got, want := texts.Number(n), cldr.Sprint(number.Decimal(n)); got != want {
				t.Errorf("%s: %q, want %q", lang, got, want)
			}
			amount := strconv.Itoa(n) + "." + strconv.Itoa(100 + cents)[1:]
			value, _ := strconv.ParseFloat(amount, 64)
			if got, want := texts.Amount(amount, "XXX"), cldr.Sprint(number.Decimal(value, number.Scale(2)))+" XXX"; got != want {
				t.Errorf("%s: %q, want %q", lang, got, want)
			}
		}
	})
}

func TestZone(t *testing.T) {
	for name, c := range map[string]struct{ lang, place, want string }{
		"a city":       {"en", "San Diego", "San Diego time"},
		"an IANA name": {"de", "America/Los_Angeles", "Ortszeit Los Angeles"},
		"three parts":  {"es", "America/Argentina/Buenos_Aires", "hora de Buenos Aires"},
		"no city":      {"en", "UTC", "UTC time"},
	} {
		if got := catalog.For(c.lang).Zone(c.place); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
