package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/settings"
)

// oneLine undoes the breaks of lines.
func (c *combination) oneLine() string { return strings.Join(strings.Fields(c.text()), " ") }

func (c *combination) fault(t *testing.T, what string) {
	t.Helper()
	t.Errorf("%s, %s, %v, %q, %s: %s in\n%s", c.letter, c.name, c.asked, c.place.String(), c.lang, what, c.text())
}

// once calls a test for every letter that differs.
func once(t *testing.T, check func(*combination)) {
	t.Helper()
	seen := map[string]bool{}
	b := theBook(t)
	for i := range b.all {
		c := &b.all[i]
		if key := c.lang + c.place.String() + c.text(); !seen[key] {
			seen[key] = true
			check(c)
		}
		if t.Failed() {
			return
		}
	}
}

// eachParagraph calls a test for every paragraph, on one line, that a place is told.
func eachParagraph(t *testing.T, check func(*combination, string)) {
	t.Helper()
	seen := map[string]bool{}
	once(t, func(c *combination) {
		for p := range strings.SplitSeq(c.text(), "\n\n") {
			if key := c.place.String() + p; !seen[key] {
				seen[key] = true
				check(c, strings.Join(strings.Fields(p), " "))
			}
		}
	})
}

var (
	unfilled = regexp.MustCompile(`\{[a-z_]+\}|⟦`)
	empty    = regexp.MustCompile(`\(\s*\)|: *[.;]| [.,;:] |\.\.(?:[^.]|$)`)
	untold   = regexp.MustCompile(`:(?:$|\n\n[^\n]+\n-----)`)
)

func TestNothingIsUnfilledOrEmpty(t *testing.T) {
	once(t, func(c *combination) {
		if found := unfilled.FindString(c.text() + c.HTML); found != "" {
			c.fault(t, found)
		}
		if found := empty.FindString(c.oneLine()); found != "" {
			c.fault(t, "an empty sentence: "+found)
		}
		if found := untold.FindString(c.text()); found != "" {
			c.fault(t, "nothing follows: "+found)
		}
		for _, p := range paragraphs(c.text()) {
			if strings.TrimSpace(strings.Trim(p, "-> \n")) == "" {
				c.fault(t, "an empty paragraph")
			}
		}
	})
}

// english are words that stand in almost every English sentence, and in none of German or Spanish.
var english = regexp.MustCompile(`\b(?:the|you|your|with|this|have|which|that|our|of)\b`)

// cited are laws as they cite themselves, in the language of their country.
func cited() *strings.Replacer {
	var all []string
	for _, r := range deadline.Default().Regimes {
		all = append(all, r.Name, "")
		for _, c := range r.Clocks {
			all = append(all, c.Clause, "")
		}
	}
	return strings.NewReplacer(all...)
}

func TestNoEnglishElsewhere(t *testing.T) {
	laws := cited()
	once(t, func(c *combination) {
		if c.lang == catalog.Default {
			return
		}
		text := laws.Replace(c.oneLine())
		if found := english.FindStringIndex(text); found != nil {
			c.fault(t, "English: "+text[max(0, found[0]-40):min(len(text), found[1]+40)])
		}
	})
}

// laws are names by which laws are cited, in our languages, with the places whose laws they are.
var laws = []struct {
	name   *regexp.Regexp
	places func(deadline.Jurisdiction) bool
}{
	{regexp.MustCompile(`UK GDPR|UK-DSGVO|RGPD del Reino Unido|Data Protection Act 2018`), in("GB")},
	{regexp.MustCompile(`CCPA|11 CCR|Cal\. Civ\. Code|Civil Code`), in("US-CA")},
	{regexp.MustCompile(`\bFADP\b|\bDSG\b|\bLPD\b`), in("CH")},
	{regexp.MustCompile(`\bLGPD\b`), in("BR")},
	{regexp.MustCompile(`Ley 19\.628|21\.719`), in("CL")},
	{regexp.MustCompile(`PIPEDA`), in("CA")},
	{regexp.MustCompile(`Québec`), in("CA-QC")},
	{regexp.MustCompile(`Virginia CDPA`), in("US-VA")},
	{regexp.MustCompile(`Texas DPSA`), in("US-TX")},
	{regexp.MustCompile(`Attorney General|Generalstaatsanw|Fiscalía General`), in("US")},
}

// in reports whether a place is another, or in it.
func in(place string) func(deadline.Jurisdiction) bool {
	return func(p deadline.Jurisdiction) bool { return p.String() == place || p.Country == place }
}

var gdpr = regexp.MustCompile(`(?:GDPR|DSGVO|RGPD)\b`)

// Nobody is cited a law of somewhere else, and where we know no law, nobody is cited any.
func TestNoForeignLaw(t *testing.T) {
	eachParagraph(t, func(c *combination, text string) {
		for _, l := range laws {
			if found := l.name.FindString(text); found != "" && !l.places(c.place.Jurisdiction) {
				c.fault(t, "a foreign law: "+found)
			}
			text = l.name.ReplaceAllString(text, "")
		}
		if found := gdpr.FindString(text); found != "" && decision.RemedyOf(c.place.Jurisdiction).Authority != decision.DataProtectionAuthority {
			c.fault(t, "a foreign law: "+found)
		}
		for _, r := range deadline.Default().Regimes {
			if strings.Contains(text, r.Name) && !slices.ContainsFunc(r.Places, func(p string) bool { return in(p)(c.place.Jurisdiction) || p == "*" }) {
				c.fault(t, "a foreign law: "+r.Name)
			}
		}
	})
}

// courts is how a letter says that a court can be called on.
var courts = map[string]string{"en": "judicial remedy", "es": "tutela judicial", "de": "gerichtlichen Rechtsbehelf"}

// Art. 12(4) GDPR and UK GDPR: who is refused something is told of complaint and court. Everywhere a refusal names the
// authority, and who answers.
func TestRefusalNamesTheRemedies(t *testing.T) {
	desk, err := settings.Load()
	if err != nil {
		t.Fatal(err)
	}
	us, refusals := desk.Organisation, 0
	once(t, func(c *combination) {
		r := c.request()
		if c.letter != requestmail.Decision || len(r.Decision.Denied()) == 0 {
			return
		}
		refusals++
		remedy, texts, line := decision.RemedyOf(c.place.Jurisdiction), catalog.For(c.lang), c.oneLine()
		for what, want := range map[string]string{
			"the authority": texts.Text("authority." + string(remedy.Authority)), "its clause": texts.Citation(remedy.Complaint), "the court's": texts.Citation(remedy.Court),
			"the controller": us.LegalName, "who is responsible": us.Responsible,
		} {
			if !strings.Contains(line, want) {
				c.fault(t, "without "+what+": "+want)
			}
		}
		inEurope := slices.Contains([]decision.Authority{decision.DataProtectionAuthority, decision.InformationCommissioner}, remedy.Authority)
		if inEurope && !strings.Contains(line, courts[c.lang]) {
			c.fault(t, "a refusal without a judicial remedy")
		}
	})
	if refusals < 1000 {
		t.Errorf("only %d refusals", refusals)
	}
}
