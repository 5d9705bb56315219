package page

import (
	"errors"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// RequestStatus is the page at GET /requests/status/{link}. Its forms post to Action with FieldAction. It is shown
// again with what was typed: with 422 when Errors are given, with 409 when Refused is. Of a request that was reduced
// it shows the log, without an address or forms.
type RequestStatus struct {
	Action     string // the page's own path
	File       request.File
	Wait       waiting.Time    // how long we wait for the person; only with Request.Waiting
	Due        time.Time       // by when we answer; zero: nothing is due any more
	DueWhy     []string        // sentences: which rule gave that date
	Kept       requestlog.Kept // of a closed request: how long this page shows it
	ExportURL  string          // empty: there is none, or its time is over
	ReceiptURL string          // may be empty

	Upload *Upload // of a page about a file; nil: it is about none

	Statement string // of a disagreement, as typed; only with Errors
	Reasons   string // of an appeal, as typed; only with Errors
	Moved     string // the new address, as typed; only with Errors
	Errors    []fault.FieldError
	Refused   error // why what the person tried changed nothing
}

func (p RequestStatus) reference() string { return p.File.Request.ID }

// refusals are the reasons that have a text of their own.
var refusals = []struct {
	err error
	key string
}{
	{request.ErrStatement, "status.conflict.statement"},
	{request.ErrAppealed, "status.conflict.appeal"},
	{request.ErrFinal, "status.conflict.final"},
	{request.ErrAddressesTold, "status.conflict.moved"},
	{filing.ErrNotAsked, "status.conflict.file"},
	{filing.ErrTooMany, "status.conflict.files"},
}

func refusalKey(err error) string {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r.key
		}
	}
	return "status.conflict.text"
}

// Happening is one row of the history, in words.
type Happening struct {
	At    time.Time `json:"at"` // UTC
	Event string    `json:"event"`
	Text  string    `json:"text"`
}

// mailEvents tell of a mail, and of which one.
var mailEvents = map[string]string{"mailed": "event.mailed.about", "mail_failed": "event.failed.about"}

// addedKey says whose document it is that was added.
func addedKey(what attachment.For) string {
	if what.FromPerson() {
		return "event.file_added.person"
	}
	return "event.file_added." + string(what)
}

// History is what the person may see of the events, for the page and for JSON answers alike. Events that the
// catalogue has no words for, such as an officer's own notes, are left out, and so are mails to others.
func History(t *catalog.Texts, q request.Request, events []audit.Entry) []Happening {
	shown := []Happening{}
	for _, e := range events {
		if !catalog.For(catalog.Default).Has("event."+e.Kind) || slices.Contains(requestmail.ToOwners, outbox.Template(e.Facts["template"])) {
			continue
		}
		text := t.Named("event.", decision.InWords(q.Kinds, e.Kind))
		if about, ok := mailEvents[e.Kind]; ok && e.Facts["template"] != "" {
			text = t.Text(about, "mail", t.Named("mailname.", e.Facts["template"]))
		}
		if e.Kind == string(lifecycle.EventFileAdded) {
			text = t.Text(addedKey(attachment.For(e.Facts["for"])))
		}
		shown = append(shown, Happening{e.At.UTC(), e.Kind, text})
	}
	return shown
}
