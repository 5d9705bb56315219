package dynamo

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/optout"
	"privacydesk/shared/rights"
)

// personal are the attributes of an opt-out that its tombstone does not have.
var personal = []string{
	"address", "name", "source", "campaign", "form", "detail", "soft_days", "erase_wanted_at", "erase_language",
	"erase_request", "ses_reason", "job", "disposal", "disposal_at",
}

// tombstone takes everything personal from an opt-out that has still the
// version, and whose choice SES knows. A tombstone it leaves as it is, but for
// the date of the erasure.
func (t *OptOuts) tombstone(k optout.Key, version int, at time.Time, erased bool) types.TransactWriteItem {
	u := newUpdate()
	u.keep("reduced_at", stamp(at))
	if erased {
		u.put("erased_at", stamp(at))
	}
	u.drop(personal...)
	u.only("version", num(version))
	u.absent("pending")
	return u.write(t.Table, optOutKey(k))
}

// removal deletes an opt-out row of a class that still has the version and is
// known to SES, for classes that leave no tombstone.
func (t *OptOuts) removal(k optout.Key, version int, class string) types.TransactWriteItem {
	u := newUpdate() // for its conditions alone
	u.only("version", num(version))
	u.only("disposal", str(class))
	u.absent("pending")
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &t.Table, Key: optOutKey(k), ConditionExpression: u.conditions(),
		ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.values,
	}}
}

// reduction writes what is left of a request. Its own row, on the condition of
// its version, comes last, and before it the entry that tells of the
// reduction; see turns for more rows than a transaction takes.
func (t *Requests) reduction(r rights.Reduction) ([]types.TransactWriteItem, error) {
	var writes []types.TransactWriteItem
	for _, e := range r.Blanked {
		row, err := eventItem(e)
		if err != nil {
			return nil, err
		}
		writes = append(writes, types.TransactWriteItem{Put: &types.Put{
			TableName: &t.Table, Item: row, ConditionExpression: aws.String("attribute_exists(id)"),
		}})
	}
	for _, n := range r.Notices {
		u := newUpdate()
		u.drop("ses_message")
		u.exists("id")
		u.absent("pending")
		writes = append(writes, u.write(t.Table, noticeKey(n)))
	}
	event, err := eventItem(r.Event)
	if err != nil {
		return nil, err
	}
	row, err := requestItem(&r.Request)
	if err != nil {
		return nil, err
	}
	return append(writes, t.put(event, 0), t.put(row, r.Request.Version-1)), nil
}

// deletion deletes all rows of a request, its own, on the condition of its
// version, last.
func (t *Requests) deletion(f rights.File) []types.TransactWriteItem {
	var writes []types.TransactWriteItem
	remove := func(key item) *types.Delete {
		d := &types.Delete{TableName: &t.Table, Key: key}
		writes = append(writes, types.TransactWriteItem{Delete: d})
		return d
	}
	for _, n := range f.Notices {
		remove(noticeKey(n))
	}
	for _, e := range f.Events {
		remove(eventKey(e))
	}
	last := remove(requestKey(f.Request.ID, requestRowName))
	last.ConditionExpression = aws.String("version = :before")
	last.ExpressionAttributeValues = item{":before": num(f.Request.Version)}
	return writes
}

// turns splits what reduction or deletion writes of a request into
// transactions of at most so many writes, 2 or more. All but the last check
// that the request has still the version; the last has its own row, so that
// the index Disposal leads to the request until nothing is left to do. Blanked
// entries verify as before, so that a reduction that ends between two turns
// leaves a whole history. Of a deletion the oldest entries go first, and the
// history says that they are gone.
func (t *Requests) turns(id string, version int, writes []types.TransactWriteItem, most int) [][]types.TransactWriteItem {
	still := types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.Table, Key: requestKey(id, requestRowName), ConditionExpression: aws.String("version = :before"),
		ExpressionAttributeValues: item{":before": num(version)},
	}}
	var all [][]types.TransactWriteItem
	for len(writes) > most {
		n := min(most-1, len(writes)-2)
		all = append(all, append([]types.TransactWriteItem{still}, writes[:n]...))
		writes = writes[n:]
	}
	return append(all, writes)
}
