package page

import (
	"net/url"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/request"
)

// Upload is what a page says of a file that is being added. Its form goes to
// another server, which sends the browser back.
type Upload struct {
	File    attachment.File // Stored: it is there
	Sent    bool            // the other server says that it has it
	Refused bool            // what came was not taken, and was deleted
	form    fileForm
}

type fileForm struct {
	Action, Label, Accept, Button string
	Hidden                        []hidden
}

// SendTo sets where the form goes.
func (u *Upload) SendTo(action string) { u.form.Action = action }

// With adds a hidden field. Their order is kept.
func (u *Upload) With(name, value string) { u.form.Hidden = append(u.form.Hidden, hidden{name, value}) }

// origin is where the form may go.
func (u *Upload) origin() string {
	if u == nil {
		return ""
	}
	to, err := url.Parse(u.form.Action)
	if err != nil || to.Host == "" {
		return ""
	}
	return to.Scheme + "://" + to.Host
}

// open reports whether there is a form for the file.
func (u *Upload) open() bool { return u != nil && u.form.Action != "" }

// megabytes is attachment.MaxSize for people, minutes attachment.FormTime.
var (
	megabytes = strconv.Itoa(attachment.MaxSize >> 20)
	minutes   = strconv.Itoa(int(attachment.FormTime.Minutes()))
)

// notice says what became of the file; nil: there is nothing to say yet.
func (u *Upload) notice(t *catalog.Texts) *notice {
	switch {
	case u == nil:
		return nil
	case u.File.State == attachment.Stored:
		return &notice{t.Text("file.arrived.title"), t.Named("file.arrived.", string(u.File.For))}
	case u.Refused:
		return &notice{t.Text("file.refused.title"), t.Text("file.refused.text", "megabytes", megabytes)}
	case u.Sent:
		return &notice{t.Text("file.missing.title"), t.Text("file.missing.text")}
	}
	return nil
}

// card is the form for the file, or the button that leads to one.
func (u *Upload) card(t *catalog.Texts, q request.Request, action string) *section {
	what, wanted := filing.Wanted(&q)
	if !wanted {
		return nil
	}
	s := &section{Title: t.Text("file.title"), Texts: []string{t.Named("file.for.", string(what))}}
	if !u.open() {
		s.Buttons = []button{{Action: action, Hidden: []hidden{{FieldAction, ValueAddFile}, langField(t)}, Text: t.Text("file.add"), Quiet: true}}
		return s
	}
	form := u.form
	form.Label, form.Button, form.Accept = t.Text("file.label"), t.Text("file.send"), accepted(attachment.Proof)
	s.Texts, s.Upload = append(s.Texts, t.Text("file.limits", "megabytes", megabytes, "minutes", minutes)), &form
	return s
}

// accepted are the endings that a browser offers.
func accepted(what attachment.For) string {
	var all []string
	for _, kind := range what.Types() {
		all = append(all, "."+string(kind))
	}
	return strings.Join(append(all, ".jpeg", ".heif"), ",")
}
