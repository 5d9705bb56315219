package page

import (
	"cmp"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/settings"
)

// Desk is what all pages have in common. It is filled once at start.
type Desk struct {
	Organisation settings.Organisation
	Wording      map[string]settings.Wording // by language code; may be nil
	Zone         *time.Location              // the controller's, for dates
	// AppealByAnother: an appeal is decided by another than the request was, and we say so.
	AppealByAnother bool
	Systems         []settings.System    // the other systems that must do what is granted
	Access          settings.Access      // what is told with people's data
	Retention       []settings.Retention // the periods that it names
	// RedirectOrigins are the origins ("https://www.example.com") that a form of ours may end up at through
	// a redirect: browsers hold form-action against the target of a redirect too.
	RedirectOrigins []string
}

// Names of the form fields that the pages send.
const (
	FieldEmail      = "email"
	FieldName       = "name"
	FieldTopic      = "topic"      // repeated, one for each topic ticked; none: all e-mail
	FieldEverything = "everything" // "yes" on the form: phone, SMS and post too; ValueStop in the preferences
	FieldErase      = "erase"      // "yes"
	FieldLang       = "lang"       // "en", "es", "de"
	FieldRedirect   = "redirect"   // carried along as it came
	fieldCampaign   = "campaign"   // likewise
	FieldFrom       = "from"       // ValuePage: the button of our own page was pressed
	FieldView       = "view"       // which view of that page it was
	FieldWant       = "want_"      // + scope: ValueReceive, ValueStop, ValuePause..., or unchanged ValuePaused
	FieldWas        = "was_"       // + scope: what the page showed: ValueReceive, ValueStop or ValuePaused

	FieldKind       = "kind"         // repeated, one for each kind of request ticked
	FieldCountry    = "country"      // ISO 3166-1 alpha-2; empty: not told
	FieldRegion     = "region"       // ISO 3166-2 ("US-CA"), or its part after the hyphen; empty: not told
	FieldDetails    = "details"      // free text
	FieldOnBehalfOf = "on_behalf_of" // an intake.Behalf
	FieldAction     = "action"       // on the status page: ValueWithdraw, ValueDisagree, ValueAppeal, ValueMoved, ValueAddFile; on the confirmation page: ValueConfirm
	FieldStatement  = "statement"    // with ValueDisagree
	FieldReasons    = "reasons"      // with ValueAppeal
	FieldNewAddress = "new_address"  // with ValueMoved
	FieldPart       = "part"         // of an export: where it begins; empty: the first
	FieldFormat     = "format"       // of an export: ValueJSON, ValueCSV, ValueZIP, or ValueFile
	FieldFile       = "file"         // with ValueFile: which, by its id
	FieldReceipt    = "receipt"      // the text of a signed receipt
)

// Values of those fields.
const (
	valueYes     = "yes"
	ValuePage    = "page"
	ValueReceive = "receive"
	ValueStop    = "stop"
	valuePaused  = "paused" // stay paused until the date shown
	ValuePause30 = "pause30"
	ValuePause60 = "pause60"
	ValuePause90 = "pause90"

	ValueConfirm  = "confirm"
	ValueWithdraw = "withdraw"
	ValueDisagree = "disagree"
	ValueAppeal   = "appeal"
	ValueMoved    = "moved"
	ValueAddFile  = "add_file"
	ValueJSON     = "json"
	ValueCSV      = "csv"
	ValueZIP      = "zip"  // all of an answer
	ValueFile     = "file" // one file of it
)

// Paths of the pages that other pages point to.
const (
	pathHome         = "/"
	pathUnsubscribe  = "/unsubscribe"
	pathRequests     = "/requests"
	pathMyLinks      = "/my-links"
	pathReceiptCheck = "/receipts/check"
	PathStylesheet   = "/style.css"
	PathIcon         = "/icon.svg"
)

// wording is the organisation's own words, and the catalogue's where it has none.
func (d *Desk) wording(t *catalog.Texts) settings.Wording {
	own := d.Wording[t.Lang()]
	return settings.Wording{
		Title:     cmp.Or(own.Title, t.Text("form.title")),
		Statement: cmp.Or(own.Statement, t.Text("form.statement")),
		Received:  cmp.Or(own.Received, t.Text("received.title")),
		Failed:    cmp.Or(own.Failed, t.Text("form.failed")),
	}
}
