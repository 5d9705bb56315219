package page

import (
	"time"

	"privacydesk/shared/catalog"
)

// ExportPage is the page at GET /requests/export/{link}: everything held about a person, to be read. Its buttons
// post to Action with FieldFormat.
type ExportPage struct {
	Action    string // the page's own path
	Reference string
	Address   string    // masked, or as it is held: the person has proved to hold the mailbox
	MadeAt    time.Time // the state of the data shown
	Until     time.Time // end of the link
	Sections  []ExportSection
}

// ExportSection is one table. Title and Columns are codes of the catalogue ("opt_outs", "received_at": groups
// "export.section." and "export.column."); what is no code there is shown as it is.
type ExportSection struct {
	Title   string
	Columns []string
	Rows    [][]string // as many cells as columns; no row: "nothing is held"
}

func (p ExportPage) view(d *Desk, t *catalog.Texts) view {
	facts := requestFacts(t, p.Reference, p.Address, nil)
	facts = append(facts, dateFact(t, t.Text("fact.made"), p.MadeAt)...)
	body := sections{
		Lead: t.Text("export.lead", "name", d.Organisation.Name),
		Cards: []section{{
			Title: t.Text("export.take"), Facts: facts,
			Texts: []string{t.Text("export.until", "date", t.Date(p.Until))}, Buttons: p.buttons(t),
		}},
	}
	for _, s := range p.Sections {
		body.Cards = append(body.Cards, s.card(t))
	}
	return view{shape: sectionsShape, title: t.Text("export.title"), languages: true, body: body}
}

func (p ExportPage) buttons(t *catalog.Texts) []button {
	var buttons []button
	for _, f := range []struct{ format, text string }{
		{ValueJSON, t.Text("export.json")}, {ValueCSV, t.Text("export.csv")},
	} {
		buttons = append(buttons, button{
			Action: p.Action, Hidden: []hidden{{FieldFormat, f.format}, langField(t)},
			Text: f.text, Quiet: f.format != ValueJSON,
		})
	}
	return buttons
}

func (s ExportSection) card(t *catalog.Texts) section {
	title := t.Named("export.section.", s.Title)
	if len(s.Rows) == 0 {
		return section{Title: title, Texts: []string{t.Text("export.nothing")}}
	}
	return section{Title: title, Table: &table{Label: title, Columns: codes(t, "export.column.", s.Columns), Rows: s.Rows}}
}
