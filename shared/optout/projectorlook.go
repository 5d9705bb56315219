package optout

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/fault"
)

// onceMoreAfter is when a contested record is told again: later than any call
// that a run may have begun before it was told the first time. A run lasts a
// minute (template.yaml), and a call that it leaves behind some seconds.
const onceMoreAfter = 3 * time.Minute

// look is a record as it is now, and what it and the person's others ask.
type look struct {
	Record
	listing   ListReason // what the list must hold of the person: a bounce may stand where an opt-out was taken back
	contested bool       // another run may have a call on its way that says something older
}

// look reads what the index has shown. The index may be late; it is only a
// hint. A record that is gone is not pending.
func (p *Projector) look(ctx context.Context, k Key) (look, error) {
	records, err := p.Queue.Records(ctx, append(k.Siblings(), k))
	if err != nil {
		return look{}, err
	}
	now, l := p.Now(), look{Record: records[k]}
	var all []Record
	for _, r := range records {
		all = append(all, r)
		l.contested = l.contested || r.told(now) || r.Key != k && pending(r, now)
	}
	l.listing = ListingOf(now, all...)
	l.contested = !l.Projection.isOnceMore() && (l.contested || l.Projection.overtook(now))
	return l, nil
}

// Two runs should never be at work at once; when they are, a call of one may
// arrive after the other has told SES what holds, and the one may die of it or
// never learn. So what is told is told once more a while later if a run may
// have had the person in hand when they chose last: their record waited to be
// told when it changed, another of theirs waits, or SES has just been told of
// them. The second time is for good: whatever has changed since is pending by
// itself.

// told reports whether SES was told of the record just now, by whatever clock.
func (r Record) told(now time.Time) bool {
	at := r.Projection.At
	return !at.IsZero() && now.Sub(at).Abs() < onceMoreAfter
}

// overtook reports whether the choice before was waiting to be told when the
// present one was made.
func (p Projection) overtook(now time.Time) bool {
	return !p.Overtook.IsZero() && p.Overtook.Before(now.Add(onceMoreAfter))
}

func (p *Projection) onceMore() {
	if at := p.At.Add(onceMoreAfter); p.DueAt.IsZero() || at.Before(p.DueAt) {
		p.DueAt = at
	}
}

// isOnceMore reports whether nothing but onceMore has made the record due.
func (p Projection) isOnceMore() bool {
	return !p.At.IsZero() && p.DueAt.Equal(p.At.Add(onceMoreAfter))
}

// project tells the list. A delete must not hit a bounce that SES has listed
// itself: nothing recorded asks for it, so nobody has heard of it yet, and an
// event or the next walk will tell. A complaint of SES's goes, for coming back
// lifts it; but not by a delete that is only made to be sure.
func (p *Projector) project(ctx context.Context, r Record, reason ListReason) (Projection, error) {
	if reason == NotListed && r.Address.ASCII() && !r.Address.IsZero() {
		made, err := p.List.MadeBySES(ctx, Entry{Spelling: NewSpelling(r.Address.Reveal()), Address: r.Address})
		switch {
		case made == ListedBounce, made != NotListed && r.Projection.isOnceMore(), errors.Is(err, ErrNotListed):
			return Projection{At: p.Now(), Status: Unlisted}, nil
		case err != nil && !errors.Is(err, ErrUnlistable):
			return Projection{}, err
		}
		if err := p.Pace.Wait(ctx); err != nil {
			return Projection{}, err
		}
	}
	return project(ctx, p.List, r, reason, p.Now())
}

// unmoved reports a Conflict if what SES was told depended on another record
// of the person, and that has changed since it was read. Changing it has made
// it pending, but another run may have told SES of it before our call arrived.
func (p *Projector) unmoved(ctx context.Context, r look) error {
	if r.Suppresses(p.Now()) {
		return nil
	}
	now, err := p.look(ctx, r.Key)
	if err == nil && now.listing != r.listing {
		err = fault.New(fault.Conflict, "another record of the person has moved")
	}
	return err
}
