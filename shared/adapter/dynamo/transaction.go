package dynamo

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/patch"
)

// MaxWrites is how many writes one transaction takes.
const MaxWrites = 100

// oldRow makes a refusal say what the row is.
const oldRow = types.ReturnValuesOnConditionCheckFailureAllOld

// Transact makes writes of any tables in one transaction, and again while
// another one holds a row of it.
func (t Table) Transact(ctx context.Context, writes ...types.TransactWriteItem) error {
	return retry(ctx, func() error {
		_, err := t.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
		return err
	})
}

// PutWrite writes a whole row.
func (t Table) PutWrite(row Item, conditions ...patch.Condition) types.TransactWriteItem {
	e := conditionsOf(conditions, row)
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &t.Name, Item: spreadRow(row), ReturnValuesOnConditionCheckFailure: oldRow,
		ConditionExpression: e.condition(), ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
	}}
}

// UpdateWrite patches a row.
func (t Table) UpdateWrite(key Item, p patch.Patch) types.TransactWriteItem {
	e := expressionsOf(p, key)
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &t.Name, Key: key, ReturnValuesOnConditionCheckFailure: oldRow, UpdateExpression: e.update(),
		ConditionExpression: e.condition(), ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
	}}
}

// CreateWrite writes what a patch makes of a row that must not be there yet.
// The engine is spared the expression.
func (t Table) CreateWrite(key Item, p patch.Patch) types.TransactWriteItem {
	return t.PutWrite(NewItem(key, p), absent(key))
}

// absent wants no row of the key to be there.
func absent(key Item) patch.Condition {
	for attr := range key {
		return patch.Absent(attr) // any attribute of the key will do
	}
	panic("dynamo: a key without an attribute")
}

// RewriteWrite writes what a patch that keeps only some attributes makes of a
// row that was read. The row must still be as it was in all that is kept. One
// of which nothing is kept is deleted, read or not.
func (t Table) RewriteWrite(key, read Item, p patch.Patch) types.TransactWriteItem {
	kept, _ := p.Kept()
	if len(kept)+len(p.Steps()) == 0 {
		return t.DeleteWrite(key, p.Conditions()...)
	}
	was := RowOf(read)
	conditions := slices.Clone(p.Conditions())
	for _, name := range kept {
		conditions = append(conditions, patch.Is(name, was[name]))
	}
	return t.PutWrite(itemOf(p.Result(was), key), conditions...)
}

// DeleteWrite deletes a row.
func (t Table) DeleteWrite(key Item, conditions ...patch.Condition) types.TransactWriteItem {
	e := conditionsOf(conditions, key)
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &t.Name, Key: key, ReturnValuesOnConditionCheckFailure: oldRow,
		ConditionExpression: e.condition(), ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
	}}
}

// CheckWrite writes nothing: the transaction fails unless the row meets the conditions.
func (t Table) CheckWrite(key Item, conditions ...patch.Condition) types.TransactWriteItem {
	e := conditionsOf(conditions, key)
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.Name, Key: key, ReturnValuesOnConditionCheckFailure: oldRow,
		ConditionExpression: e.condition(), ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
	}}
}
