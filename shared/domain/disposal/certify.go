package disposal

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/schedule"
)

// certificate says what a transaction of a class does.
func (l *ClassLine) certificate(works []Work) Certificate {
	c := Certificate{Class: l.Class, Period: l.Period, Action: l.Action, Cutoff: l.Cutoff}
	var names []string
	for _, work := range works {
		names = append(names, work.ID)
		if work.Outcome == Deleted {
			c.Deleted++
		} else {
			c.Reduced++
		}
	}
	c.Digest = Digest(names)
	return c
}

// AllClasses is the class of the certificate that ends a night.
const AllClasses schedule.Class = "all"

// closing is the certificate that ends a run: nothing that was due is left but
// what the report says. It covers one class, or all.
func (w *sweep) closing() Certificate {
	c := Certificate{Class: AllClasses, Period: "the schedule", Action: "sweep", Cutoff: w.AsOf, Digest: Digest(nil), Last: true}
	if len(w.Classes) == 1 {
		l := w.Classes[0]
		c.Class, c.Period, c.Action, c.Cutoff = l.Class, l.Period, l.Action, l.Cutoff
	}
	return c
}

// close writes the certificate that ends a run.
func (w *sweep) close(ctx context.Context) error {
	for range maxTries {
		err := w.prove(ctx, w.closing(), nil)
		refused, ok := errors.AsType[*Refused](err)
		if !ok {
			return err
		}
		if refused.Holds {
			if err := w.readHolds(ctx); err != nil {
				return err
			}
		}
	}
	return errContended
}

// prove tries one transaction: works, and the certificate of them after the end
// of the history. A dry run writes nothing.
func (w *sweep) prove(ctx context.Context, c Certificate, works []Work) error {
	if w.DryRun {
		return nil
	}
	if err := w.needHolds(ctx); err != nil {
		return err
	}
	if w.head == nil {
		head, err := w.Store.Head(ctx)
		if err != nil {
			return err
		}
		w.head = &head
	}
	c.Issuer, c.Run, c.Build, c.At = w.Issuer, w.Run, w.Build, w.Now().UTC().Truncate(time.Millisecond)
	c.Backups = w.backups(c.At)
	c, entry, err := c.chain(*w.head)
	if err != nil {
		return err
	}
	signed, err := w.Signer.Sign(c)
	if err != nil {
		return err
	}
	if err := w.empty(ctx, works); err != nil {
		return err
	}
	w.head = nil // until it is certain
	err = w.Store.Dispose(ctx, Batch{Proof: Proof{Entry: entry, Certificate: signed}, Works: works, Holds: w.holds.Seq})
	if err == nil {
		head := entry.Head()
		w.head = &head
	}
	return err
}

// backups is the last day on which a backup copy can hold what is disposed of at
// a time.
func (w *sweep) backups(at time.Time) string {
	end, _ := w.Schedule.Rule(schedule.Backups).Period.End(at, w.Zone)
	return civil.Through(end, w.Zone).String()
}

const (
	maxProofs   = 10             // how far back a run's end is looked for
	nightsApart = 27 * time.Hour // at most: a night may begin an hour late, and the clocks may change
)

// unfinished reports whether a run was cut off, or a night is missing: the
// history says so. Orders of erasure do not count. Before the first night there
// is none to miss. Nearly always the newest certificate is the end of a night,
// so it is read alone.
func (s *Sweeper) unfinished(ctx context.Context) (bool, error) {
	ended, missed, before := map[string]bool{}, false, 0
	for _, limit := range []int{1, maxProofs - 1} {
		proofs, err := s.Store.Proofs(ctx, before, limit)
		if err != nil {
			return false, err
		}
		for _, p := range proofs {
			before = p.Entry.Seq
			switch facts := p.Entry.Facts; {
			case facts["last"] == "true":
				ended[facts["run"]] = true
				if facts["class"] != string(AllClasses) {
					continue
				}
				if cutoff, err := time.Parse(civil.Stamp, facts["cutoff"]); err == nil && s.Now().Sub(cutoff) < nightsApart {
					return false, nil
				}
				missed = true
			case facts["class"] != string(schedule.ErasureOrder) && !ended[facts["run"]]:
				return true, nil
			}
		}
		if len(proofs) < limit || before == 1 {
			return missed, nil
		}
	}
	return true, nil // too far back: look through all once more
}
