package request

import (
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
)

// Summary is what lists and the duplicate check read of a request, which the
// indexes hold.
type Summary struct {
	ID         string              `dynamodbav:"-"`
	Kinds      []intake.Kind       `dynamodbav:"-"`
	State      lifecycle.State     `dynamodbav:"-"`
	ReceivedAt time.Time           `dynamodbav:"-"`
	ClockFrom  time.Time           `dynamodbav:"-"`
	VerifiedAt time.Time           `dynamodbav:"-"`
	DueAt      time.Time           `dynamodbav:"-"`
	Watched    time.Time           `dynamodbav:"-"` // until when something is waited for; see Request.Watched
	Reminded   *lifecycle.Reminder `dynamodbav:"-"`
	Look       *lifecycle.Look     `dynamodbav:"-"`
	AppealOf   string              `dynamodbav:"-"` // an appeal asks for the same again because of our answer: it is no duplicate

	NeededUntil time.Time `dynamodbav:"needed_until,omitempty"` // to fetch what was granted, or to object: an erasure of the person waits for it
	Outstanding int       `dynamodbav:"outstanding,omitempty"`  // tasks of other systems that have not ended
	ToPost      time.Time `dynamodbav:"to_post,omitempty"`      // since when a letter waits to be posted

	// What only lists show; nothing else decides by it.
	Ref        person.Ref            `dynamodbav:"ref,omitempty"`
	Person     string                `dynamodbav:"person,omitempty"` // the address, masked; "" once the request is reduced
	Name       string                `dynamodbav:"name,omitempty"`   // for finding it; lists do not show it
	Unsure     bool                  `dynamodbav:"unsure,omitempty"`
	Place      deadline.Jurisdiction `dynamodbav:"place"`
	OnBehalfOf intake.Behalf         `dynamodbav:"on_behalf_of,omitempty"`
	DueRule    string                `dynamodbav:"due_rule,omitempty"`
	Assignee   string                `dynamodbav:"assignee,omitempty"`
	ClosedAt   time.Time             `dynamodbav:"closed_at,omitempty"`
	WaitUntil  time.Time             `dynamodbav:"wait_until,omitempty"` // of a waiting one: as of Waiting.Until

	Draft  draft.Stage `dynamodbav:"draft,omitempty"`
	SendAt time.Time   `dynamodbav:"send_at,omitempty"` // when what is on its way goes

	Paused       bool `dynamodbav:"paused,omitempty"` // our clock stands still, and the person has time until WaitUntil
	Replied      bool `dynamodbav:"replied,omitempty"`
	Repeated     bool `dynamodbav:"repeated,omitempty"`
	Extended     bool `dynamodbav:"extended,omitempty"`
	Touched      bool `dynamodbav:"touched,omitempty"`
	LetterFailed bool `dynamodbav:"letter_failed,omitempty"` // a letter to the person came back
	HeldBack     bool `dynamodbav:"held_back,omitempty"`
	Reduced      bool `dynamodbav:"reduced,omitempty"`
}

// Summary is that of the request as it is.
func (r *Request) Summary() Summary {
	watch, until := r.Watched()
	s := Summary{
		ID: r.ID, Kinds: r.Kinds, State: r.State, ReceivedAt: r.ReceivedAt, ClockFrom: r.ClockFrom, VerifiedAt: r.VerifiedAt,
		DueAt: r.DueAt, Watched: until, Reminded: r.Reminded, Look: r.Look, AppealOf: r.AppealOf, NeededUntil: r.neededUntil(),
		Ref: r.Ref, Name: r.Name, Unsure: r.KindsUnsure, Place: r.Place, OnBehalfOf: r.OnBehalfOf, DueRule: r.DueRule, Assignee: r.Assignee, ClosedAt: r.ClosedAt,
		Paused: watch == lifecycle.WatchPaused, Repeated: r.Repeated, Extended: r.Extension != nil,
		Touched: r.Touched, ToPost: r.ToPost, LetterFailed: !r.MailFailedAt.IsZero() && !r.Paper, HeldBack: r.HeldBack, Outstanding: r.Outstanding, Reduced: r.Reduced(),
	}
	s.Draft, s.SendAt = r.Draft.Stage()
	if w := r.Waiting; w != nil {
		s.WaitUntil, s.Replied = w.Until, w.Replied
	}
	switch {
	case !r.Address.IsZero():
		s.Person = r.Address.String()
	case !r.Contact.IsZero():
		s.Person = r.Contact.String()
	}
	if r.State.Closed() {
		s.Name = "" // found among open ones alone
	}
	return s
}
