package request

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
)

// Waiting is what the person must do before we go on.
type Waiting struct {
	Cause    deadline.Cause `json:"cause" dynamodbav:"cause"`
	Proofs   []intake.Proof `json:"evidence,omitempty" dynamodbav:"evidence,omitempty"`
	Question string         `json:"question,omitempty" dynamodbav:"question,omitempty"` // the officer's own words
	Fee      *Fee           `json:"fee,omitempty" dynamodbav:"fee,omitempty"`
	// Until is the last second in which the answer is in time (Request.Watched).
	Until time.Time `json:"until,omitzero" dynamodbav:"-"`
	// Days and Resumes are the WaitRule that held when the person was told of it.
	Days    int  `json:"-" dynamodbav:"days,omitempty"`
	Resumes bool `json:"-" dynamodbav:"resumes,omitempty"`
	// Replied: the person has written since, so that nothing ends for want of
	// an answer.
	Replied bool `json:"replied,omitempty" dynamodbav:"replied,omitempty"`
	// ClockStands: no clock runs by which we must answer meanwhile. One that stops by
	// one law may run by another, of a second kind or where no place was given.
	ClockStands bool `json:"clock_stands" dynamodbav:"clock_stands,omitempty"`
}

// Fee is an amount asked for where the law allows one; it is never charged
// silently.
type Fee struct {
	Amount   string `json:"amount" dynamodbav:"amount"`     // "12.50"
	Currency string `json:"currency" dynamodbav:"currency"` // ISO 4217
	// Because says why the law allows it: RepeatedRequest or Excessive.
	Because decision.Ground `json:"because" dynamodbav:"because"`
}

// feeGrounds are why the law allows a fee (Art. 12(5)(a) GDPR).
var feeGrounds = []decision.Ground{decision.RepeatedRequest, decision.Excessive}

var causes = []deadline.Cause{deadline.Identity, deadline.Clarification, deadline.Fee}

// check refuses a question that would leave the person without knowing what to
// do.
func (w *Waiting) check() error {
	unknown := slices.IndexFunc(w.Proofs, func(e intake.Proof) bool { return !slices.Contains(intake.Proofs, e) })
	switch {
	case !slices.Contains(causes, w.Cause):
		return fault.Unknown("cause", "cause", causes...)
	case (w.Cause == deadline.Fee) != (w.Fee != nil):
		return fault.Field("fee", "missing", "a fee needs its amount and currency; no other cause has one")
	case w.Fee != nil && !w.Fee.valid():
		return fault.Field("fee", "invalid", "a fee must have an amount such as 12.50 and a currency such as USD")
	case w.Fee != nil && !slices.Contains(feeGrounds, w.Fee.Because):
		return fault.Unknown("fee", "because of a fee", feeGrounds...)
	case w.Fee != nil && w.Question == "":
		return fault.Field("question", "missing", "question must tell the person why the fee is asked for, and how to pay it")
	case unknown >= 0:
		return fault.Unknown("evidence", "proof", intake.Proofs...)
	case len(w.Proofs) > len(intake.Proofs):
		return fault.Field("evidence", "twice", "each proof must be asked for once")
	case w.Cause == deadline.Clarification && w.Question == "":
		return fault.Field("question", "missing", "question must say what you want to know")
	case w.Cause == deadline.Identity && w.Question == "" && len(w.Proofs) == 0:
		return fault.Field("question", "missing", "question or evidence must say which proof is needed")
	}
	return nil
}

// allowed refuses a fee that the law of the request's place does not know; for a
// complaint none does.
func (f *Fee) allowed(r *Request) error {
	switch {
	case f == nil:
		return nil
	case !slices.ContainsFunc(r.unanswered(), r.feeFits):
		return fault.Field("fee", "not_allowed", "no law of this place that we know allows a fee for this")
	case f.Because == decision.RepeatedRequest && !r.Repeated:
		return fault.Field("fee", "not_repeated", "the request is not marked as repeated")
	}
	return nil
}

// feeFits reports whether the law knows a fee for a kind: where it does, one that
// is not paid is a ground to refuse.
func (r *Request) feeFits(k intake.Kind) bool {
	return slices.Contains(decision.Grounds(k, r.Place, decision.Refuse), decision.FeeUnpaid)
}

// String is the amount with its currency, "" for none.
func (f *Fee) String() string {
	if f == nil {
		return ""
	}
	return f.Amount + " " + f.Currency
}

func (f *Fee) valid() bool {
	whole, cents, dotted := strings.Cut(f.Amount, ".")
	return digits(whole) && len(whole) <= 6 && (!dotted || digits(cents) && len(cents) == 2) && strings.Trim(f.Amount, "0.") != "" &&
		len(f.Currency) == 3 && strings.Trim(f.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
