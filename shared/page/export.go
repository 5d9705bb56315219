package page

import "time"

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
