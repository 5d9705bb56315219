// Package request holds data subject requests: the acts that move them, and how
// requests of one person belong together. What people may ask for is in package
// intake, the table of states and moves in lifecycle. Due dates come from package deadline, grounds and outcomes
// from decision, the tamper-evident history from audit.
//
//	received ─────────▶ awaiting_verification ─▶ open ◀──────────▶ waiting_for_person
//	   ├▶ fulfilled (1)      ├▶ refused           ├▶ fulfilled          ├▶ refused
//	   └▶ open (2)           └▶ expired           ├▶ partly_fulfilled   └▶ expired
//	                                              └▶ refused
//
// A person may withdraw a request in each of these four states. (1) It asks for
// opt-outs alone, which are in effect at once. (2) It is an appeal, which is
// verified as the request that it is about was.
//
// Each act has a file of its own:
//
//	the person   open, confirm, resend, withdraw, disagree, appeal, fetch (the export)
//	the officer  verify, ask, answer, extend, amend, join, decide, erase, reopen, note, expire, assign;
//	             savedraft, send and callback (sendoff.go), sign, and posted (a letter on paper)
//	the desk     looked (who opened the file, revealed the address, took the file out)
//	a mail       reply, bounce
//	time         expire, lapse (what happens when the person does not answer),
//	             carryout (an answer that was sent takes effect when its letter goes)
//
// What is left of a closed request is in package requestlog.
//
// Anybody can send a request in somebody's name. So the person who confirms it
// sees all that it says and may change it (words.go). The same sent twice is one
// request (sending.go). Requests that nobody confirmed are not read when another
// is taken in, so that they slow down nothing.
//
// The package must not import AWS, net/http or HTML.
package request

import (
	"context"
	"io"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/waiting"
)

// Request is one data subject request. Due dates are derived from its facts;
// those stored are kept for finding what is due.
type Request struct {
	ID      string // the reference that people are given
	Ref     person.Ref
	Version int
	Kinds   []intake.Kind
	// KindsUnsure: what was sent does not say for sure what is asked for. Kinds
	// are those beyond doubt, perhaps none, until the person chooses.
	KindsUnsure bool
	State       lifecycle.State

	Address    person.Address
	Contact    person.Contact // by post or telephone; may be zero where Address is not
	NoEmail    bool           // no address was ever known: no link can be sent
	Paper      bool           // letters go on paper
	ToPost     time.Time      // since when a letter on paper waits to be posted; zero: none does
	Name       string
	Details    string // free text; never mailed to anybody while unverified
	Place      deadline.Jurisdiction
	OnBehalfOf intake.Behalf
	Language   string
	Source     intake.Source
	GPC        bool // it came with the Global Privacy Control signal

	ReceivedAt time.Time
	ClockFrom  time.Time // ReceivedAt, or that of the earlier request it is linked to
	AskedAt    time.Time // when the mail that asks to confirm it went; while it waits, when it was due; zero: nobody has been asked
	VerifyBy   time.Time // end of the confirmation link: of a whole day
	VerifiedAt time.Time
	Checked    []intake.Check // how an officer verified the person; none: their link did
	ClosedAt   time.Time
	Resent     int // verification mails beyond the first

	Pauses    []deadline.Pause
	Extension *deadline.Grant
	// ExtensionWhy is the officer's own words about the extension.
	ExtensionWhy string
	DueAt        time.Time // answer due; of an unverified request VerifyBy
	DueRule      string    // the rule that sets it (deadline.Deadline.Rule); "" of an unverified request

	LinkedTo   string // an earlier request for the same, or of the same mailbox the one that it is joined into
	AppealOf   string
	AnsweredBy string // of an appeal: which officer gave the answer that it is about
	// AnsweredSigned is which officer signed that answer; empty: nobody had to.
	AnsweredSigned string
	Repeated       bool // a third alike within the policy's window
	Waiting        *waiting.Waiting
	Draft          *draft.Draft // what an officer has prepared, and what is on its way
	Decision       *decision.Decision
	Statement      string              // the person's own disagreement with a refusal
	Reminded       *lifecycle.Reminder // what the officer was last told of the due date
	Look           *lifecycle.Look     // why an officer must look at it
	Assignee       string              // who at the desk answers it, "name/id"; "": nobody
	Touched        bool                // somebody at the desk has opened it, or acted on it

	ExportUntil  time.Time
	ObjectUntil  time.Time // end of the time to object to what was denied; zero: nothing is to be objected to
	Fetched      int       // how often the export was downloaded
	FetchedAt    time.Time // the last time
	MailFailedAt time.Time // a mail to the person bounced
	EraseFrom    time.Time // the person is to be erased, from then on; zero: not ordered
	HeldBack     bool      // the person was told that a legal hold keeps the erasure back
	Outstanding  int       // tasks of other systems that have not ended; see Store.Systems
	// Tasks is what other systems must do, where a letter tells of it.
	Tasks []ledger.Entry
	Files []attachment.File // those of the request, where a letter tells of them
	// Delayed: the erasure waits for another request of the person, where somebody is told
	// of it; see requestlog.Delay.
	Delayed   bool
	ReducedAt time.Time // all but the log was disposed of

	Head audit.Head
}

// Reduced reports whether nothing but the log is left of the request.
func (r *Request) Reduced() bool { return !r.ReducedAt.IsZero() }

// Service takes requests and carries them through their states.
type Service struct {
	Store    Store
	Key      person.Key
	Law      *deadline.Engine
	Settings Settings
	Now      func() time.Time
	Random   io.Reader // ids and the salts of the history
	Holds    Holds     // only who decides must set it
	// Reaches counts what an erasure reaches; nil: previews have no numbers.
	Reaches interface {
		Reach(context.Context, *Request) (draft.Reach, error)
	}
	// Replaces says that who acts has seen the draft of a colleague, and that their own
	// answer may go over it.
	Replaces bool
	// LookedFor names the laws for which who acts says that they have looked whether the files
	// for the person hold what must not be disclosed (deadline.Withheld).
	LookedFor []string
}

// Store keeps requests with their history and letters. Every method's errors
// are faults: Unavailable when the backend does not answer, and those named.
type Store interface {
	// Create stores a new request and all that belongs to it, all or nothing,
	// in one transaction. *RepeatedError: the same was sent before. TooMany: one
	// of the limits is used up.
	Create(context.Context, Creation) error
	// Save stores what an act changed, all or nothing, on the condition that
	// the request still has the version before. Conflict: it has not.
	Save(context.Context, Step) error
	// OptOut puts opt-outs into effect that belong to no step, all or nothing.
	OptOut(context.Context, []optout.Change) error
	// Load returns a request. NotFound: there is none.
	Load(ctx context.Context, id string) (Request, error)
	// OfPerson returns a summary of all requests of a person. Anybody can send
	// those that nobody confirmed, without end: what a person waits for reads
	// ConfirmedOf.
	OfPerson(context.Context, person.Ref) ([]Summary, error)
	// ConfirmedOf returns a summary of a person's requests that were confirmed
	// or verified, and reads no other.
	ConfirmedOf(context.Context, person.Ref) ([]Summary, error)
	// File returns a request with its history and letters, in one read.
	// NotFound: there is none.
	File(ctx context.Context, id string) (File, error)
	// Systems returns what other systems must do about a request.
	Systems(ctx context.Context, id string) ([]ledger.Entry, error)
}

// Step is a change of a request with the events that tell of it and the
// letters that follow from it.
type Step struct {
	Request Request // Version is that after the change
	Events  []audit.Entry
	Letters []outbox.Letter   // new ones
	Done    []outbox.Letter   // those that have ended, and were Sending or ToPost before
	Systems []ledger.Entry    // what other systems must do: new ones, and those that changed
	Files   []attachment.File // … and its files
	OptOuts []optout.Change
	// PendingErasure is the opt-out whose requested erasure this request becomes. The
	// step is refused (Conflict) if it is not pending any more.
	PendingErasure *optout.Key
	// Also is the step of another request that this one changes too: the one that is
	// appealed against, or the one that it is joined into.
	Also *Step
}

// Creation is the first step of a request, with the limits that it counts
// against, and the sending that it stands for.
type Creation struct {
	Step
	Limits  []quota.Limit
	Sending *Sending
}

// File is everything about one request.
type File struct {
	Request Request
	Events  []audit.Entry
	Letters []outbox.Letter
	Systems []ledger.Entry // what other systems must do
	Files   []attachment.File
}
