package page

import (
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
)

// RequestStatus is the page at GET /requests/status/{link}. Its forms post to Action with FieldAction. It is shown
// again (422) when Errors are given, with what was typed.
type RequestStatus struct {
	Action     string // the page's own path
	Reference  string
	Address    string // masked
	Kinds      []string
	OnBehalfOf string // ValueSelf, ValueParent, ValueAgent
	Country    string // code; may be empty
	Region     string // code; may be empty
	Name       string // as the person gave it; empty: not shown
	Details    string // as the person gave it; empty: not shown
	ReceivedAt time.Time
	State      string    // "awaiting_verification", "open", ... as package rights writes them
	ConfirmBy  civil.Day // with "awaiting_verification"
	Due        time.Time // by when we answer; zero: nothing is due any more
	DueWhy     []string  // sentences: which rule gave that date
	Extended   bool      // the date was extended once
	OptedOut   []string  // scopes that the request put out at once: "email", ..., "sale"
	LinkedTo   string    // reference of an earlier request for the same; may be empty
	AppealOf   string    // reference of the request whose answer this appeals against; may be empty
	MailFailed bool      // a mail to the person did not arrive
	Refused    Refusal   // what the person has just tried and cannot do: answer 409

	Waiting  *Waiting  // what we wait for; nil: nothing
	Decision *Decision // the answer; nil: there is none yet
	Export   *Export   // nil: there is none, or its time is over

	// DisposedAt is when all that was personal in the request was disposed of:
	// what is given here is then the log, without an address, words or forms.
	DisposedAt time.Time

	Statement   string // the disagreement that the person put on record; empty: none
	MayWithdraw bool
	MayDisagree bool // a refusal against which a statement can be put on record
	MayRestrict bool // a refusal instead of which we offer to block the data
	MayAppeal   bool
	Reasons     string // of an appeal, as typed; only with Errors
	Typed       string // of a statement, as typed; only with Errors
	Errors      []fault.FieldError

	History []Happening
	Receipt string // may be empty
}

// Refusal says why what a person tried on their status page changed nothing.
type Refusal int

// The refusals.
const (
	RefusedNothing   Refusal = iota
	RefusedState             // the request stands otherwise
	RefusedStatement         // there is one
	RefusedAppeal            // there was one
	RefusedFinal             // it was answered
)

// Waiting is what a person must do before we go on.
type Waiting struct {
	Cause        string   // "identity", "clarification" or "fee"
	Evidence     []string // codes: "parental_authority", ...
	Question     string   // the officer's own words; may be empty
	Fee          string   // "12.50 USD"; empty: none
	ClockStopped bool     // our period stands still meanwhile

	AnswerBy civil.Day // the last day on which they can answer, where there is one
	Then     string    // what follows: "lapse" ends the request, "resume" goes on without the answer, "open": our period runs on meanwhile, "" is nothing
	End      civil.Day // with "open": the last day on which the request cannot be closed without an answer
}

// Decision is the answer to a request.
type Decision struct {
	At          time.Time
	Outcome     string // "fulfilled", "partly_fulfilled" or "refused"
	Grounds     []Ground
	Explanation string // the officer's own words; may be empty
	Authority   string // code of the authority to complain to: "eu", "us-ca", ...
}

// Ground is a coded reason for not doing all that was asked, with its clause.
type Ground struct {
	Code   string // "no_data_found"
	Clause string // "Art. 15(1) GDPR"; may be empty
}

// Export is where a person gets what we hold.
type Export struct {
	URL   string
	Until civil.Day // the last day of the link
}

// Happening is one row of the history, as the person may see it.
type Happening struct {
	At    time.Time
	Event string // "received", "verified", ... as package rights writes them
	Mail  string // with "mailed" and "mail_failed": the mail's template, such as "verify"
}
