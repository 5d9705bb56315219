package main

import (
	"context"
	"math/rand/v2"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/testkit/faults"
)

// personal is what an opt-out loses when it is reduced to its tombstone.
const personal = "address, #name, #source, campaign, form, detail, soft_days, erase_wanted_at, erase_request, ses_reason, job, disposal, disposal_at"

// erase reduces somebody's records to tombstones, as the sweep of package
// retention does once their time is over or an erasure is ordered: those that
// SES has been told of, and that have not changed since they were looked at.
// It is written anew here until the sweep can be driven with a clock of ours.
func (w *world) erase(random *rand.Rand) {
	ref := string(w.key.Ref(w.somebody(random)))
	_ = w.do(&op{kind: "erase"}, func() error {
		for _, row := range w.rowsOf(ref) {
			if i := w.rows[row]; i.pending == "" {
				if err := w.reduce(row, i.version); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (w *world) reduce(row faults.Row, version int) error {
	_, err := w.raw.DB.UpdateItem(context.Background(), &dynamodb.UpdateItemInput{
		TableName: &w.table,
		Key: map[string]types.AttributeValue{
			"ref": &types.AttributeValueMemberS{Value: row.Ref}, "scope": &types.AttributeValueMemberS{Value: row.Scope},
		},
		UpdateExpression:         aws.String("SET reduced_at = if_not_exists(reduced_at, :at) REMOVE " + personal),
		ConditionExpression:      aws.String("version = :version AND attribute_not_exists(pending)"),
		ExpressionAttributeNames: map[string]string{"#name": "name", "#source": "source"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":at":      &types.AttributeValueMemberS{Value: stamp(w.clock.Now())},
			":version": &types.AttributeValueMemberN{Value: number(version)},
		},
	})
	return err
}

// erased reports whether an image is that of before without what is personal.
func (i image) erased(before image) bool {
	before.address, before.source, before.erase = "", "", ""
	return i.choice() == before.choice()
}

// forgotten reports whether a person is suppressed by records of which none
// has an address any more: what SES loses of them cannot be put again.
func (w *world) forgotten(ref, now string) bool {
	for _, row := range w.rowsOf(ref) {
		i := w.rows[row]
		if listed := row.Scope == "email" || row.Scope == "bounce" || row.Scope == "complaint"; listed && i.suppresses(now) && i.address != "" {
			return false
		}
	}
	return true
}

// rowsOf are a person's records that were seen to be written, sorted.
func (w *world) rowsOf(ref string) []faults.Row {
	w.mu.Lock()
	defer w.mu.Unlock()
	var rows []faults.Row
	for _, scope := range scopes {
		if row := (faults.Row{Ref: ref, Scope: scope}); w.rows[row].version > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// scopes are all that the round's people have.
var scopes = strings.Fields("bounce complaint email email/newsletter email/offers phone post sms")
