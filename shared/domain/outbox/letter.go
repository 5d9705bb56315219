package outbox

import (
	"context"
	"errors"
	"iter"
	"time"

	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
)

// Template names what a letter says.
type Template string

// Letter is one mail that must be sent. SubjectID, Seq and Template name it. A
// letter of the same name may be queued again, at another QueuedAt.
type Letter struct {
	SubjectID string      `json:"-"`   // the reference of a request, or the keyed reference of a person
	Seq       int         `json:"seq"` // of the event in the subject's history that causes it; 0: it has no history
	Template  Template    `json:"template"`
	Cause     quota.Cause `json:"-"` // by whose doing it is sent
	QueuedAt  time.Time   `json:"-"`
	DueAt     time.Time   `json:"-"` // of a letter under way: when it may be tried, or by when its attempt has ended
	State     State       `json:"state"`
	Paper     bool        `json:"paper,omitempty"`       // it is printed and posted, and not mailed
	WrittenAt time.Time   `json:"written_at,omitzero"`   // of one on paper: when its words were written
	SentAt    time.Time   `json:"sent_at,omitzero"`      // when its end was written; of one on paper the day on which it was posted
	MessageID string      `json:"ses_message,omitempty"` // SES's
	Words                 // as it was handed to SES, or is to be posted; none: it was not, or its owner keeps none
}

// Words are what a letter says, without the links that open something: whoever
// can read the records must not be able to act as the person.
type Words struct {
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text,omitempty"`
}

// UnderWay reports whether the letter is still to be sent. It then needs its
// subject as it is.
func (l Letter) UnderWay() bool { return l.State == Pending || l.State == Sending }

// Waits reports whether the letter has still to go: it is under way, or an officer
// must post it.
func (l Letter) Waits() bool { return l.UnderWay() || l.State == ToPost }

// Before is the state that the letter must have had for its end to be written.
func (l Letter) Before() State {
	if l.Paper && !l.WrittenAt.IsZero() && l.State != ToPost {
		return ToPost
	}
	return Sending
}

// State is how far a letter has come.
type State string

// The states.
const (
	Pending  State = "pending"
	Sending  State = "sending"
	ToPost   State = "to_post" // on paper: its words are written, and an officer must post it
	Sent     State = "sent"
	Unknown  State = "unknown"  // it may have been sent
	Refused  State = "refused"  // SES does not take the address
	Obsolete State = "obsolete" // what it was about has passed
)

// Queue holds the letters. Every method's errors are faults: Unavailable when
// the backend does not answer, and those named.
type Queue interface {
	// Pending yields the letters that are due at the time now, oldest first:
	// those to be sent, and those whose attempt never ended. An error comes last.
	Pending(ctx context.Context, now time.Time) iter.Seq2[Letter, error]
	// Move gives a letter under way another state and due date. Conflict: it is
	// not as it was read.
	Move(ctx context.Context, l Letter, to State, due time.Time) error
	// Keep stores what a letter says that is Sending. Conflict: it is not as it
	// was moved.
	Keep(context.Context, Letter) error
}

// Ender ends letters whose owner keeps no history.
type Ender interface {
	// End stores the end of a letter that is Sending, and drops what it was
	// written from. Conflict: it is not Sending any more, or was queued anew.
	End(context.Context, Letter) error
}

// Subject is what a letter is about, as it is now.
type Subject struct {
	To       person.Address
	Since    time.Time // of the letters that wait for one mailbox, the oldest subject comes first
	Obsolete bool      // what the letter was about has passed
	// NeverBegun: of a letter whose run died, that it surely has not gone, for its
	// owner had not prepared it.
	NeverBegun bool
	About      any // what the mailer writes the letter from; only owner and mailer know its type
}

// Owner knows the subjects of some templates.
type Owner interface {
	// Read reads what a letter is about. NotFound: it was disposed of.
	Read(context.Context, Letter) (Subject, error)
	// Settle stores the end of a letter that is Sending, with all that follows
	// from it. Of one whose run died, nothing is known of the subject. Conflict:
	// it is not Sending any more. NotFound: it was disposed of.
	Settle(context.Context, Item) error
}

// Preparer is an Owner that writes down what a letter tells before it goes.
type Preparer interface {
	// Prepare returns the subject of a letter that is now Sending, without what
	// cannot be told. It is called again where an attempt did not end.
	Prepare(context.Context, Item) (Subject, error)
}

// Kind is how the letters of an owner are sent.
type Kind struct {
	Owner
	Joined  bool // what waits for one mailbox goes in one mail
	Repeats bool // a second copy does no harm: Sending is then what may have gone before
	Keeps   bool // what was sent is kept in its row
}

// Item is a letter with its subject.
type Item struct {
	Letter
	Subject Subject
	before  State // the attempt; Sending: an earlier one may have gone
}

// Mailer writes and sends letters.
type Mailer interface {
	// Mail sends one mail that holds all items, which go to one mailbox, and
	// returns SES's message id. It calls keep with what the mail says before it
	// hands it over, and sends nothing where that fails. Of one item on paper it
	// calls keep, and hands over nothing. ErrUnsure: it may have
	// been sent. Invalid: the address cannot get mail. Any other error: it was not
	// sent.
	Mail(ctx context.Context, items []Item, keep func(Words) error) (messageID string, err error)
}

// ErrUnsure says that a mail may or may not have been sent.
var ErrUnsure = errors.New("the mail may have been sent")
