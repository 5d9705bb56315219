package page

import "time"

// ConfirmRequest is the page at GET /requests/confirm/{link}: what was asked, and one button, which posts to the
// same URL with FieldFrom=ValuePage. It changes nothing itself.
type ConfirmRequest struct {
	Action     string // the page's own path
	Reference  string
	Address    string // masked
	Kinds      []string
	OnBehalfOf string // ValueSelf, ValueParent, ValueAgent
	ReceivedAt time.Time
	ConfirmBy  time.Time
}

// RequestConfirmed is the answer to that button (200), also when it was pressed before.
type RequestConfirmed struct {
	Reference string
	Address   string // masked
	Kinds     []string
	Due       time.Time // by when we answer
	DueWhy    []string  // sentences: which rule gave that date
	Evidence  []string  // codes of what must still be proved ("written_authority"); may be empty
	LinkedTo  string    // reference of an earlier request for the same; may be empty
	Already   bool      // it was confirmed before
	StatusURL string
	Receipt   string // may be empty
}
