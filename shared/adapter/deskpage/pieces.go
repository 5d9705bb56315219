package deskpage

import "privacydesk/shared/domain/staff"

// The pieces that shapes are made of.
type (
	link struct{ Href, Text string }

	hidden struct{ Name, Value string }

	// fact is a line of a list of facts. Note stands below in smaller letters. Lang: of what is in another language than the page.
	fact struct{ Label, Value, Note, Lang string }

	// option is a choice of a select, of radio buttons or of boxes.
	option struct {
		Value, Text, Hint string
		Chosen            bool
	}

	// field is one thing to fill in. Kind: "text", "email", "date", "area", "select", "radio", "boxes", "file".
	field struct {
		Kind, Name, Label, Hint, Value, Error string
		Autocomplete, Accept                  string
		Options                               []option
		Rows                                  int
		Required                              bool
	}

	// group is some fields of a form that belong together.
	group struct {
		ID, Title string
		Texts     []string
		Fields    []field
	}

	// button is one of several of a form.
	button struct {
		Name, Value, Text string
		Quiet             bool
	}

	// form is what is posted; with Get what is asked for, in the address. The seq of the file it is about is one of Hidden.
	form struct {
		Get    bool
		Upload bool // it sends a file
		Action string
		Hidden []hidden
		Title  string
		Intro  []string
		Fields []field
		Groups []group
		Button string
		Quiet  bool
		Danger bool     // what cannot be taken back
		More   []button // instead of Button, or after it
	}

	// cell is one of a row of a table; a heading of the row where Head is set.
	cell struct {
		Text, Note, Href string
		Label            string // stands before it where the table's heads are out of sight
		Lang, NoteLang   string // of what is in another language than the page
		Tone             string // "late", "soon", "calm": colour beside the words, never instead of them
		Tags             []string
		Head             bool
		Box              string // value of a box to tick, named "ref"
		BoxLabel         string
	}

	// table is a dense table with a caption; Empty stands there instead where it has no rows.
	table struct {
		Caption string
		Heads   []string
		Rows    [][]cell
		Empty   string
	}

	// event is one line of a time line, newest first.
	event struct{ When, What, Who, Note string }

	// part is a section of a screen; what of it is empty is left out.
	part struct {
		ID, Title string
		Texts     []string
		Notice    string // a banner
		Wrong     bool   // the banner warns
		Facts     []fact
		Quote     string // somebody's words, as they are
		Table     *table
		Events    []event
		Folds     []fold
		Links     []link
		Apart     bool // links open a tab of their own; their words say so
		Forms     []form
		Closed    bool // a disclosure that is closed until it is asked for
	}

	// fold is a disclosure within a part.
	fold struct {
		Links   []link
		Summary string
		Texts   []string
		Quote   string
		Events  []event
	}

	// parts is the body of partsShape. Problem lists what must be corrected, with links to the fields.
	parts struct {
		Lead    []string
		Problem string
		Faults  []link
		Head    []part // stays at the top
		Parts   []part
	}

	// message is the body of messageShape.
	message struct {
		Texts []string
		Links []link
		Forms []form
		Quote string
		Wrong bool
	}

	// formBody is the body of formShape.
	formBody struct {
		Lead    []string
		Problem string
		Faults  []link
		Form    form
		Aside   []part
		Links   []link
	}
)

// may is a link for those who have the right that it leads to.
func may(v Visit, right staff.Right, l link) []link {
	if !v.Account.Role.May(right) {
		return nil
	}
	return []link{l}
}
