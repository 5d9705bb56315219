package catalog

import (
	"strconv"
	"strings"

	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
)

// Told is what a person must be told with their data, in the organisation's words and the law's. What there is nothing
// to say of, such as other countries, is left out.
func (t *Texts) Told(a settings.Access, kept []settings.Retention, told access.Told) []access.Section {
	lines := map[access.Item][]string{
		access.Purposes: t.inAll(a.Purposes), access.Categories: t.categories(a, told.California), access.Transfers: t.inAll(a.Transfers),
		access.Sources: t.inAll(a.Sources), access.Automated: t.inAll(a.Automated), access.Sale: t.inAll(a.Sale),
		access.Rights: t.rights(told), access.Complaint: {t.Complain(decision.RemedyOf(told.Place))},
	}
	for _, r := range a.Recipients {
		lines[access.Recipients] = append(lines[access.Recipients], r.Who.In(t.lang))
	}
	for _, text := range t.inAll(a.Periods) {
		lines[access.Periods] = append(lines[access.Periods], settings.WithPeriods(text, func(class string) string { return t.keptFor(kept, class) }))
	}
	var sections []access.Section
	for _, item := range told.Items {
		if len(lines[item]) > 0 {
			sections = append(sections, access.Section{Title: t.Text("access." + string(item)), Lines: lines[item]})
		}
	}
	return sections
}

// ToldBecause says why it is told.
func (t *Texts) ToldBecause(told access.Told) string {
	if len(told.Clauses) == 0 {
		return t.Text("access.lead")
	}
	var clauses []string
	for _, c := range told.Clauses {
		clauses = append(clauses, t.Citation(c))
	}
	return t.Text("access.lead.law", "clauses", strings.Join(clauses, "; "))
}

func (t *Texts) inAll(words []settings.Words) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.In(t.lang))
	}
	return all
}

// categories are the kinds of data. California's law has a word for each, and asks who got it (11 CCR 7024(k)).
func (t *Texts) categories(a settings.Access, california bool) []string {
	var all []string
	for _, c := range a.Categories {
		line := c.What.In(t.lang)
		if california {
			var terms []string
			for _, term := range c.California {
				terms = append(terms, t.Text("access.term."+term))
			}
			line += ". " + t.Text("access.category.terms", "terms", strings.Join(terms, "; ")) +
				" " + t.whoGot(a, c.DisclosedTo, "access.category.disclosed", "access.category.not_disclosed") +
				" " + t.whoGot(a, c.SoldTo, "access.category.sold", "access.category.not_sold")
		}
		all = append(all, line)
	}
	return all
}

func (t *Texts) whoGot(a settings.Access, ids []string, some, none string) string {
	var who []string
	for _, id := range ids {
		for _, r := range a.Recipients {
			if r.ID == id {
				who = append(who, r.Who.In(t.lang))
			}
		}
	}
	if len(who) == 0 {
		return t.Text(none)
	}
	return t.Text(some, "who", strings.Join(who, "; "))
}

func (t *Texts) rights(told access.Told) []string {
	var all []string
	for _, kind := range told.Rights {
		all = append(all, t.Text("access.right."+string(kind)))
	}
	return append(all, t.Text("access.rights.how"))
}

// Complain says to whom a person can complain (Art. 15(1)(f) GDPR).
func (t *Texts) Complain(r decision.Remedy) string {
	key := "answer.complain"
	if r.Complaint != "" {
		key = "remedy.complain"
	}
	return t.Text(key, "authority", t.Named("authority.", string(r.Authority)), "clause", t.Citation(r.Complaint))
}

// keptFor is the period of a class of retention.
func (t *Texts) keptFor(kept []settings.Retention, class string) string {
	for _, r := range kept {
		p, err := schedule.Parse(r.After)
		switch {
		case r.Class != class || err != nil:
		case p.Never:
			return t.Text("access.period.never")
		case p.Years > 0:
			return t.Plural("access.period.year", p.Years)
		case p.Months > 0:
			return t.Plural("access.period.month", p.Months)
		default:
			return t.Plural("access.period.day", p.Days)
		}
	}
	return class
}

// PartName is whose part of an answer it is.
func (t *Texts) PartName(systems []settings.System, p access.Part) string {
	if p.System == "" {
		return t.Text("access.part.own")
	}
	return Capital(t.systemName(systems, p.System))
}

// PartSays is what a part holds, or why it holds nothing. Whoever misses something writes to contact.
func (t *Texts) PartSays(contact string, p access.Part) string {
	switch {
	case len(p.Files) > 0:
		return t.Plural("access.part.files", len(p.Files))
	case p.Ground == ledger.CalledOff:
		return t.Text("access.part.called_off")
	case p.State == ledger.Due, p.State == ledger.Told, p.Ground == ledger.NoAnswer:
		return t.Text("access.part.no_answer")
	case p.Ground == ledger.Other:
		return t.Text("access.part.unsaid", "contact", contact)
	}
	ground := strings.TrimRight(t.Ground(p.Ground), ".")
	return t.Text("access.part."+string(p.State), "ground", ground, "contact", contact)
}

// Size is how large a file is, rounded up.
func (t *Texts) Size(bytes int64) string {
	const kb, mb = 1 << 10, 1 << 20
	if bytes < mb {
		return t.Text("access.size.kb", "n", strconv.FormatInt((bytes+kb-1)/kb, 10))
	}
	return t.Text("access.size.mb", "n", strconv.FormatInt((bytes+mb-1)/mb, 10))
}
