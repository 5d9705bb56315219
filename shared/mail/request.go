package mail

import "time"

// VerifyRequest asks the owner of an address to confirm a request. It names kinds alone, never what was typed.
type VerifyRequest struct {
	Reference string
	Kinds     []string // codes: "access", ...
	OptedOut  []string // scopes that are out already: "email", "sms", "phone", "post", "sale"
	Link      string   // absolute URL of the page with the button
	Expires   time.Time
}

// RequestAcknowledged confirms that a verified request is in hand (11 CCR 7021(a)): how we verify, and by when we
// answer.
type RequestAcknowledged struct {
	Reference  string
	Kinds      []string
	OnBehalfOf string // "self", "parent", "agent"
	ReceivedAt time.Time
	Due        time.Time // by when we answer
	DueWhy     []string  // sentences: which rule gave that date
	Evidence   []string  // codes of what must still be proved; may be empty
	LinkedTo   string    // reference of an earlier request for the same; may be empty
	AppealOf   string    // it is an appeal against the answer to that request; may be empty
	StatusURL  string    // absolute
}

// OptedOutConfirmed says what is in effect already, for a request that asked for nothing else.
type OptedOutConfirmed struct {
	Reference   string
	Kinds       []string
	OptedOut    []string // scopes
	EffectiveAt time.Time
	GPC         bool   // it came as a browser's Global Privacy Control signal
	StatusURL   string // absolute; may be empty
}

// RequestWaiting says what we need before we can go on.
type RequestWaiting struct {
	Reference    string
	Kinds        []string
	Cause        string   // "identity", "clarification" or "fee"
	Evidence     []string // codes
	Question     string   // the officer's own words; may be empty
	Fee          string   // "12.50 USD"; empty: none
	ClockStopped bool     // our period stands still until then
	StatusURL    string
}

// RequestExtended says that the answer takes longer, and why.
type RequestExtended struct {
	Reference   string
	Kinds       []string
	Reason      string // code of package law: "complexity", ...
	Explanation string // the officer's own words; may be empty
	Due         time.Time
	DueWhy      []string
	StatusURL   string
}
