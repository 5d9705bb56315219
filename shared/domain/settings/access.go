package settings

import (
	"fmt"
	"slices"
	"strings"
)

// Access is what people who ask for access are told beside their data, in the organisation's own words (Art. 15(1)(a)
// to (d), (g), (h) and (2) GDPR; Cal. Civ. Code 1798.110(a); 11 CCR 7024(k)). Their rights, and the authority to which
// they can complain, are the law's.
type Access struct {
	Purposes   []Words     `yaml:"purposes"`
	Categories []Category  `yaml:"categories"`
	Recipients []Recipient `yaml:"recipients"`
	Transfers  []Words     `yaml:"transfers"` // to other countries, and what safeguards each; empty: there is none
	Periods    []Words     `yaml:"periods"`   // a class of retention in braces, such as {closed-request}, is its period
	Sources    []Words     `yaml:"sources"`
	Automated  []Words     `yaml:"automated"` // decisions without a human: whether there are any, how they are made, what follows
	Sale       []Words     `yaml:"sale"`      // whether data is sold or shared, as California means it
}

// Category is a kind of data.
type Category struct {
	What        Words    `yaml:"what"`
	California  []string `yaml:"california"`   // of CaliforniaTerms, in whose words California wants it named
	DisclosedTo []string `yaml:"disclosed_to"` // ids of recipients
	SoldTo      []string `yaml:"sold_to"`      // … to whom it is sold, or with whom it is shared for advertising
}

// Recipient is a category of those to whom data is disclosed, or one of them by name.
type Recipient struct {
	ID  string `yaml:"id"`
	Who Words  `yaml:"who"`
}

// CaliforniaTerms are the categories of personal information of Cal. Civ. Code 1798.140(v)(1)(A) to (L), in that order.
var CaliforniaTerms = []string{
	"identifiers", "customer_records", "protected", "commercial", "biometric", "network_activity", "geolocation", "audiovisual", "employment",
	"education", "inferences", "sensitive",
}

// maxTold is how long one text of the section may be, in characters.
const maxTold = 2000

// WithPeriods is a text of access.periods with each class of retention that stands in braces as say says it.
func WithPeriods(text string, say func(class string) string) string {
	before, rest, begins := strings.Cut(text, "{")
	class, after, ends := strings.Cut(rest, "}")
	if !begins || !ends {
		return text
	}
	return before + say(class) + WithPeriods(after, say)
}

// checkAccess tells what is wrong with the section. A person reads it in one language: a text that lacks one that
// another has would mix two.
func (d *Desk) checkAccess(check func(ok bool, path, format string, args ...any)) {
	a, used := d.Access, map[string]bool{}
	for _, one := range a.texts() {
		for lang := range one.words {
			used[lang] = true
		}
	}
	for _, one := range a.texts() {
		one.check(check, used)
	}
	for setting, n := range map[string]int{"purposes": len(a.Purposes), "categories": len(a.Categories), "recipients": len(a.Recipients),
		"periods": len(a.Periods), "sources": len(a.Sources), "automated": len(a.Automated), "sale": len(a.Sale)} {
		check(n > 0, "access."+setting, "is missing: who asks for access must be told")
	}
	var ids []string
	for i, r := range a.Recipients {
		at := fmt.Sprintf("access.recipients[%d].id", i)
		check(isTopicID(r.ID), at, "must be lower-case letters, digits and hyphens, at most 32")
		check(!slices.Contains(ids, r.ID), at, "%q stands twice", r.ID)
		ids = append(ids, r.ID)
	}
	for i, c := range a.Categories {
		at := fmt.Sprintf("access.categories[%d].", i)
		check(len(c.California) > 0, at+"california", "must say which category of Cal. Civ. Code 1798.140(v)(1) it is")
		checkWords(check, at+"california", c.California, CaliforniaTerms)
		checkWords(check, at+"disclosed_to", c.DisclosedTo, ids)
		checkWords(check, at+"sold_to", c.SoldTo, ids)
	}
	d.checkPeriods(check)
}

// checkPeriods tells of periods that the schedule does not have.
func (d *Desk) checkPeriods(check func(ok bool, path, format string, args ...any)) {
	for i, text := range d.Access.Periods {
		for lang, words := range text {
			WithPeriods(words, func(class string) string {
				known := slices.ContainsFunc(d.Retention, func(r Retention) bool { return r.Class == class })
				check(known, fmt.Sprintf("access.periods[%d].%s", i, lang), "has {%s}, which is no class of retention", class)
				return ""
			})
		}
	}
}

type told struct {
	at    string
	words Words
}

// texts are all texts of the section.
func (a Access) texts() []told {
	var all []told
	for name, list := range map[string][]Words{"purposes": a.Purposes, "transfers": a.Transfers, "periods": a.Periods, "sources": a.Sources, "automated": a.Automated, "sale": a.Sale} {
		for i, w := range list {
			all = append(all, told{fmt.Sprintf("access.%s[%d]", name, i), w})
		}
	}
	for i, c := range a.Categories {
		all = append(all, told{fmt.Sprintf("access.categories[%d].what", i), c.What})
	}
	for i, r := range a.Recipients {
		all = append(all, told{fmt.Sprintf("access.recipients[%d].who", i), r.Who})
	}
	return all
}

func (t told) check(check func(ok bool, path, format string, args ...any), used map[string]bool) {
	check(t.words["en"] != "", t.at, "needs at least en")
	for lang := range used {
		if t.words[lang] == "" && lang != "en" {
			check(false, t.at, "has no %s, which other texts of access have", lang)
		}
	}
	for lang, text := range t.words {
		check(slices.Contains(languages, lang), t.at, "has %q, which is none of en, es and de", lang)
		check(strings.TrimSpace(text) != "" && len([]rune(text)) <= maxTold, t.at+"."+lang, "must be 1 to %d characters", maxTold)
	}
}
