package page

// RequestForm is the page at GET /requests, and its refusal (422) when Errors are given. It shows again what was
// typed. A GET may fill Kinds from ?kind=, and Email.
type RequestForm struct {
	Kinds      []string // codes of the kinds ticked ("access"); those not known are left out
	Email      string
	Name       string
	Country    string // as typed: a code, or what somebody else's form sent
	Region     string // as typed: "US-CA" or "CA"
	Details    string
	OnBehalfOf string       // ValueSelf, ValueParent, ValueAgent; empty: ValueSelf
	GPC        bool         // the browser sent Sec-GPC: 1
	Trap       string       // name of the honeypot field; empty: none
	Errors     []FieldError // empty on a first visit
}
