package catalog

import (
	"regexp"
	"strings"
)

var (
	article = regexp.MustCompile(`\b([0-9]+[A-Z]?)((?:\([0-9A-Za-z]+\))+)`)
	further = regexp.MustCompile(`\band \(([0-9]+)\)`) // of the same article
	bracket = regexp.MustCompile(`\(([0-9A-Za-z]+)\)`)
	// law are the laws that have names of their own in our languages, under "cite.law.".
	law = regexp.MustCompile(`\b(?:UK GDPR|GDPR|FADP|DPO)\b`)
)

// Citation writes the citation of a law by articles, or a law's name, as lawyers of the language do: "Art. 17(3)(b)
// GDPR" is "Art. 17 Abs. 3 Buchst. b DSGVO" in German and "art. 17.3.b) RGPD" in Spanish. The records cite in English.
// Any other citation stays as its own country writes it.
func (t *Texts) Citation(clause string) string {
	if t.lang == Default {
		return clause
	}
	parts := strings.Split(clause, "; ")
	for i, part := range parts {
		parts[i] = t.cited(part)
	}
	return strings.Join(parts, "; ")
}

func (t *Texts) cited(clause string) string {
	if rest, ok := strings.CutPrefix(clause, "Recital "); ok {
		return t.Text("cite.recital") + " " + t.lawNames(rest)
	}
	rest, ok := strings.CutPrefix(clause, "Art. ")
	if !ok && law.FindString(clause) != clause {
		return clause
	}
	if !ok {
		return t.lawNames(clause)
	}
	rest = article.ReplaceAllStringFunc(further.ReplaceAllString(rest, "and $1"), t.article)
	return t.Text("cite.article") + " " + t.lawNames(strings.ReplaceAll(rest, " and ", " "+t.Text("cite.and")+" "))
}

func (t *Texts) article(found string) string {
	parts := article.FindStringSubmatch(found)
	cited := parts[1]
	for _, b := range bracket.FindAllStringSubmatch(parts[2], -1) {
		cited = t.Text(citeKey(b[1]), "before", cited, "part", b[1])
	}
	return cited
}

// citeKey is how a bracket is written: a paragraph's number, a Roman one, or a point's letter.
func citeKey(part string) string {
	switch {
	case part[0] >= '0' && part[0] <= '9':
		return "cite.paragraph"
	case strings.Trim(part, "IVX") == "":
		return "cite.roman"
	}
	return "cite.point"
}

func (t *Texts) lawNames(text string) string {
	return law.ReplaceAllStringFunc(text, func(name string) string {
		return t.Text("cite.law." + strings.ReplaceAll(strings.ToLower(name), " ", "_"))
	})
}
