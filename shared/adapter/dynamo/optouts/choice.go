package optouts

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
)

// choice is a change on its way into its row. An opt-out made now is written
// without a read, on the condition that the row is no case of
// optout.Change.Over. Where it is one, the refusal brings the row along, and
// Over says what is written instead.
type choice struct {
	asked optout.Change
	now   optout.Change // asked, over what the row was found to be
	found dynamo.Item   // what refused it; nil: nothing yet
}

func choices(changes []optout.Change) []choice {
	all := make([]choice, len(changes))
	for i, c := range changes {
		all[i] = choice{asked: c, now: c}
	}
	return all
}

// blind reports whether the change is made whatever the row says.
func (c *choice) blind() bool {
	return c.asked.IfVersion == 0 && c.asked.To == optout.Out && c.asked.Observed == nil
}

func (c *choice) update() patch.Patch {
	u := changeUpdate(c.now)
	switch {
	case c.asked.IfVersion == optout.Unrecorded:
		u.If(patch.Absent("state")) // a row without one is an import that was undone
	case !c.now.ErasedAt.IsZero():
		u.If(patch.Absent("version"))
	case c.asked.IfVersion != 0:
		u.If(patch.Is("version", c.asked.IfVersion))
	case !c.blind():
	case c.found["reduced_at"] != nil: // it must be the tombstone still that was found
		u.If(patch.Is("reduced_at", c.found.Str("reduced_at")))
		u.If(patch.Is("state", c.found.Str("state")))
		u.If(patch.Is("ses", c.found.Str("ses")))
	default:
		u.If(patch.Absent("reduced_at"))
		if c.now.MadeBy != "" {
			u.If(patch.Any(patch.Absent("out_since"), patch.Is("made_by", c.now.MadeBy)))
		}
	}
	return u
}

// refused takes in the row that has refused the change. False: the refusal
// stands.
func (c *choice) refused(row dynamo.Item) bool {
	if !c.blind() || len(row) == 0 {
		return false
	}
	c.found = row
	return true
}

// goBy makes of choices what they are over the rows that have refused them.
func goBy(all []choice) {
	asked, known := make([]optout.Change, len(all)), map[optout.Key]optout.Record{}
	for i, c := range all {
		if asked[i] = c.asked; c.found != nil {
			known[c.asked.Key] = Record(c.found)
		}
	}
	for i, now := range optout.Together(asked, known) {
		if all[i].blind() {
			all[i].now = now
		}
	}
}

// choiceTries is how often a choice is written over a row that turns out to be
// another one each time. Each time a tombstone must have been made or filled,
// or an opt-out undone, between two calls.
const choiceTries = 5

func (t *Store) choose(ctx context.Context, change optout.Change) (row dynamo.Item, err error) {
	c := choices([]optout.Change{change})
	for range choiceTries {
		if row, err = t.Table.Update(ctx, Key(change.Key), c[0].update()); !againOver(err, 0, c) {
			break
		}
	}
	return row, err
}

// Transact writes choices into the table of opt-outs, in one transaction
// with the writes of other rows, which come first.
func Transact(ctx context.Context, client, table dynamo.Table, others []types.TransactWriteItem, changes []optout.Change) (err error) {
	all := choices(changes)
	for range choiceTries {
		writes := others[:len(others):len(others)]
		for i := range all {
			writes = append(writes, table.UpdateWrite(Key(all[i].asked.Key), all[i].update()))
		}
		if err = client.Transact(ctx, writes...); !againOver(err, len(others), all) {
			break
		}
	}
	return err
}

// againOver reports whether nothing has refused the writes but rows that some
// of the choices, which come after so many other writes, must go by.
func againOver(err error, others int, all []choice) bool {
	refusals := dynamo.Refusals(err)
	if len(refusals) != others+len(all) {
		return false
	}
	again := false
	for i, r := range refusals {
		if r.Code == "None" {
			continue
		}
		if i < others || r.Code != dynamo.ConditionFailed || !all[i-others].refused(r.Row) {
			return false
		}
		again = true
	}
	goBy(all)
	return again
}
