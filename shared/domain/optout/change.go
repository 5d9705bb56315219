package optout

import (
	"strings"
	"time"

	"privacydesk/shared/domain/patch"
)

// Patch writes the change over its record, whatever the record holds.
func (c Change) Patch() patch.Patch {
	var p patch.Patch
	p.Increment("version")
	p.Set("changed_at", c.Evidence.At)
	switch {
	case c.datesOnly:
	case !c.erasedAt.IsZero():
		p.Set("state", c.To)
		p.Set("first_at", c.Evidence.At)
		p.Set("out_since", c.Evidence.At)
		p.Set("reduced_at", c.Evidence.At)
		p.Set("erased_at", c.erasedAt)
	default:
		c.whole(&p)
	}
	return p
}

// whole writes the complete change.
func (c Change) whole(p *patch.Patch) {
	p.Set("state", c.To)
	p.Set("address", c.Address.Reveal())
	c.Evidence.set(p)
	p.Set("made_by", c.MadeBy)
	c.times(p)
	class, since := c.disposal()
	p.Set("disposal", class)
	p.Set("disposal_at", since)
	p.Clear("reduced_at")
	c.Trace.set(p)
	if c.Name != "" {
		p.Set("name", c.Name)
	}
	if c.ErasureRequested {
		p.SetOnce("erase_wanted_at", c.Evidence.At)
		p.Set("erase_language", c.Language)
	}
	if c.Scope.Synced() && (c.Observed == nil || !c.Observed.Quiet) {
		due(p, c.knownAt())
	}
	if c.Observed == nil || !c.Observed.NoNews {
		enter(p, c.knownAt())
	}
}

// enter puts the record into the feed of changes, at its end.
func enter(p *patch.Patch, at time.Time) {
	p.Set("feed", Fed)
	p.Set("feed_at", at)
}

// times writes since when the person is out, and until when they pause.
func (c Change) times(p *patch.Patch) {
	switch {
	case c.Observed != nil:
		c.observedTimes(p)
	case c.To == Out:
		p.SetOnce("first_at", c.Evidence.At)
		p.SetOnce("out_since", c.Evidence.At)
	case c.To == Paused:
		p.Set("until", c.Until)
		p.Clear("out_since")
	default:
		p.Clear("out_since", "until")
	}
}

// observedTimes writes the times that came along with the change, whatever the record has.
func (c Change) observedTimes(p *patch.Patch) {
	if !c.Observed.FirstAt.IsZero() {
		p.Set("first_at", c.Observed.FirstAt)
	}
	p.Set("soft_days", strings.Join(c.Observed.SoftDays, ","))
	if !c.Observed.LiftedAt.IsZero() {
		p.Set("lifted_at", c.Observed.LiftedAt)
	}
	if c.To == Out {
		p.Set("out_since", c.Evidence.At)
		return
	}
	p.Clear("out_since", "until")
}

// commitTries limits how often changes are written again after a refusal. A further
// one needs a tombstone to be made or filled, or an opt-out undone, in between.
const commitTries = 5

// Commit has changes written, all or none. write applies the patches, one a
// change, and returns those rows that have refused theirs, by the change's
// place, or nil if anything else is wrong. The error is the one of the last write.
//
// An opt-out made now is written without a read, on the condition that Change.Over
// would not alter it. If that fails, the refusal returns the row, and together
// decides what is written instead.
func Commit(changes []Change, write func([]patch.Patch) (refused map[int]patch.Row, err error)) (err error) {
	all := commits(changes)
	for range commitTries {
		patches := make([]patch.Patch, len(all))
		for i, c := range all {
			patches[i] = c.patch()
		}
		var refused map[int]patch.Row
		if refused, err = write(patches); err == nil || !over(all, refused) {
			break
		}
	}
	return err
}

// commit is a change on its way into its record.
type commit struct {
	asked, now Change
	found      *Record // what refused it; nil: nothing yet
}

func commits(changes []Change) []commit {
	all := make([]commit, len(changes))
	for i, c := range changes {
		all[i] = commit{asked: c, now: c}
	}
	return all
}

// blind reports whether the change is written without a read.
func (c commit) blind() bool {
	return c.asked.IfVersion == 0 && c.asked.To == Out && c.asked.Observed == nil
}

func (c commit) patch() patch.Patch {
	p := c.now.Patch()
	switch {
	case c.asked.IfVersion == Unrecorded:
		p.If(patch.Absent("state")) // a row without one is an import that was undone
	case !c.now.erasedAt.IsZero():
		p.If(patch.Absent("version"))
	case c.asked.IfVersion != 0:
		p.If(patch.Is("version", c.asked.IfVersion))
	case !c.blind():
	case c.found != nil && c.found.Tombstone(): // it must be the tombstone still that was found
		p.If(patch.Is("reduced_at", c.found.ReducedAt), patch.Is("state", c.found.State), patch.Is("ses", c.found.Projection.Status))
	default:
		p.If(patch.Absent("reduced_at"))
		if c.now.MadeBy != "" {
			p.If(patch.Any(patch.Absent("out_since"), patch.Is("made_by", c.now.MadeBy)))
		}
	}
	return p
}

// over adapts the changes to the rows that refused them. It reports false if that
// does not help.
func over(all []commit, refused map[int]patch.Row) bool {
	for i, row := range refused {
		if !all[i].blind() || len(row) == 0 {
			return false
		}
		r := FromRow(row)
		all[i].found = &r
	}
	asked, known := make([]Change, len(all)), map[Key]Record{}
	for i, c := range all {
		if asked[i] = c.asked; c.found != nil {
			known[c.asked.Key] = *c.found
		}
	}
	for i, now := range together(asked, known) {
		if all[i].blind() {
			all[i].now = now
		}
	}
	return len(refused) > 0
}
