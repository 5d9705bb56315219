package deskpage

import (
	"slices"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
)

// Regime is one law as the desk counts by it: each period with its clause, and the text that it was checked against.
type Regime struct {
	deadline.Regime
}

func (l Regime) view(_ *Desk, v Visit) view {
	t, r := v.Texts, l
	list := &table{Caption: t.Text("desk.law.clocks"), Heads: []string{
		t.Text("desk.law.must"), t.Text("desk.law.kinds"), t.Text("desk.law.clause"), t.Text("desk.law.more"), t.Text("desk.law.checked"),
	}}
	for _, c := range r.Clocks {
		list.Rows = append(list.Rows, []cell{
			{Head: true, Text: t.Text("desk.law.must."+string(c.Purpose)) + ": " + lawLength(t, c.Length, c.Unit), Note: clockCounts(t, c)},
			{Text: lawKinds(t, c.Kinds)}, {Text: t.Citation(c.Clause)}, {Text: clockChanges(t, c)}, checkedAgainst(t, c.Checked),
		})
	}
	about := part{Facts: said(
		fact{Label: t.Text("desk.law.places"), Value: lawPlaces(t, r, len(r.Places))}, fact{Label: t.Text("desk.law.inforce"), Value: lawDay(t, r.InForce)},
		fact{Label: t.Text("desk.law.source"), Value: r.Source, Lang: catalog.Default}, fact{Label: t.Text("desk.law.checked"), Value: lawDay(t, r.CheckedOn)},
		fact{Label: t.Text("desk.law.note"), Value: r.Note, Lang: catalog.Default},
	)}
	return view{shape: partsShape, title: t.Citation(r.Name), body: parts{Parts: slices.Concat(
		[]part{about, {Table: list}}, withheld(t, r.Withholds), []part{{Links: []link{{PathLaw, t.Text("desk.law.all")}}}},
	)}}
}

// withheld says what the law forbids to disclose.
func withheld(t *catalog.Texts, w deadline.Withheld) []part {
	if len(w.What) == 0 {
		return nil
	}
	var what []string
	for _, kind := range w.What {
		what = append(what, t.Text("desk.found."+kind))
	}
	checked := checkedAgainst(t, w.Checked)
	return []part{{Title: t.Text("desk.law.withheld"), Facts: said(
		fact{Label: t.Text("desk.law.withheld.what"), Value: strings.Join(what, "; ")}, fact{Label: t.Text("desk.law.kinds"), Value: lawKinds(t, w.Kinds)},
		fact{Label: t.Text("desk.law.clause"), Value: t.Citation(w.Clause)}, fact{Label: t.Text("desk.law.inforce"), Value: lawDay(t, w.InForce)},
		fact{Label: t.Text("desk.law.checked"), Value: checked.Text + " (" + lawDay(t, w.CheckedOn) + ")"}, fact{Label: t.Text("desk.law.note"), Value: w.Note, Lang: catalog.Default},
	)}}
}

// clockCounts says from when a clock counts, whose figure it is, and what becomes of a last day that is no working day.
func clockCounts(t *catalog.Texts, c deadline.Clock) string {
	says := []string{t.Text("desk.law.from", "start", t.Text("law.start."+string(c.Starts)))}
	if c.Roll == deadline.NextWorkingDay {
		says = append(says, t.Text("desk.law.roll"))
	}
	if c.FirstDayCounts {
		says = append(says, t.Text("desk.law.firstday"))
	}
	if c.Figure != "" {
		says = append(says, t.Text("desk.law.figure."+string(c.Figure)))
	}
	return strings.Join(says, " ")
}

func lawKinds(t *catalog.Texts, kinds []deadline.Kind) string {
	var names []string
	for _, k := range kinds {
		if key := "desk.kind." + string(k); t.Has(key) {
			names = append(names, t.Text(key))
		} else {
			names = append(names, t.Text("desk.law.marketing"))
		}
	}
	return strings.Join(names, ", ")
}

// clockChanges says what makes a clock longer.
func clockChanges(t *catalog.Texts, c deadline.Clock) string {
	var says []string
	if x := c.Extension; x.Length > 0 {
		var reasons []string
		for _, r := range x.Reasons {
			reasons = append(reasons, t.Text("law.reason."+string(r)))
		}
		says = append(says, t.Text("desk.law.extension", "length", lawLength(t, x.Length, x.Unit), "reasons", strings.Join(reasons, ", "), "clause", t.Citation(x.Clause)))
	}
	for _, p := range c.Pauses {
		says = append(says, t.Text("desk.law.stop."+string(p.Effect), "cause", t.Text("law.cause."+string(p.Cause)), "clause", t.Citation(p.Clause)))
	}
	if len(says) == 0 {
		return t.Text("desk.law.nothing")
	}
	return strings.Join(says, " ")
}

// checkedAgainst says how far a figure was held against a text; which one stands below, as the law file has it.
func checkedAgainst(t *catalog.Texts, checked string) cell {
	for prefix, key := range map[string]string{deadline.TextRead: "desk.law.read.text", deadline.SecondaryRead: "desk.law.read.secondary"} {
		if text, is := strings.CutPrefix(checked, prefix); is {
			return cell{Text: t.Text(key), Note: text, NoteLang: catalog.Default}
		}
	}
	return cell{Text: t.Text("desk.law.read.none"), Tone: "late"}
}
