// Package optin is about the mails by which a person comes back: what waits in
// the outbox, for how long its link is good, and whether it is still true when
// it is sent.
//
// The package must not switch anything on: optout.Service does, when the link is
// followed. It must not import AWS, net/http or HTML.
package optin

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/screening"
)

// The templates of opt-in confirmations.
const (
	MailOptIn   outbox.Template = "opt-in"
	MailOptedIn outbox.Template = "opted-in" // Confirmed
)

// Letter is a confirmation as it waits in the outbox.
func Letter(c *optout.OptInConfirmation) outbox.Letter {
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

// ConfirmUntil is the end of a link that is mailed at a time: the end of the last
// day that the mail names, in the organisation's time zone.
func ConfirmUntil(mailed time.Time, zone *time.Location) time.Time {
	return (civil.Of(mailed, zone) + civil.Day(ConfirmWithin/aDay)).End(zone).UTC()
}

// Store keeps opt-in confirmations until their mail has gone.
type Store interface {
	// Confirmation returns what a letter is about. NotFound: there is none.
	Confirmation(context.Context, outbox.Letter) (optout.OptInConfirmation, error)
	// Records is that of optout.Store.
	Records(context.Context, []optout.Key) (map[optout.Key]optout.Record, error)
}

// Confirmations is the outbox.Owner of opt-in confirmations; their subject is
// the optout.OptInConfirmation. One may be sent twice, which does no harm.
type Confirmations struct {
	Store Store
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

// keepTrue drops from a mail the scopes that are no longer true. A mail with
// Confirmed drops what is stopped now, by whatever record. One that asks drops what
// was chosen otherwise since.
func (s Confirmations) keepTrue(ctx context.Context, c *optout.OptInConfirmation) error {
	still, alone := map[optout.Scope]int{}, alone(c.Versions)
	for _, scope := range slices.Sorted(maps.Keys(c.Versions)) {
		version, scopes := c.Versions[scope], []optout.Scope{scope}
		if c.Confirmed { // a complaint's own record does not decide about all e-mail
			scopes = screening.Deciding(Subjects(map[optout.Scope]int{scope: 0})[0])
		}
		keys := optout.Keys(c.Ref, scopes...)
		records, err := s.Store.Records(ctx, keys)
		if err != nil {
			return err
		}
		suppressed := slices.ContainsFunc(keys, func(k optout.Key) bool { return records[k].Suppresses(s.Now()) })
		same := cmp.Or(records[keys[0]].Version, optout.Unrecorded) == version
		if c.Confirmed && !suppressed || !c.Confirmed && (suppressed || alone[scope]) && same || version == optout.KeptOut {
			still[scope] = version
		}
	}
	for scope := range alone { // a topic comes back with all that it takes, or not at all
		if _, found := still[scope]; !found {
			maps.DeleteFunc(still, func(s optout.Scope, _ int) bool { return alone[s] })
			break
		}
	}
	c.Versions = still
	return nil
}

// alone are the topics of a confirmation that come back while all e-mail is
// stopped, with those that stay out and what is lifted for them.
func alone(versions map[optout.Scope]int) map[optout.Scope]bool {
	all := map[optout.Scope]bool{}
	if len(Staying(versions)) == 0 {
		return all
	}
	for scope := range versions {
		if scope.Channel() == optout.Email || scope == optout.Complaint.Scope() {
			all[scope] = true
		}
	}
	return all
}

// Subjects are the scopes that a confirmation brings back, as people know them,
// sorted: a complaint is about all e-mail, which single topics only lift.
func Subjects[S ~string](versions map[S]int) []optout.Scope {
	named, alone := map[optout.Scope]bool{}, len(Staying(versions)) > 0
	for s, version := range versions {
		scope := optout.Scope(s)
		if scope == optout.Complaint.Scope() {
			scope = optout.Email.Scope()
		}
		if version != optout.KeptOut && (!alone || scope != optout.Email.Scope()) {
			named[scope] = true
		}
	}
	return slices.Sorted(maps.Keys(named))
}

// Staying are the topics that a confirmation keeps stopped, sorted.
func Staying[S ~string](versions map[S]int) []optout.Scope {
	var all []optout.Scope
	for s, version := range versions {
		if version == optout.KeptOut {
			all = append(all, optout.Scope(s))
		}
	}
	slices.Sort(all)
	return all
}
