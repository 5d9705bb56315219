package optout

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
)

// AskQueue is the pending work of the confirmation mails.
type AskQueue interface {
	// PendingAsks yields the asks that are due at the time now, oldest first.
	PendingAsks(ctx context.Context, now time.Time) iter.Seq2[Ask, error]
	// ClaimAsk hides an ask that is due at now from other runs until the time
	// until. Conflict: another run has it, or the person has asked anew.
	ClaimAsk(ctx context.Context, a Ask, now, until time.Time) error
	// AskMailed ends the work on an ask: the mail is sent, or never will be.
	// Conflict: it is not the same ask any more.
	AskMailed(ctx context.Context, a Ask) error
	// Records is that of Store.
	Records(context.Context, []Key) (map[Key]Record, error)
}

// Inviter mails an ask.
type Inviter interface {
	// Invite sends the mail. TooMany, with RetryAt: it must wait until then.
	// Invalid: the address cannot get mail. ErrUnsure: it may have been sent. Any
	// other error: it was not sent.
	Invite(context.Context, Ask) error
}

// ErrUnsure says that a mail may or may not have been sent.
var ErrUnsure = errors.New("the mail may have been sent")

// claimFor is how long one attempt at a mail may take. A run that dies within
// it delays the mail and does not lose it.
const claimFor = 10 * time.Minute

// Invitations mails every pending ask, once; twice where nobody knows whether
// it went, which does no harm.
type Invitations struct {
	Queue   AskQueue
	Inviter Inviter
	Now     func() time.Time
	Over    func() bool // no more mail may be begun; nil: never
}

// InvitationReport counts what one run did.
type InvitationReport struct{ Sent, Postponed, Refused, Unknown, Failed int }

// Drain works until no ask is due, ctx ends or Over says so. The error is the
// queue's; a mail that could not be sent is counted and tried again.
func (v *Invitations) Drain(ctx context.Context) (InvitationReport, error) {
	var report InvitationReport
	for ask, err := range v.Queue.PendingAsks(ctx, v.Now()) {
		if err != nil || ctx.Err() != nil || v.Over != nil && v.Over() {
			return report, err
		}
		claimed := v.Now().Add(claimFor)
		err := v.Queue.ClaimAsk(ctx, ask, v.Now(), claimed)
		if fault.Is(err, fault.Conflict) {
			continue
		}
		if err != nil {
			return report, err
		}
		if err := v.invite(ctx, ask, claimed, &report); err != nil {
			return report, err
		}
	}
	return report, nil
}

func (v *Invitations) invite(ctx context.Context, ask Ask, claimed time.Time, report *InvitationReport) error {
	ask, err := v.asItIs(ctx, ask)
	if err != nil {
		return err
	}
	if len(ask.Versions) > 0 {
		err = v.Inviter.Invite(ctx, ask)
	}
	switch {
	case len(ask.Versions) == 0: // nothing is left to tell
	case err == nil:
		report.Sent++
	case fault.Is(err, fault.TooMany):
		report.Postponed++
		return unlessAnew(v.Queue.ClaimAsk(ctx, ask, claimed, fault.RetryAt(err)))
	case fault.Is(err, fault.Invalid):
		report.Refused++
	case errors.Is(err, ErrUnsure):
		report.Unknown++
		return nil // as below
	default:
		report.Failed++
		return nil // stays claimed, and is due again when the claim ends
	}
	return unlessAnew(v.Queue.AskMailed(ctx, ask))
}

// unlessAnew takes no conflict for a fault: the person has asked anew
// meanwhile, and that ask is work of its own.
func unlessAnew(err error) error {
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// asItIs takes out of a mail what is not so any more: of what is on again that
// which has been stopped since, or is stopped by another choice; of what is
// asked for that which was chosen otherwise since.
func (v *Invitations) asItIs(ctx context.Context, ask Ask) (Ask, error) {
	still := map[Scope]int{}
	for _, scope := range slices.Sorted(maps.Keys(ask.Versions)) {
		version, scopes := ask.Versions[scope], []Scope{scope}
		if ask.Back { // a complaint's own record says nothing of all e-mail
			scopes = deciding(Subjects(map[Scope]int{scope: 0})[0])
		}
		records, err := v.Queue.Records(ctx, keysOf(ask.Ref, scopes))
		if err != nil {
			return ask, err
		}
		suppressed := verdict(records, ask.Ref, scopes, v.Now()).Suppressed
		if ask.Back && !suppressed || !ask.Back && suppressed && records[Key{ask.Ref, scope}].Version == version {
			still[scope] = version
		}
	}
	ask.Versions = still
	return ask, nil
}
