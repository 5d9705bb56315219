package request

import (
	"context"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
)

// Look is why an officer must look at a request: a mail came whose words the
// desk does not read, or nobody has confirmed what counts all the same. It stands
// until an officer acts on the request.
type Look struct {
	Why      LookWhy
	Since    time.Time // when the mail, or the request, arrived
	Reminded *Reminder // what the officer was last told of it
}

// LookWhy says what came.
type LookWhy string

// The reasons, each worth more than the one before.
const (
	LookMention LookWhy = "mention" // somebody names the request who is not shown to be the person
	LookKept    LookWhy = "kept"    // the request itself is such a mail, and nobody was asked to confirm it
	LookCounts  LookWhy = "counts"  // the person was asked to confirm it, but it counts without that
	LookReply   LookWhy = "reply"   // the person wrote about the request
)

var lookWeight = map[LookWhy]int{LookMention: 1, LookCounts: 2, LookKept: 3, LookReply: 4}

// Mail is a mail that names a request.
type Mail struct {
	From    person.Address
	Proven  bool // From is shown to have written it
	At      time.Time
	Subject string
}

// Replied records that a mail about a request has come, so that an officer
// looks for it where the organisation keeps its mail. Where the person has
// written and we wait for an answer, the request does not lapse any more;
// somebody else changes nothing. Further mails, until an officer has looked,
// are that mail. NotFound: there is no such request. Conflict: ErrReduced.
func (s *Service) Replied(ctx context.Context, id string, m Mail) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		look, actor := Look{Why: LookMention, Since: t.past(m.At)}, BySystem
		if m.Proven && m.From == t.Request.Address {
			look.Why, actor = LookReply, ByPerson
		}
		if before := t.Request.Look; before != nil && lookWeight[look.Why] <= lookWeight[before.Why] {
			return errDone
		}
		t.Request.Look = &look
		if w := t.Request.Waiting; w != nil && look.Why == LookReply {
			answered := *w
			answered.Replied = true
			t.Request.Waiting = &answered
		}
		return t.happen(lifecycle.EventReplied, actor, map[string]string{"mail": string(look.Why)}, map[string]string{"subject": m.Subject})
	})
}

// Seen records that an officer has looked. Any act of theirs does so too.
func (s *Service) Seen(ctx context.Context, id, officer string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if t.Request.Look == nil {
			return errDone
		}
		return t.happen(lifecycle.EventSeen, ByOfficer+":"+officer, nil, nil)
	})
}
