package deadline

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// lawFigure is one figure of the law file as a lawyer reads it.
type lawFigure struct {
	Law, Places, Figure, For, Start, Clause, Source, Checked, CheckedOn, InForce, Note string
}

// rows lists every figure: clocks, their extensions and what may stop them.
func (b *Book) rows() []lawFigure {
	var rows []lawFigure
	for i := range b.Regimes {
		r := &b.Regimes[i]
		for j := range r.Clocks {
			rows = append(rows, r.rows(&r.Clocks[j])...)
		}
		if w := r.Withholds; len(w.What) > 0 {
			rows = append(rows, lawFigure{
				Law: r.Name, Places: strings.Join(r.Places, " "), For: join(w.Kinds), Figure: "never disclosed: " + join(w.What),
				Clause: w.Clause, Source: r.Source, Checked: w.Checked, CheckedOn: w.CheckedOn, InForce: max(r.InForce, w.InForce), Note: w.Note,
			})
		}
	}
	return rows
}

func (r *Regime) rows(c *Clock) []lawFigure {
	row := lawFigure{
		Law: r.Name, Places: strings.Join(r.Places, " "), For: join(c.Kinds), Start: string(c.Starts),
		Figure: string(c.Purpose) + ": " + figure(c.Length, c.Unit) + rolled(c),
		Clause: c.Clause, Source: r.Source, Checked: c.Checked, CheckedOn: r.CheckedOn, InForce: max(r.InForce, c.InForce), Note: c.Note,
	}
	if c == &r.Clocks[0] {
		row.Note = strings.Trim(r.Note+"; "+c.Note, "; ")
	}
	rows := []lawFigure{row}
	row.Note = ""
	if x := c.Extension; x.Length > 0 {
		row.Figure = string(c.Purpose) + ", extension: +" + figure(x.Length, x.Unit) + " for " + join(x.Reasons)
		row.Clause, row.Checked = x.Clause, x.Checked
		rows = append(rows, row)
	}
	for _, p := range c.Pauses {
		row.Figure = string(c.Purpose) + ", stop: " + string(p.Cause) + " (" + string(p.Effect) + ")"
		row.Clause, row.Checked = p.Clause, p.Checked
		rows = append(rows, row)
	}
	return rows
}

func figure(n int, unit Unit) string {
	return strconv.Itoa(n) + " " + strings.ReplaceAll(string(unit), "_", " ")
}

func rolled(c *Clock) string {
	if c.Roll == NextWorkingDay {
		return ", then next working day"
	}
	return ""
}

func join[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, w := range all {
		words[i] = strings.ReplaceAll(string(w), "_", " ")
	}
	return strings.Join(words, ", ")
}

// WriteTable writes every figure, and against which text it was checked, as a Markdown table.
func (b *Book) WriteTable(w io.Writer) error {
	text := &strings.Builder{}
	fmt.Fprintf(text, "Law table, version %s\n\n", b.Version)
	text.WriteString("| law | in force | places | figure | for | from | clause | source | checked against | on | note |\n")
	text.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range b.rows() {
		cells := []string{r.Law, r.InForce, r.Places, r.Figure, r.For, r.Start, r.Clause, r.Source, r.Checked, r.CheckedOn, r.Note}
		text.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	text.WriteString("\n| calendar | days off | source | checked against | on |\n| --- | --- | --- | --- | --- |\n")
	for _, c := range b.Calendars {
		names := append([]string{}, c.Weekend...)
		for _, h := range c.Holidays {
			names = append(names, h.Name)
		}
		fmt.Fprintf(text, "| %s | %s | %s | %s | %s |\n", c.Name, strings.Join(names, ", "), c.Source, c.Checked, c.CheckedOn)
	}
	_, err := io.WriteString(w, text.String())
	return err
}
