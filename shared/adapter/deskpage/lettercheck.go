package deskpage

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
)

// effects are what happens when it goes.
func (l Letter) effects(d *Desk, t *catalog.Texts) list {
	all := list{Title: t.Text("desk.letter.effects")}
	for _, e := range l.Effects {
		if e.Code == draft.Closes {
			e.Facts = map[string]string{"state": decision.InWords(l.Kinds, e.Facts["state"])}
		}
		all.Items = append(all.Items, listItem{Text: strings.Join(append([]string{factText(d, t, "desk.effect."+string(e.Code), e.Facts)}, reach(t, e.Facts)...), " ")})
	}
	return all
}

// reach says how many records an erasure reaches, where they were counted.
func reach(t *catalog.Texts, facts map[string]string) []string {
	var texts []string
	for _, name := range []string{"records", "stays", "waits"} {
		if n, err := strconv.Atoi(facts[name]); err == nil && n > 0 {
			texts = append(texts, t.Plural("desk.effect.erasure."+name, n))
		}
	}
	return texts
}

// checks say of each point that it is well, or what is wrong and what to do.
func (l Letter) checks(d *Desk, t *catalog.Texts) list {
	all := list{Title: t.Text("desk.letter.checks")}
	for _, c := range l.Checks {
		if c.Code == draft.Signature && l.Way != nil && l.Way.SignedBy != "" {
			all.Items = append(all.Items, listItem{Word: t.Text("desk.letter.ok"), Text: t.Text("desk.check.signed", "who", l.Way.SignedBy), Tone: "calm"})
			continue
		}
		item := listItem{Word: t.Text("desk.letter.ok"), Text: checked(d, t, c), Tone: "calm"}
		switch {
		case !c.OK && c.Blocks:
			item.Word, item.Tone = t.Text("desk.letter.blocks"), "late"
		case !c.OK:
			item.Word, item.Tone = t.Text("desk.letter.warns"), "soon"
		}
		all.Items = append(all.Items, item)
	}
	return all
}

// checked is the sentence of a check; of what is wrong that of its reason, where there is one.
func checked(d *Desk, t *catalog.Texts, c draft.Check) string {
	key := "desk.check." + string(c.Code)
	if !c.OK {
		key += ".not"
		for _, more := range []string{"reason", "why", "asked", "cause"} {
			if own := key + "." + c.Facts[more]; c.Facts[more] != "" && t.Has(own) {
				key = own
				break
			}
		}
	}
	return factText(d, t, key, c.Facts)
}

// factText fills a sentence with facts, put into words where they are codes or times. A fact that has several forms
// chooses one: "key.fact=value".
func factText(d *Desk, t *catalog.Texts, key string, facts map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		value := facts[name]
		if own := key + "." + name + "=" + value; t.Has(own) {
			key = own
		}
		pairs = append(pairs, name, d.fact(t, name, value))
	}
	return t.Text(key, pairs...)
}

// fact puts a fact into words.
func (d *Desk) fact(t *catalog.Texts, name, value string) string {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		return d.lastDay(t, at)
	}
	if day, err := time.Parse(time.DateOnly, value); err == nil {
		return t.Date(day)
	}
	if name == "systems" {
		var names []string
		for id := range strings.FieldsSeq(value) {
			names = append(names, d.systemName(t, id))
		}
		return strings.Join(names, ", ")
	}
	if name == "clause" || name == "name" {
		return t.Citation(value)
	}
	group := map[string]string{"what": "desk.found.", "needs": "desk.needs.", "scopes": "desk.scope.", "state": "desk.state.", "task_state": "desk.system.", "kind": "desk.kind.", "cause": "law.cause."}
	prefix, coded := group[name]
	if !coded {
		return value
	}
	var names []string
	for _, code := range strings.Fields(value) {
		names = append(names, t.Named(prefix, code))
	}
	return strings.Join(names, ", ")
}
