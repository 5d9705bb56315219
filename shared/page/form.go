package page

// Landing is the page at "/": what can be done here, and whom to ask.
type Landing struct{}

// UnsubscribeForm is the page at GET /unsubscribe, and its refusal (422) when Errors are given. It shows again
// what was typed.
type UnsubscribeForm struct {
	Email      string // as typed, or as ?email= gave it
	Name       string
	Topics     []Topic // all topics of desk.yaml; empty: the choice is not offered
	Everything bool
	Erase      bool
	Redirect   string       // sent along unchanged; empty: not sent
	Trap       string       // name of the honeypot field; empty: none
	Errors     []FieldError // empty on a first visit
}

// Topic is one row of the form's topics.
type Topic struct {
	ID          string // "newsletter"
	Title       string
	Description string
	Chosen      bool
}

// FieldError says what has to be mended in one field.
type FieldError struct {
	Field string // FieldEmail, FieldName, FieldTopic, FieldRedirect; other names show without a link to a field
	Fault Fault
}

// Fault is a kind of mistake that a form can hold.
type Fault int

// The mistakes.
const (
	FaultMissing  Fault = iota // nothing was given
	FaultInvalid               // it is not an address, not a topic of ours, ...
	FaultConflict              // two fields hold different addresses
	FaultTooLong
)

// Received is the answer to a form that was taken in (200).
type Received struct {
	Address    string   // masked; may be empty
	Topics     []string // titles of the topics; empty: all e-mail
	Everything bool
	Erase      bool
}
