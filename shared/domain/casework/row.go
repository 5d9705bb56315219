package casework

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// Row is one request of a list. It holds nothing personal but the masked address
// and who answers it. Days are the organisation's.
type Row struct {
	Reference  string                `json:"reference"`
	Person     string                `json:"person,omitempty"` // masked; "" once the request is reduced
	Kinds      []intake.Kind         `json:"kinds,omitempty"`
	Unsure     bool                  `json:"kinds_unsure,omitempty"` // the person has still to say what they ask for
	State      lifecycle.State       `json:"state"`
	Place      deadline.Jurisdiction `json:"place,omitzero"`
	OnBehalfOf intake.Behalf         `json:"on_behalf_of,omitempty"`
	Law        Law                   `json:"law,omitzero"` // that sets the date

	ReceivedAt time.Time `json:"received_at"`
	ClosedAt   time.Time `json:"closed_at,omitzero"`
	DueAt      time.Time `json:"due_at,omitzero"`             // our answer; of an unconfirmed request the end of its link
	Due        civil.Day `json:"due,omitzero"`                // the last day
	Left       int       `json:"working_days_left,omitempty"` // 0: the last day is here, or over
	Late       int       `json:"days_overdue,omitempty"`      // days since the last day; 0: it is not over
	Paused     bool      `json:"clock_stands,omitempty"`      // our clock stands still: Due is the earliest that it can be
	Until      civil.Day `json:"waits_until,omitzero"`        // the person has time until then; zero where they are not given any

	AppealOf string          `json:"appeal_of,omitempty"`
	Assignee string          `json:"assignee,omitempty"`    // "name/id"; "": nobody
	Look     *lifecycle.Look `json:"look,omitempty"`        // why an officer must look at it
	Draft    draft.Stage     `json:"draft_stage,omitempty"` // how far an answer has come
	SendAt   time.Time       `json:"send_at,omitzero"`      // when what is on its way goes

	ToPost       bool `json:"to_post,omitempty"` // a letter on paper waits to be posted
	New          bool `json:"new,omitempty"`     // nobody at the desk has opened it, or acted on it
	Repeated     bool `json:"repeated,omitempty"`
	Replied      bool `json:"replied,omitempty"` // the person wrote since they were asked
	Extended     bool `json:"extended,omitempty"`
	LetterFailed bool `json:"letter_failed,omitempty"`
	Held         bool `json:"held,omitempty"`    // a legal hold is of it, or of its person; at most a minute old
	Systems      int  `json:"systems,omitempty"` // tasks of other systems that have not ended
	Reduced      bool `json:"reduced,omitempty"` // all but its log was disposed of
}

// Law is whose clock sets a date.
type Law struct {
	ID     string `json:"id"`             // of the regime; borrowed or ownPeriod where no law of the place sets it; "" where nothing does
	Name   string `json:"name,omitempty"` // of a regime alone
	Clause string `json:"clause,omitempty"`
}

// Where no law of the place is known to set a date, it is that of the strictest
// other law, or the organisation's own (deadline.Deadline.Rule).
const (
	borrowed  = "strictest"
	ownPeriod = "own"
)

// regimeOf is the regime of a rule such as "gdpr/respond".
func regimeOf(rule string) string {
	regime, _, _ := strings.Cut(rule, "/")
	return regime
}

// lawOf finds a rule in the law table.
func lawOf(rule string) Law {
	id, clock, _ := strings.Cut(rule, "/")
	if id == borrowed || id == ownPeriod {
		return Law{ID: id}
	}
	for _, r := range deadline.Default().Regimes {
		if r.ID != id {
			continue
		}
		l := Law{ID: id, Name: r.Name}
		if i := slices.IndexFunc(r.Clocks, func(c deadline.Clock) bool { return c.ID == clock }); i >= 0 {
			l.Clause = r.Clocks[i].Clause
		}
		return l
	}
	return Law{}
}

// row makes a row of what a list holds of a request.
func (d *Desk) row(s *request.Summary, holds []disposal.Hold, now time.Time) Row {
	law := d.Requests.Law
	r := Row{
		Reference: s.ID, Person: s.Person, Kinds: s.Kinds, Unsure: s.Unsure, State: s.State, Place: s.Place, OnBehalfOf: s.OnBehalfOf, Law: lawOf(s.DueRule),
		ReceivedAt: s.ReceivedAt, ClosedAt: s.ClosedAt, DueAt: s.DueAt, AppealOf: s.AppealOf, Assignee: s.Assignee, Look: s.Look, Draft: s.Draft, SendAt: s.SendAt,
		New: !s.Touched && !s.State.Closed(), Repeated: s.Repeated, Replied: s.Replied, ToPost: !s.ToPost.IsZero(), Extended: s.Extended, LetterFailed: s.LetterFailed,
		Held: held(holds, s, now), Systems: s.Outstanding, Reduced: s.Reduced,
	}
	switch {
	case s.State.Closed() || s.DueAt.IsZero():
		return r
	case s.State == lifecycle.Unverified:
		r.Due = civil.Through(s.DueAt, law.Zone())
	default:
		r.Due = civil.Of(s.DueAt, law.Zone())
	}
	r.Left = law.WorkingDays(now, r.Due.End(law.Zone()).Add(-time.Second))
	r.Paused = s.Paused
	if !s.WaitUntil.IsZero() {
		r.Until = civil.Of(s.WaitUntil, law.Zone())
	}
	if overdue(s, now) {
		r.Late = max(1, law.Days(s.DueAt, now))
	}
	return r
}
