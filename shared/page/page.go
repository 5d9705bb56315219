package page

import (
	"net/http"

	"privacydesk/shared/catalog"
)

// Page is one of this package's structs.
type Page interface {
	view(d *Desk, t *catalog.Texts) view
}

// Write renders a page in the language of t and answers with it. HEAD gets the headers alone. When rendering
// fails, nothing of the page is sent: the answer is a bare 500, and the error is returned for the log.
func (d *Desk) Write(w http.ResponseWriter, r *http.Request, status int, t *catalog.Texts, p Page) error {
	return nil
}

// Render gives the whole document, for previews and tests.
func (d *Desk) Render(t *catalog.Texts, p Page) ([]byte, error) {
	return nil, nil
}

// Stylesheet answers GET and HEAD of PathStylesheet.
func Stylesheet(w http.ResponseWriter, r *http.Request) {}

// Text says a field's fault in words, for the page and for JSON answers alike.
func (e FieldError) Text(t *catalog.Texts) string { return "" }

type view struct{}

func (Landing) view(*Desk, *catalog.Texts) view          { return view{} }
func (UnsubscribeForm) view(*Desk, *catalog.Texts) view  { return view{} }
func (Received) view(*Desk, *catalog.Texts) view         { return view{} }
func (UnsubscribeLink) view(*Desk, *catalog.Texts) view  { return view{} }
func (Unsubscribed) view(*Desk, *catalog.Texts) view     { return view{} }
func (Undone) view(*Desk, *catalog.Texts) view           { return view{} }
func (LinkProblem) view(*Desk, *catalog.Texts) view      { return view{} }
func (Preferences) view(*Desk, *catalog.Texts) view      { return view{} }
func (PreferencesSaved) view(*Desk, *catalog.Texts) view { return view{} }
func (ConfirmOptIn) view(*Desk, *catalog.Texts) view     { return view{} }
func (OptedIn) view(*Desk, *catalog.Texts) view          { return view{} }
func (TooMany) view(*Desk, *catalog.Texts) view          { return view{} }
func (Problem) view(*Desk, *catalog.Texts) view          { return view{} }
func (NotFound) view(*Desk, *catalog.Texts) view         { return view{} }
