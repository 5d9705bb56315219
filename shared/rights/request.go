package rights

import (
	"slices"
	"time"

	"privacydesk/shared/law"
	"privacydesk/shared/person"
	"privacydesk/shared/quota"
	"privacydesk/shared/register"
)

// Source is the way by which a request reached us.
type Source string

// The sources.
const (
	FromForm        Source = "form"
	FromUnsubscribe Source = "unsubscribe" // "… and delete my data"
	FromMail        Source = "mail"
	FromOfficer     Source = "officer" // paper, telephone, in person
	FromAppeal      Source = "appeal"
)

// Request is one data subject request. Due dates are derived from its facts;
// those stored are kept for finding what is due.
type Request struct {
	ID      string // the reference that people are given
	Ref     person.Ref
	Version int
	Kinds   []Kind
	// KindsUnsure: what was sent does not say for sure what is asked for. Kinds
	// are those beyond doubt, perhaps none, until the person chooses.
	KindsUnsure bool
	State       State

	Address    person.Address
	Name       string
	Details    string // free text; never mailed to anybody while unverified
	Place      law.Place
	OnBehalfOf Behalf
	Language   string
	Source     Source
	GPC        bool // it came with the Global Privacy Control signal

	ReceivedAt time.Time
	ClockFrom  time.Time // ReceivedAt, or that of the earlier request it is linked to
	AskedAt    time.Time // when the mail that asks to confirm it went; while it waits, when it was due; zero: nobody has been asked
	VerifyBy   time.Time // end of the confirmation link: of a whole day
	VerifiedAt time.Time
	ClosedAt   time.Time
	Resent     int // verification mails beyond the first

	Pauses    []law.Pause
	Extension *law.Grant
	// ExtensionWhy is the officer's own words about the extension.
	ExtensionWhy string
	DueAt        time.Time // answer due; of an unverified request VerifyBy

	LinkedTo  string // an earlier request for the same
	AppealOf  string
	Repeated  bool // a third alike within the policy's window
	Waiting   *Waiting
	Decision  *Decision
	Statement string    // the person's own disagreement with a refusal
	Reminded  *Reminder // what the officer was last told of the due date
	Look      *Look     // why an officer must look at it

	ExportUntil  time.Time
	Fetched      int       // how often the export was downloaded
	FetchedAt    time.Time // the last time
	MailFailedAt time.Time // a mail to the person bounced
	EraseFrom    time.Time // the person is to be erased, from then on; zero: not ordered
	ReducedAt    time.Time // all but the log was disposed of

	Head register.Head
}

// lawCase is what the law needs to know of the request.
func (r *Request) lawCase() law.Case {
	return law.Case{
		Kinds: r.unanswered(), Place: r.Place, ReceivedAt: r.ClockFrom, Appeal: r.AppealOf != "",
		Pauses: r.Pauses, Extension: r.Extension,
	}
}

// done reports whether a kind was fulfilled when it was received. An objection
// with reasons may be about more than marketing (Art. 21(1) GDPR), so a human
// reads it.
func (r *Request) done(k Kind) bool {
	return rule(k).instant && (k != law.Objection || r.Details == "")
}

// instant reports whether nothing but opt-outs was asked for.
func (r *Request) instant() bool {
	return !r.KindsUnsure && !slices.ContainsFunc(r.Kinds, func(k Kind) bool { return !r.done(k) })
}

// unanswered are the kinds whose clocks run: the opt-outs beside them have
// taken effect. Of a request for nothing else, all.
func (r *Request) unanswered() []Kind {
	if r.instant() {
		return r.Kinds
	}
	return r.forAnswer()
}

// forAnswer are the kinds that a human must answer.
func (r *Request) forAnswer() []Kind { return slices.DeleteFunc(slices.Clone(r.Kinds), r.done) }

// unconfirmed reports whether the time to confirm ended without it.
func (r *Request) unconfirmed(now time.Time) bool {
	return r.VerifiedAt.IsZero() && (r.State == Expired || r.State == Unverified && !now.Before(r.VerifyBy))
}

// Exports reports whether the person gets what we hold.
func (r *Request) Exports() bool {
	return slices.ContainsFunc(r.Kinds, func(k Kind) bool { return rule(k).exports })
}

// erases reports whether the person asked to be erased.
func (r *Request) erases() bool {
	return slices.ContainsFunc(r.Kinds, func(k Kind) bool { return rule(k).erases })
}

// erasesAsker reports whether the mailbox that asked is that of the person to
// be erased: of a child's parent and of an agent only an officer knows.
func (r *Request) erasesAsker() bool {
	return slices.Contains(r.Kinds, law.Erasure) && r.OnBehalfOf != Parent && r.OnBehalfOf != Agent
}

// Disputable reports whether a refusal records the person's disagreement and
// offers restriction instead (policy, "Update your information").
func (r *Request) Disputable() bool {
	return slices.ContainsFunc(r.Kinds, func(k Kind) bool { return rule(k).disputable })
}

// Refusal reports whether the person did not get all that they asked for.
func (r *Request) Refusal() bool { return r.State == Refused || r.State == PartlyFulfilled }

// Appealable reports whether the person may appeal against the answer; an
// appeal's own answer goes to the authority.
func (r *Request) Appealable() bool { return r.Refusal() && r.AppealOf == "" }

// ClockStopped reports whether our period stands still.
func (r *Request) ClockStopped() bool {
	return len(r.Pauses) > 0 && r.Pauses[len(r.Pauses)-1].Until.IsZero()
}

// Summary is what the duplicate check reads of a person's other requests.
type Summary struct {
	ID         string
	Kinds      []Kind
	State      State
	ReceivedAt time.Time
	ClockFrom  time.Time
	VerifiedAt time.Time
	DueAt      time.Time
	Watched    time.Time // until when something is waited for; see Request.Watched
	Reminded   *Reminder
	Look       *Look
	AppealOf   string // an appeal asks for the same again because of our answer: it is no duplicate
}

// Template names a mail to the person.
type Template string

// The mails.
const (
	MailVerify      Template = "verify"
	MailAcknowledge Template = "acknowledge"
	MailOptedOut    Template = "opted_out"
	MailWaiting     Template = "waiting"
	MailExtended    Template = "extended"
	MailDecision    Template = "decision"
	MailWithdrawn   Template = "withdrawn"
	MailExpired     Template = "expired"
)

// Notice is a mail that must be sent. It is stored in the same transaction as
// the event that causes it, and sent at most once.
type Notice struct {
	RequestID string      `json:"-"`
	Seq       int         `json:"seq"` // of the event that causes it
	Template  Template    `json:"template"`
	Cause     quota.Cause `json:"-"` // by whose doing it is sent
	DueAt     time.Time   `json:"-"`
	State     NoticeState `json:"state"`
	SentAt    time.Time   `json:"sent_at,omitzero"`
	MessageID string      `json:"ses_message,omitempty"` // SES's
}

// UnderWay reports whether the mail is still to be sent: it needs its request
// as it is.
func (n Notice) UnderWay() bool { return n.State == NoticePending || n.State == NoticeTrying }

// NoticeState is what became of a notice.
type NoticeState string

// The states of a notice. A run that dies between the call to SES and its
// record leaves Unknown: it may have been sent, so it is not sent again by
// itself; the officer sees it and may ask for it anew.
const (
	NoticePending  NoticeState = "pending"
	NoticeTrying   NoticeState = "trying"
	NoticeSent     NoticeState = "sent"
	NoticeUnknown  NoticeState = "unknown"
	NoticeRefused  NoticeState = "refused"  // SES does not take the address
	NoticeObsolete NoticeState = "obsolete" // what it was about has passed
)
