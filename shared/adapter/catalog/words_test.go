package catalog_test

import (
	"regexp"
	"testing"

	"privacydesk/shared/adapter/catalog"
)

// avoided are words that say the opposite of what we mean, another word for one fact, or what no native lawyer writes.
var avoided = map[string]map[string]string{
	"en": {
		`(?i)\bin effect\b`:                      "what was stopped is stopped; in effect reads as if it went on",
		`(?i)you receive (this|our)`:             "we know only that nothing stops it",
		`(?i)\bin hand\b|need do nothing`:        "we are working on it; do nothing",
		`(?i)\bfor whom\b|should we have\b`:      "who is it for; if we have",
		`(?i)\be-mail\b`:                         "email",
		`(?i)\b(press|confirm|write)\w* there\b`: "there needs a place before it",
	},
	"es": {
		`(?i)\ben vigor\b|cancelad`: "desactivado",
		`\bGDPR\b`:                  "RGPD",
		`(?i)usted mism[oa]|en nuestras manos|muy lejos`: "a gender, or no idiom",
		`(?i)\btasa\b`: "canon, as in art. 12.5 RGPD",
		`(?i)\ballí\b`: "it needs a place before it",
	},
	"de": {
		`(?i)gilt bereits|gilt weiterhin|abbestell`: "gestoppt",
		`\bGDPR\b`:                               "DSGVO",
		`\bKennung\b|\bReferenz\b`:               "Vorgangsnummer",
		`\bWerktag`:                              "Arbeitstag: a Saturday is a Werktag",
		`\bbis \{`:                               "bis zum",
		`(?i)\bGebühr`:                           "Entgelt, as in Art. 12 Abs. 5 DSGVO",
		`(?i)innerhalb von \{length|an \{days\}`: "lengths are nominative",
	},
}

func TestWordsThatAreAvoided(t *testing.T) {
	for _, lang := range catalog.Languages() {
		if len(avoided[lang]) == 0 {
			t.Errorf("%s has no list", lang)
		}
		for pattern, instead := range avoided[lang] {
			word := regexp.MustCompile(pattern)
			for key, text := range entries(t, lang) {
				if word.MatchString(text) {
					t.Errorf("%s, %s: %q has %q: %s", lang, key, text, word.FindString(text), instead)
				}
			}
		}
	}
}
