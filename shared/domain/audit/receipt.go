package audit

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/person"
)

// Kind says what a receipt is for.
type Kind string

// The kinds of receipts.
const (
	OptOut   Kind = "opt-out"  // what must no longer be sent; effective at once
	Request  Kind = "request"  // a data subject request; due by a date
	Disposal Kind = "disposal" // what was kept is erased
)

// Receipt is what a person gets to prove what we received. It never holds an
// address: Sign refuses one.
type Receipt struct {
	Issuer      string // base URL of the deployment; its keys are at /.well-known/
	Kind        Kind
	Reference   string   // of the opt-out or request
	What        []string // scopes, or kinds of requests
	ReceivedAt  time.Time
	EffectiveAt time.Time // needed unless it is a request that is due
	DueAt       time.Time // zero: nothing is due later
	Head        *Head     // of the request's history, needed there; Subject is the reference
	Person      string    // masked address, or a reference of its own (person.Key.Receipt); may be empty for a disposal
	Build       string    // of the code that made it; may be empty
}

// ReceiptType is the type of a signed receipt; see Payload.
const ReceiptType = "privacydesk-receipt+json"

// Typ makes a Receipt a Payload.
func (Receipt) Typ() string { return ReceiptType }

type receiptWire struct {
	Issuer      string    `json:"iss"`
	Kind        Kind      `json:"kind"`
	Reference   string    `json:"reference"`
	What        []string  `json:"what"`
	ReceivedAt  string    `json:"received_at"`
	EffectiveAt string    `json:"effective_at,omitempty"`
	DueAt       string    `json:"due_at,omitempty"`
	Head        *markWire `json:"head,omitempty"`
	Person      string    `json:"person,omitempty"`
	Build       string    `json:"build,omitempty"`
}

// markWire is a head without its subject, which is the receipt's reference.
type markWire struct {
	Seq  int    `json:"seq"`
	Hash string `json:"hash"`
}

// MarshalJSON returns the payload of a signed receipt:
//
//	{"iss", "kind", "reference", "what": [text, ...], "received_at",
//	 "effective_at", "due_at", "head": {"seq", "hash"}, "person", "build"}
//
// in which the last five may be missing; times are RFC 3339 in UTC with
// milliseconds. A receipt that is not whole or holds an address is an error.
func (r Receipt) MarshalJSON() ([]byte, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	w := receiptWire{r.Issuer, r.Kind, r.Reference, r.What, form(r.ReceivedAt), form(r.EffectiveAt), form(r.DueAt), nil, r.Person, r.Build}
	if r.Head != nil {
		w.Head = &markWire{r.Head.Seq, r.Head.Hash}
	}
	return marshal(w)
}

func form(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(civil.Stamp)
}

// check refuses a receipt that would prove nothing, or too much.
func (r Receipt) check() error {
	timed := !r.EffectiveAt.IsZero() || r.Kind == Request && !r.DueAt.IsZero()
	for _, rule := range []struct {
		broken bool
		why    string
	}{
		{!slices.Contains([]Kind{OptOut, Request, Disposal}, r.Kind), "of no kind that is known"},
		{r.Issuer == "" || r.Reference == "", "without issuer or reference"},
		{len(r.What) == 0 || slices.Contains(r.What, ""), "for nothing"},
		{r.ReceivedAt.IsZero() || !timed, "without a time"},
		{r.Kind == Request && r.Head == nil, "of a request without its history's head"},
		{r.Head != nil && (r.Head.Subject != r.Reference || r.Head.Seq < 1 || r.Head.Hash == ""), "with the head of another history"},
		{r.Person == "" && r.Kind != Disposal, "for nobody"},
		{slices.ContainsFunc(slices.Concat(r.What, []string{r.Issuer, r.Reference, r.Person, r.Build}), isAddress), "that holds an address"},
	} {
		if rule.broken {
			return errors.New("a receipt " + rule.why)
		}
	}
	return nil
}

func isAddress(text string) bool {
	_, err := person.Parse(text)
	return err == nil
}

// UnmarshalJSON reads what MarshalJSON writes, and nothing else.
func (r *Receipt) UnmarshalJSON(data []byte) error {
	o := readObject(data)
	read := Receipt{Issuer: o.text("iss"), Kind: Kind(o.text("kind")), Reference: o.text("reference"), ReceivedAt: o.time("received_at")}
	for _, item := range o.list("what") {
		read.What = append(read.What, o.plain("what", item))
	}
	for name, t := range map[string]*time.Time{"effective_at": &read.EffectiveAt, "due_at": &read.DueAt} {
		if o.has(name) {
			*t = o.time(name)
		}
	}
	for name, s := range map[string]*string{"person": &read.Person, "build": &read.Build} {
		if o.has(name) {
			*s = o.text(name)
		}
	}
	if o.has("head") {
		head := readObject(o.raw("head"))
		read.Head = &Head{read.Reference, head.number("seq"), head.text("hash")}
		o.err = cmp.Or(o.err, head.end())
	}
	if err := cmp.Or(o.end(), read.check()); err != nil {
		return err
	}
	*r = read
	return nil
}

// Check reads a signed receipt and checks its signature against a JWK Set,
// such as Signer.PublicKeys. Errors: ErrMalformed, ErrUnknownKey,
// ErrWrongSignature, ErrWrongType, ErrKeys.
func Check(receipt, jwks []byte) (Receipt, error) {
	payload, err := Open(receipt, jwks, ReceiptType)
	if err != nil {
		return Receipt{}, err
	}
	var r Receipt
	if err := json.Unmarshal(payload, &r); err != nil {
		return Receipt{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return r, nil
}
