package page

// UnsubscribeLink is the page at GET /u/{link}: one button, which posts to the same URL with
// FieldFrom=ValuePage. It changes nothing itself.
type UnsubscribeLink struct {
	Action         string // the page's own path
	Address        string // masked
	Subject        Subject
	PreferencesURL string // may be empty
}

// Unsubscribed is the answer to that button.
type Unsubscribed struct {
	Address        string // masked
	Subject        Subject
	UndoURL        string // posts there; valid for one hour; empty: no undo is offered
	PreferencesURL string // may be empty
	Already        bool   // it was so before
}

// Undone says that an opt-out was taken back within the hour.
type Undone struct {
	Address        string // masked
	Subject        Subject
	PreferencesURL string // may be empty
}

// LinkProblem says that a link does not work, and what does: the form. Answer 410 with Expired, else 400.
type LinkProblem struct {
	Expired bool // it was a good link once; otherwise cut, altered, or made for something else
	// Changed means that the record was changed since, so that an undo no longer fits it (409).
	Changed bool
}
