package page

import "time"

// RequestReceived is the answer to a request form that was taken in (200): the same for every address, known or
// not, and after a press on "send it again".
type RequestReceived struct {
	Reference string // "PD-7K3M-9QXT-40BZ-1HNE"; empty when the form was swallowed
	Address   string // masked
	Kinds     []string
	OptedOut  []string  // scopes that are out at once: "email", "sms", "phone", "post", "sale"
	Instant   bool      // nothing but opt-outs was asked for: all is done, no mail has to be confirmed
	GPC       bool      // the browser's Sec-GPC: 1 was honoured
	ConfirmBy time.Time // end of the confirmation link, in the organisation's location; zero when Instant
	ResendURL string    // posts there; empty: sending again is not offered
	Resent    bool      // the mail was just sent once more
	Receipt   string    // the signed receipt as a person keeps it; empty: none is shown
}
