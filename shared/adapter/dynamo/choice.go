package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/optout"
)

// choice is a change on its way into its row. An opt-out made now is written
// without a read, on the condition that the row is no case of
// optout.Change.Over. Where it is one, the refusal brings the row along, and
// Over says what is written instead.
type choice struct {
	asked optout.Change
	now   optout.Change // asked, over what the row was found to be
	found item          // what refused it; nil: nothing yet
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
	return c.asked.IfVersion == 0 && c.asked.To == optout.Out && c.asked.Told == nil
}

func (c *choice) update() *update {
	u := changeUpdate(c.now)
	switch {
	case c.asked.IfVersion == optout.Unrecorded:
		u.absent("state") // a row without one is an import that was undone
	case !c.now.ErasedAt.IsZero():
		u.absent("version")
	case c.asked.IfVersion != 0:
		u.only("version", num(c.asked.IfVersion))
	case !c.blind():
	case c.found["reduced_at"] != nil: // it must be the tombstone still that was found
		u.only("reduced_at", c.found["reduced_at"])
		u.only("state", c.found["state"])
		u.sameOrAbsent("ses", c.found["ses"])
	default:
		u.absent("reduced_at")
		if c.now.MadeBy != "" {
			u.condition = append(u.condition, "(attribute_not_exists("+u.name("out_since")+") OR "+u.name("made_by")+" = :made_by)")
		}
	}
	return u
}

// refused takes in the row that has refused the change. False: the refusal
// stands.
func (c *choice) refused(row item) bool {
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
			known[c.asked.Key] = record(c.found)
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

func (t *OptOuts) choose(ctx context.Context, change optout.Change) (out *dynamodb.UpdateItemOutput, err error) {
	c := choices([]optout.Change{change})
	for range choiceTries {
		err = retry(ctx, func() (err error) {
			in := c[0].update().input(t.Table, optOutKey(change.Key))
			in.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
			out, err = t.DB.UpdateItem(ctx, in)
			return err
		})
		failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
		if !ok || !c[0].refused(failed.Item) {
			break
		}
		goBy(c)
	}
	return out, err
}

// transactChoices writes choices in one transaction, after the writes of other rows.
func transactChoices(ctx context.Context, db *dynamodb.Client, table string, others []types.TransactWriteItem, changes []optout.Change) (err error) {
	all := choices(changes)
	for range choiceTries {
		writes := others[:len(others):len(others)]
		for i := range all {
			w := all[i].update().write(table, optOutKey(all[i].asked.Key))
			w.Update.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
			writes = append(writes, w)
		}
		err = retry(ctx, func() error {
			_, err := db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
			return err
		})
		if !againOver(err, len(others), all) {
			break
		}
	}
	return err
}

// againOver reports whether nothing has refused a transaction but rows that
// some of its choices, which come after so many other writes, must go by.
func againOver(err error, others int, all []choice) bool {
	t, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok || len(t.CancellationReasons) != others+len(all) {
		return false
	}
	again := false
	for i, r := range t.CancellationReasons {
		if aws.ToString(r.Code) == "None" {
			continue
		}
		if i < others || aws.ToString(r.Code) != "ConditionalCheckFailed" || !all[i-others].refused(r.Item) {
			return false
		}
		again = true
	}
	goBy(all)
	return again
}
