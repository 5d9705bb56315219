package request

import (
	"context"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
)

var lookWeight = map[lifecycle.LookWhy]int{lifecycle.LookMention: 1, lifecycle.LookToPost: 2, lifecycle.LookUndelivered: 3, lifecycle.LookCounts: 4, lifecycle.LookKept: 5, lifecycle.LookVerify: 6, lifecycle.LookUnsent: 7, lifecycle.LookReply: 8}

// look has an officer look at the request, unless they must for as much already.
func (t *step) look(why lifecycle.LookWhy, since time.Time) bool {
	if before := t.Request.Look; before != nil && lookWeight[why] <= lookWeight[before.Why] {
		return false
	}
	t.Request.Look = &lifecycle.Look{Why: why, Since: since}
	return true
}

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
		why, actor := lifecycle.LookMention, audit.BySystem
		if m.Proven && m.From == t.Request.Address && !m.From.IsZero() {
			why, actor = lifecycle.LookReply, audit.ByPerson
		}
		if !t.look(why, t.past(m.At)) {
			return errDone
		}
		if w := t.Request.Waiting; w != nil && why == lifecycle.LookReply {
			answered := *w
			answered.Replied = true
			t.Request.Waiting = &answered
		}
		return t.happen(lifecycle.EventReplied, actor, map[string]string{"mail": string(why)}, map[string]string{"subject": m.Subject})
	})
}

// Seen records that an officer has looked. Any act of theirs does so too.
func (s *Service) Seen(ctx context.Context, id, officer string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if l := t.Request.Look; l == nil || l.Why == t.Request.lasting().Why {
			return errDone
		}
		return t.happen(lifecycle.EventSeen, audit.AsOfficer(officer), nil, nil)
	})
}
