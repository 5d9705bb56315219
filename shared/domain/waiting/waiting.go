// Package waiting is what a request waits for from its person: a proof, what they
// mean, or a fee, and how long they are given. Whether the law of the place
// allows it is the business of package request. It must not import AWS, net/http
// or HTML.
package waiting

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
	// ToPost: the question is on paper and not posted yet, so that the person's time
	// has not begun, and our clock runs.
	ToPost bool `json:"to_post,omitempty" dynamodbav:"to_post,omitempty"`
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

// Check refuses a question that would leave the person without knowing what to
// do.
func (w *Waiting) Check() error {
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

// EndingAt is the same with another end.
func (w *Waiting) EndingAt(at time.Time) *Waiting {
	later := *w
	later.Until = at
	return &later
}

// Rule says how long a person is given to answer while our clock stands
// still, and whether the request then goes on without the answer, or ends.
type Rule struct {
	Days   int // whole local days after that of the question
	Resume bool
}

// Time is what the person of a waiting request is told of their time.
type Time struct {
	By   time.Time // the last second in which their answer is of use
	Then string    // what follows: settings.Lapse, settings.Resume, or RunsOn
	End  time.Time // with RunsOn: the last second in which the request cannot be closed without an answer
}

// RunsOn says that our clock does not stand still meanwhile: we answer in time
// whether they do or not.
const RunsOn = "open"
