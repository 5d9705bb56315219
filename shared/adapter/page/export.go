package page

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/requestmail"
)

// ExportPage is the page at GET /requests/export/{link}: everything held about a person, to be read. Its buttons
// post to Action with FieldFormat.
type ExportPage struct {
	Action    string // the page's own path
	Part      string // where this part begins; empty: with the first
	Next      string // where the next begins; empty: this is the last
	Reference string
	Address   string    // masked, or as it is held: the person has proved to hold the mailbox
	MadeAt    time.Time // the state of the data shown
	Until     civil.Day // the last day of the link
	Sections  []ExportSection

	// Of the first part alone.
	Told    access.Told   // what the law wants told with the data
	Answer  []access.Part // the desk's own first, then other systems'
	FilesAt string        // the origin from which files are fetched
	Refused ExportRefusal // why what was asked for is not given
}

// ExportRefusal is why a file or an archive is not given.
type ExportRefusal string

// The reasons: words of the catalogue under "export.refused.".
const (
	RefusedGone     ExportRefusal = "gone"      // it is not there, or not any more
	RefusedChecking ExportRefusal = "checking"  // it is being checked for malware
	RefusedUnsafe   ExportRefusal = "unsafe"    // it cannot be shown to be free of malware
	RefusedMissing  ExportRefusal = "missing"   // a file of the archive cannot be read
	RefusedTooLarge ExportRefusal = "too_large" // all files together are too large for one
	RefusedTooOften ExportRefusal = "too_often" // as many archives were made as one request may have
)

// ExportSection is one table. Title and Columns are codes of the catalogue ("opt_outs", "received_at": groups
// "export.section." and "export.column."), and so are states, kinds, events and the like in the cells; what is no
// code there is shown as it is. Times are RFC 3339.
type ExportSection struct {
	Title   string
	Columns []string
	Rows    [][]string // as many cells as columns; no row: "nothing is held"
}

func (p ExportPage) view(d *Desk, t *catalog.Texts) view {
	facts := append(someFact(t.Text("fact.reference"), p.Reference), addressFact(t, p.Address)...)
	facts = append(facts, d.dateFact(t, "fact.made", p.MadeAt)...)
	body := sections{
		Lead: t.Text("export.lead", "name", d.Organisation.Name),
		Cards: []section{{
			Title: t.Text("export.about"), Facts: facts,
			Texts: []string{t.Text("export.until", "date", t.Day(p.Until)), t.Text("export.zone", "zone", t.Zone(d.Organisation.Place()))},
		}},
	}
	if p.apart() {
		body.Lead = t.Text("export.lead.systems", "name", d.Organisation.Name)
	}
	if p.Part != "" || p.Next != "" {
		body.Lead = t.Text("export.part.lead", "name", d.Organisation.Name)
		body.Cards[0].Links = p.parts(t)
	}
	if p.Refused != "" {
		body.Notice = &notice{t.Text("export.refused"), t.Text("export.refused." + string(p.Refused))}
	}
	body.Cards = append(append(body.Cards, p.take(d, t)), p.answer(d, t)...) // the tables are long
	for _, s := range p.Sections {
		body.Cards = append(body.Cards, s.card(d, t))
	}
	return view{shape: sectionsShape, title: t.Text("export.title"), languages: true, failed: p.Refused != "", postsTo: p.FilesAt, body: body}
}

// apart reports whether the answer has more than what the desk itself holds.
func (p ExportPage) apart() bool { return len(p.Answer) > 1 || p.files() }

func (p ExportPage) files() bool {
	return slices.ContainsFunc(p.Answer, func(a access.Part) bool { return len(a.Files) > 0 })
}

// answer is what is told with the data, and what each system holds.
func (p ExportPage) answer(d *Desk, t *catalog.Texts) []section {
	var cards []section
	if told := t.Told(d.Access, d.Retention, p.Told); len(told) > 0 {
		card := section{Title: t.Text("access.title"), Texts: []string{t.ToldBecause(p.Told)}}
		for _, s := range told {
			card.Lists = append(card.Lists, list{s.Title, points(s.Lines...)})
		}
		cards = append(cards, card)
	}
	for _, part := range p.Answer {
		if part.System == "" && len(part.Files) == 0 {
			continue // the tables are the desk's own
		}
		card := section{Title: t.PartName(d.Systems, part), Texts: []string{t.PartSays(d.Organisation.Contact, part)}}
		for _, f := range part.Files {
			card.Buttons = append(card.Buttons, button{
				Action: p.Action, Hidden: []hidden{{FieldFormat, ValueFile}, {FieldFile, f.ID}, langField(t)},
				Text: t.Text("access.file", "name", f.Name(), "size", t.Size(f.Size)), Quiet: true,
			})
		}
		cards = append(cards, card)
	}
	return cards
}

// take is how all of it is taken along.
func (p ExportPage) take(d *Desk, t *catalog.Texts) section {
	card := section{Title: t.Text("export.take"), Buttons: p.buttons(t)}
	if p.Part != "" {
		return card
	}
	if !access.TooLarge(p.Answer) {
		card.Texts = append(card.Texts, t.Text("export.zip.holds"))
		card.Buttons = append([]button{{Action: p.Action, Hidden: []hidden{{FieldFormat, ValueZIP}, langField(t)}, Text: t.Text("export.zip")}}, card.Buttons...)
	} else {
		card.Texts = append(card.Texts, t.Text("export.refused.too_large"))
	}
	if p.apart() {
		card.Texts = append(card.Texts, t.Text("export.own"))
	}
	return card
}

// parts lead through an export that is too large for one page.
func (p ExportPage) parts(t *catalog.Texts) []link {
	var links []link
	if p.Next != "" {
		links = append(links, link{p.Action + "?" + FieldPart + "=" + p.Next + "&" + FieldLang + "=" + t.Lang(), t.Text("export.part.next")})
	}
	if p.Part != "" {
		links = append(links, link{p.Action + "?" + FieldLang + "=" + t.Lang(), t.Text("export.part.first")})
	}
	return links
}

func (p ExportPage) buttons(t *catalog.Texts) []button {
	var buttons []button
	for _, f := range []struct{ format, text string }{
		{ValueJSON, t.Text("export.json")}, {ValueCSV, t.Text("export.csv")},
	} {
		buttons = append(buttons, button{
			Action: p.Action, Hidden: []hidden{{FieldFormat, f.format}, {FieldPart, p.Part}, langField(t)},
			Text: f.text, Quiet: true,
		})
	}
	return buttons
}

func (s ExportSection) card(d *Desk, t *catalog.Texts) section {
	title := t.Named("export.section.", s.Title)
	if len(s.Rows) == 0 {
		return section{Title: title, Texts: []string{t.Text("export.nothing")}}
	}
	shown := &table{Label: title, Columns: codes(t, "export.column.", s.Columns)}
	for _, row := range s.Rows {
		cells := make([]cell, min(len(row), len(s.Columns)))
		for i := range cells {
			cells[i] = cell{shown.Columns[i], s.cell(d, t, s.Columns[i], row[i])}
			if s.Columns[i] == "event" {
				cells[i].Value = happened(t, row[i], row)
			}
		}
		shown.Rows = append(shown.Rows, cells)
	}
	return section{Title: title, Table: shown}
}

// cellGroups say in which group of the catalogue the codes of a column stand. Other columns hold no codes.
var cellGroups = map[string]string{
	"template": "mailname.", "kinds": "kind.", "kind": "kind.", "requests/state": "request.state.",
	"state": "export.value.", "source": "export.value.", "actor": "export.value.", "counters/name": "export.value.",
	"outcome": "answered.",
}

// factGroups say which particulars of an event are told, and in which group of the catalogue their codes stand. The
// others are for machines, in the files.
var factGroups = map[string]string{
	"kinds": "kind.", "source": "export.value.", "on_behalf_of": "behalf.", "scopes": "scope.", "evidence": "evidence.", "template": "mailname.",
}

// cell says codes and times as people read them; the files hold them as they are.
func (s ExportSection) cell(d *Desk, t *catalog.Texts, column, value string) string {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		at = at.In(d.Zone)
		return t.Text("fact.moment", "date", t.Date(at), "time", at.Format("15:04"))
	}
	switch column {
	case "facts":
		return particulars(t, value)
	case "grounds":
		return cited(t, value)
	}
	if channel, _, _ := strings.Cut(value, "/"); column == "scope" && t.Has("scope."+channel) {
		return t.Scope(value, "")
	}
	group := cmp.Or(cellGroups[s.Title+"/"+column], cellGroups[column])
	if group == "" {
		return value
	}
	return strings.Join(codes(t, group, strings.Fields(value)), "; ")
}

// happened is an event in words, with those that the page of a request leaves out: an export is all. row has its facts.
func happened(t *catalog.Texts, event string, row []string) string {
	own := event
	for _, template := range requestmail.ToOwners {
		if strings.Contains(row[len(row)-1], "template="+string(template)) {
			own = "owner_" + event
		}
	}
	if t.Has("export.event." + own) {
		return t.Text("export.event." + own)
	}
	return t.Named("event.", event)
}

// particulars are the facts of an event ("kinds=access erasure source=form") that people are told, in words. A fact's
// codes follow its name up to the next one.
func particulars(t *catalog.Texts, facts string) string {
	var told []string
	group := ""
	for _, word := range strings.Fields(facts) {
		if name, value, named := strings.Cut(word, "="); named {
			group, word = factGroups[name], value
		}
		if group != "" && t.Has(group+word) {
			told = append(told, t.Text(group+word))
		}
	}
	return strings.Join(told, "; ")
}

// cited are the grounds of an answer with their clauses ("legal_claims Art. 17(3)(e) GDPR; …"), in words.
func cited(t *catalog.Texts, grounds string) string {
	var told []string
	for one := range strings.SplitSeq(grounds, "; ") {
		ground, clause, _ := strings.Cut(one, " ")
		if !t.Has("ground." + ground) { // the second clause of the ground before
			told = append(told, t.Citation(one))
			continue
		}
		told = append(told, strings.TrimSpace(t.Text("ground."+ground)+" "+t.Citation(clause)))
	}
	return strings.Join(told, "; ")
}
