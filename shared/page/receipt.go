package page

import "time"

// ReceiptCheck is the page at PathReceiptCheck: a form for the text of a signed receipt (GET), and above it what
// the check found (POST).
type ReceiptCheck struct {
	Receipt string       // as typed
	Found   *ReceiptFind // nil: nothing was checked yet
	Errors  []FieldError // with 422; of FieldReceipt
}

// ReceiptFind is what a check found. When it is not Valid, only Fault counts.
type ReceiptFind struct {
	Valid       bool
	Fault       ReceiptFault
	Issuer      string // base URL
	Kind        string // "opt-out", "request" or "disposal"
	Reference   string
	What        []string // scopes, or kinds of requests
	ReceivedAt  time.Time
	EffectiveAt time.Time // may be zero
	DueAt       time.Time // may be zero
	Seq         int       // entries of the history that the receipt vouches for; 0: none
	Hash        string    // of the last of them
	Person      string    // masked address or keyed reference; may be empty
}

// ReceiptFault is why a receipt is not valid.
type ReceiptFault int

// The faults.
const (
	ReceiptUnreadable ReceiptFault = iota // it is no receipt, or part of it is missing
	ReceiptForged                         // its signature does not fit its text
	ReceiptUnknownKey                     // signed with a key that is not ours
)
