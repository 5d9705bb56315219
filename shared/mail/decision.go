package mail

import "time"

// RequestDecision is the answer to a request or an appeal.
type RequestDecision struct {
	Reference   string
	Kinds       []string
	ReceivedAt  time.Time
	DecidedAt   time.Time
	AppealOf    string // it answers an appeal against the answer to that request; may be empty
	Outcome     string // "fulfilled", "partly_fulfilled" or "refused"
	Grounds     []Ground
	Explanation string    // the officer's own words; may be empty
	Authority   string    // code of the authority to complain to: "eu", "us-ca", ...
	ExportURL   string    // absolute; empty: there is no export
	ExportUntil time.Time // with ExportURL
	RestrictURL string    // absolute URL of a form that asks to block the data instead; empty: not offered
	Disputable  bool      // a statement of disagreement can be put on record at StatusURL
	Disagreed   bool      // such a statement is on record
	Appealable  bool      // an appeal can be made at StatusURL
	StatusURL   string    // absolute
}

// Ground is a coded reason for not doing all that was asked, with its clause.
type Ground struct {
	Code   string // "no_data_found"
	Clause string // "Art. 15(1) GDPR"; may be empty
}
