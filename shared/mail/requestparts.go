package mail

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/catalog"
)

// codes says what coded things are in words.
func codes(t *catalog.Texts, group string, list []string) []string {
	texts := make([]string, len(list))
	for i, code := range list {
		texts[i] = t.Named(group, code)
	}
	return texts
}

func scopes(t *catalog.Texts, list []string) []string {
	texts := make([]string, len(list))
	for i, scope := range list {
		texts[i] = t.Scope(scope, "")
	}
	return texts
}

// about names the request that a mail is about.
func about(t *catalog.Texts, reference string, kinds []string, more ...fact) part {
	facts := []fact{{t.Text("fact.reference"), reference}, {t.Text("fact.kinds"), strings.Join(codes(t, "kind.", kinds), "; ")}}
	return part{Facts: slices.Concat(facts, more)}
}

func on(t *catalog.Texts, label string, at time.Time) fact { return fact{label, t.Date(at)} }

// listed is an introduction with its list, nothing when the list is empty.
func listed(intro string, items []string) []part {
	if len(items) == 0 {
		return nil
	}
	return []part{{Text: intro}, {Items: items}}
}

// said are the officer's own words, nothing when there are none.
func said(words string) []part {
	if len(lines(words)) == 0 {
		return nil
	}
	return []part{{Quote: lines(words)}}
}

// due says by when we answer, and why.
func due(t *catalog.Texts, at time.Time, why []string) []part {
	parts := []part{{Heading: t.Text("mail.due")}, {Text: t.Text("mail.due.by", "date", t.Date(at))}}
	if len(why) > 0 {
		parts = append(parts, part{Text: strings.Join(why, " ")})
	}
	return parts
}

// evidence lists what must still be proved, and how.
func evidence(o Organisation, t *catalog.Texts, list []string, reference string) []part {
	if len(list) == 0 {
		return nil
	}
	return []part{
		{Heading: t.Text("evidence.title")}, {Items: codes(t, "evidence.", list)},
		{Text: t.Text("evidence.how", "email", o.Email, "reference", reference)}, {Text: t.Text("evidence.cover")},
	}
}

// status leads to the page of the request, nothing when there is no link.
func status(t *catalog.Texts, url string) []part {
	if url == "" {
		return nil
	}
	return []part{
		{Text: t.Text("mail.status")},
		{Button: &button{t.Text("mail.status.button"), url, t.Text("mail.button.fallback")}},
	}
}

func join(groups ...[]part) []part { return slices.Concat(groups...) }
