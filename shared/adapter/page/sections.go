package page

import "time"

// sections is the shape of a page that tells several things, each on a card of its own.
type sections struct {
	Errors      *errorSummary
	Lead        string
	Notice      *notice
	Cards       []section
	Disclosures []disclosure
}

type section struct {
	Mark     *mark
	Title    string
	Lead     string
	Facts    []fact
	Texts    []string
	Quote    []string // somebody's own words, by paragraphs
	Lists    []list
	Timeline []moment
	Table    *table
	Form     *areaForm
	Upload   *fileForm
	Buttons  []button
	Link     *link // as a button
	Links    []link

	Disclosures []disclosure
}

// moment is one line of a history.
type moment struct{ When, Stamp, Text string }

// table has its columns named above. Label names it for people who do not see it.
type table struct {
	Label   string
	Columns []string
	Rows    [][]cell
}

// cell is a value with its column, for screens on which a row is shown as a list.
type cell struct{ Label, Value string }

// areaForm is a form with one field of several lines.
type areaForm struct {
	Action string
	Hidden []hidden
	Area   *area
	Button string
	Quiet  bool
}

// stamp is a time as machines read it.
func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }
