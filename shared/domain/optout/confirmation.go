package optout

import (
	"context"
	"maps"
	"slices"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/schedule"
)

// OptInConfirmation is a mail about coming back. By default it asks the person
// to confirm that they want to come back. With Confirmed it tells them that
// they are back. Those of one person are joined until the mail has gone.
type OptInConfirmation struct {
	Ref      person.Ref
	Address  person.Address
	Language string
	QueuedAt time.Time
	// Versions are the records that are to be In again, each with the version it
	// had when the person asked: a later opt-out makes the confirmation void.
	// With Confirmed only the scopes count.
	Versions  map[Scope]int
	Confirmed bool
}

// The templates of opt-in confirmations.
const (
	MailOptIn   outbox.Template = "opt-in"
	MailOptedIn outbox.Template = "opted-in" // Confirmed
)

// Letter is the confirmation as it waits in the outbox.
func (c *OptInConfirmation) Letter() outbox.Letter {
	l := outbox.Letter{
		SubjectID: string(c.Ref), Template: MailOptIn, Cause: quota.ByHolder, QueuedAt: c.QueuedAt, DueAt: c.QueuedAt, State: outbox.Pending,
	}
	if c.Confirmed {
		l.Template = MailOptedIn
	}
	return l
}

// ConfirmWithin is how long the confirmation mail's link is good, in whole days
// after that of its mail.
const ConfirmWithin = schedule.ConfirmDays * aDay

const aDay = 24 * time.Hour

// ConfirmUntil is the end of a link that is mailed at a time: the last day that
// is told, where the organisation is, is whole.
func ConfirmUntil(mailed time.Time, zone *time.Location) time.Time {
	return (civil.Of(mailed, zone) + civil.Day(ConfirmWithin/aDay)).End(zone).UTC()
}

// ConfirmationStore keeps opt-in confirmations until their mail has gone.
type ConfirmationStore interface {
	// Confirmation returns what a letter is about. NotFound: there is none.
	Confirmation(context.Context, outbox.Letter) (OptInConfirmation, error)
	// Records is that of Store.
	Records(context.Context, []Key) (map[Key]Record, error)
}

// Confirmations is the outbox.Owner of opt-in confirmations; their subject is
// the OptInConfirmation. One may be sent twice, which does no harm.
type Confirmations struct {
	Store ConfirmationStore
	Ender outbox.Ender
	Now   func() time.Time
}

// Read implements outbox.Owner.
func (s Confirmations) Read(ctx context.Context, l outbox.Letter) (outbox.Subject, error) {
	c, err := s.Store.Confirmation(ctx, l)
	if err == nil {
		err = s.keepTrue(ctx, &c)
	}
	over := !c.Confirmed && !s.Now().Before(c.QueuedAt.Add(ConfirmWithin))
	return outbox.Subject{To: c.Address, Since: c.QueuedAt, Obsolete: over || len(c.Versions) == 0, About: c}, err
}

// Settle implements outbox.Owner.
func (s Confirmations) Settle(ctx context.Context, i outbox.Item) error {
	return s.Ender.End(ctx, i.Letter)
}

// keepTrue takes out of a mail what is not so any more: of what is on again
// that which has been stopped since, or is stopped by another choice; of what
// is asked for that which was chosen otherwise since.
func (s Confirmations) keepTrue(ctx context.Context, c *OptInConfirmation) error {
	still := map[Scope]int{}
	for _, scope := range slices.Sorted(maps.Keys(c.Versions)) {
		version, scopes := c.Versions[scope], []Scope{scope}
		if c.Confirmed { // a complaint's own record says nothing of all e-mail
			scopes = deciding(Subjects(map[Scope]int{scope: 0})[0])
		}
		records, err := s.Store.Records(ctx, keysOf(c.Ref, scopes))
		if err != nil {
			return err
		}
		suppressed := verdict(records, c.Ref, scopes, s.Now()).Suppressed
		if c.Confirmed && !suppressed || !c.Confirmed && suppressed && records[Key{c.Ref, scope}].Version == version {
			still[scope] = version
		}
	}
	c.Versions = still
	return nil
}
