package catalog_test

import (
	"os"
	"regexp"
	"testing"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
)

func TestCitation(t *testing.T) {
	for _, c := range []struct{ clause, en, es, de string }{
		{"Art. 12(3) GDPR", "Art. 12(3) GDPR", "art. 12.3 RGPD", "Art. 12 Abs. 3 DSGVO"},
		{"Art. 12(5)(b) GDPR", "Art. 12(5)(b) GDPR", "art. 12.5.b) RGPD", "Art. 12 Abs. 5 Buchst. b DSGVO"},
		{"Art. 12(2), 12(6) GDPR", "Art. 12(2), 12(6) GDPR", "art. 12.2, 12.6 RGPD", "Art. 12 Abs. 2, 12 Abs. 6 DSGVO"},
		{"Art. 15(1) and (2) GDPR", "Art. 15(1) and (2) GDPR", "art. 15.1 y 2 RGPD", "Art. 15 Abs. 1 und 2 DSGVO"},
		{"Art. 16, 18(1)(a) GDPR", "Art. 16, 18(1)(a) GDPR", "art. 16, 18.1.a) RGPD", "Art. 16, 18 Abs. 1 Buchst. a DSGVO"},
		{"Art. 12(3) and 12A UK GDPR", "Art. 12(3) and 12A UK GDPR", "art. 12.3 y 12A RGPD del Reino Unido", "Art. 12 Abs. 3 und 12A UK-DSGVO"},
		{"Recital 63 GDPR", "Recital 63 GDPR", "considerando 63 RGPD", "Erwägungsgrund 63 DSGVO"},
		{"Art. 3 GDPR; 11 CCR 7024", "Art. 3 GDPR; 11 CCR 7024", "art. 3 RGPD; 11 CCR 7024", "Art. 3 DSGVO; 11 CCR 7024"},
		{"GDPR", "GDPR", "RGPD", "DSGVO"},
		{"Cal. Civ. Code 1798.145(h)(3)", "Cal. Civ. Code 1798.145(h)(3)", "Cal. Civ. Code 1798.145(h)(3)", "Cal. Civ. Code 1798.145(h)(3)"},
		{"Art. 25(7) FADP; Art. 18 DPO", "Art. 25(7) FADP; Art. 18 DPO", "art. 25.7 LPD; art. 18 OPDo", "Art. 25 Abs. 7 DSG; Art. 18 DSV"},
		{"Art. 16(I) LGPD", "Art. 16(I) LGPD", "art. 16.I LGPD", "Art. 16 Ziff. I LGPD"},
		{"UK GDPR", "UK GDPR", "RGPD del Reino Unido", "UK-DSGVO"},
	} {
		for lang, want := range map[string]string{"en": c.en, "es": c.es, "de": c.de} {
			if got := catalog.For(lang).Citation(c.clause); got != want {
				t.Errorf("%s: got %q, want %q", lang, got, want)
			}
		}
	}
}

// No clause that we cite names the GDPR in English to people who read another language.
func TestEveryClauseIsCitedInTheLanguage(t *testing.T) {
	law, err := os.ReadFile("../../domain/deadline/law.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var clauses []string
	for _, found := range regexp.MustCompile(`(?m)\bclause: "?(.*?)"?$`).FindAllStringSubmatch(string(law), -1) {
		clauses = append(clauses, found[1])
	}
	for _, k := range intake.Kinds() {
		for _, g := range decision.Grounds(k, deadline.Jurisdiction{Country: "DE"}, decision.Refuse) {
			clauses = append(clauses, cited(k, g))
		}
	}
	english := regexp.MustCompile(`GDPR|\bArt\. [0-9A-Z]+\([0-9]+\).*(DSGVO|RGPD)`)
	for _, clause := range clauses {
		for _, lang := range []string{"es", "de"} {
			if got := catalog.For(lang).Citation(clause); english.MatchString(got) {
				t.Errorf("%s: %s", lang, got)
			}
		}
	}
}

// cited is the clause that a refusal of a kind cites in Germany.
func cited(k intake.Kind, g decision.Ground) string {
	f := decision.Facts{Kinds: []intake.Kind{k}, Place: deadline.Jurisdiction{Country: "DE"}, Repeated: true}
	d, err := f.Check([]decision.Answer{{Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: g}}, Explanation: "x"}}, time.Time{})
	if err != nil {
		return "" // an exemption, whose clause the officer names
	}
	return d.Answers[0].Grounds[0].Clause
}
