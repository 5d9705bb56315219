// Package mylinks is about the mail by which a person gets their own links: to
// their choices, and to the page of each request that they have confirmed.
// Whoever asks for it learns nothing. The answer is the same for every address,
// and only the mailbox gets the links.
//
// The package must not tell anybody but the mailbox what is known of it. It makes
// no links: the function notices does.
package mylinks

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// MailLinks is the template of the mail.
const MailLinks outbox.Template = "my-links"

// WaitFor is how long a mail that finds no room waits for it, and how long what
// is left of its row is kept.
const WaitFor = schedule.ConfirmDays * 24 * time.Hour

// maxRequests is how many requests one mail lists, the newest first.
const maxRequests = 20

// Asked is a mail that somebody asked for. One that is asked for again before it
// has gone is one mail.
type Asked struct {
	Ref      person.Ref
	Address  person.Address
	Language string
	QueuedAt time.Time
}

// Letter is the mail as it waits in the outbox. Anybody can ask for it, so that
// it counts as a stranger's.
func (a Asked) Letter() outbox.Letter {
	return outbox.Letter{
		SubjectID: string(a.Ref), Template: MailLinks, Cause: quota.ByStranger, QueuedAt: a.QueuedAt, DueAt: a.QueuedAt, State: outbox.Pending,
	}
}

// Store keeps what was asked for until its mail has gone. Every method's errors
// are faults: Unavailable when the backend does not answer, and those named.
type Store interface {
	// AskForLinks queues the mail, in place of one that waits, and counts it
	// against the limits, all or nothing. TooMany: one of them is used up.
	AskForLinks(context.Context, Asked, []quota.Limit) error
	// LinksAsked returns what a letter was written from. NotFound: there is none.
	LinksAsked(context.Context, outbox.Letter) (Asked, error)
}

// Service takes in that somebody wants their links.
type Service struct {
	Store Store
	Key   person.Key
	Now   func() time.Time
}

// Ask queues the mail, whether anything is known of the address or not. It is one
// write and no read. TooMany, with RetryAt: a limit is used up.
func (s *Service) Ask(ctx context.Context, a person.Address, lang string, limits []quota.Limit) error {
	return s.Store.AskForLinks(ctx, Asked{Ref: s.Key.Ref(a), Address: a, Language: lang, QueuedAt: s.Now()}, limits)
}

// Requests finds what a person has asked for.
type Requests interface {
	// ConfirmedOf is that of request.Store: those that nobody confirmed may be
	// a stranger's, and their own mail has their link.
	ConfirmedOf(context.Context, person.Ref) ([]request.Summary, error)
}

// Found is what the mail is written from.
type Found struct {
	Asked
	Requests []request.Summary // the newest first
	More     int               // older ones that are not among them
}

// Letters is the outbox.Owner of these mails; their subject is Found. One may be
// sent twice, which does no harm.
type Letters struct {
	Store    Store
	Requests Requests
	Ender    outbox.Ender
	Now      func() time.Time
}

// Read implements outbox.Owner.
func (s Letters) Read(ctx context.Context, l outbox.Letter) (outbox.Subject, error) {
	asked, err := s.Store.LinksAsked(ctx, l)
	if err != nil {
		return outbox.Subject{}, err
	}
	found := Found{Asked: asked}
	if found.Requests, err = s.Requests.ConfirmedOf(ctx, asked.Ref); err != nil {
		return outbox.Subject{}, err
	}
	slices.SortFunc(found.Requests, func(a, b request.Summary) int { return b.ReceivedAt.Compare(a.ReceivedAt) })
	if n := len(found.Requests); n > maxRequests {
		found.Requests, found.More = found.Requests[:maxRequests], n-maxRequests
	}
	over := !s.Now().Before(asked.QueuedAt.Add(WaitFor))
	return outbox.Subject{To: asked.Address, Since: asked.QueuedAt, Obsolete: over, About: found}, nil
}

// Settle implements outbox.Owner.
func (s Letters) Settle(ctx context.Context, i outbox.Item) error { return s.Ender.End(ctx, i.Letter) }
