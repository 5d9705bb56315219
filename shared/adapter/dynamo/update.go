package dynamo

import (
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// update builds an update expression. Every name is written with "#", since
// DynamoDB reserves words such as state, name and source.
type update struct {
	set, remove []string
	unite       []string
	condition   []string
	names       map[string]string
	values      item
	fresh       item // what the update makes of a row that is not there
}

func newUpdate() *update { return &update{names: map[string]string{}, values: item{}, fresh: item{}} }

func (u *update) name(attr string) string {
	u.names["#"+attr] = attr
	return "#" + attr
}

func (u *update) value(attr string, v types.AttributeValue) string {
	u.values[":"+attr] = v
	return ":" + attr
}

// put sets an attribute.
func (u *update) put(attr string, v types.AttributeValue) {
	u.set, u.fresh[attr] = append(u.set, u.name(attr)+" = "+u.value(attr, v)), v
}

// keep sets an attribute that the row does not have yet.
func (u *update) keep(attr string, v types.AttributeValue) {
	n := u.name(attr)
	u.set, u.fresh[attr] = append(u.set, n+" = if_not_exists("+n+", "+u.value(attr, v)+")"), v
}

// add raises a number by one.
func (u *update) add(attr string) {
	n := u.name(attr)
	u.set, u.fresh[attr] = append(u.set, n+" = if_not_exists("+n+", "+u.value("zero", num(0))+") + "+u.value("one", num(1))), num(1)
}

// join adds texts to a set of texts.
func (u *update) join(attr string, texts []string) {
	u.unite = append(u.unite, u.name(attr)+" "+u.value(attr, &types.AttributeValueMemberSS{Value: texts}))
}

// drop removes attributes.
func (u *update) drop(attrs ...string) {
	for _, a := range attrs {
		u.remove = append(u.remove, u.name(a))
	}
}

// putOrDrop sets a text, or removes it when it is empty.
func (u *update) putOrDrop(attr, text string) {
	if text == "" {
		u.drop(attr)
		return
	}
	u.put(attr, str(text))
}

// only makes the update conditional on an attribute's value.
func (u *update) only(attr string, v types.AttributeValue) {
	u.condition = append(u.condition, u.name(attr)+" = "+u.wanted(attr, v))
}

// exists makes the update conditional on the row being there.
func (u *update) exists(attr string) {
	u.condition = append(u.condition, "attribute_exists("+u.name(attr)+")")
}

// absent makes the update conditional on the row not being there.
func (u *update) absent(attr string) {
	u.condition = append(u.condition, "attribute_not_exists("+u.name(attr)+")")
}

// sameOrAbsent makes the update conditional on an attribute's value, or, where
// that is nil, on the row not having it.
func (u *update) sameOrAbsent(attr string, v types.AttributeValue) {
	if v == nil {
		u.absent(attr)
		return
	}
	u.only(attr, v)
}

func (u *update) expression() *string {
	var parts []string
	if len(u.set) > 0 {
		parts = append(parts, "SET "+strings.Join(u.set, ", "))
	}
	if len(u.unite) > 0 {
		parts = append(parts, "ADD "+strings.Join(u.unite, ", "))
	}
	if len(u.remove) > 0 {
		parts = append(parts, "REMOVE "+strings.Join(u.remove, ", "))
	}
	return aws.String(strings.Join(parts, " "))
}

func (u *update) conditions() *string {
	if len(u.condition) == 0 {
		return nil
	}
	return aws.String(strings.Join(u.condition, " AND "))
}

// given are the values of the expressions for a row; DynamoDB refuses an empty
// map.
func (u *update) given(key item) item {
	if len(u.values) == 0 {
		return nil
	}
	return spreadValues(u.values, key)
}

// input is the update as a call of its own that returns the new row.
func (u *update) input(table string, key item) *dynamodb.UpdateItemInput {
	return &dynamodb.UpdateItemInput{
		TableName: &table, Key: key, ReturnValues: types.ReturnValueAllNew,
		UpdateExpression: u.expression(), ConditionExpression: u.conditions(),
		ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.given(key),
	}
}

// write is the update as a part of a transaction.
func (u *update) write(table string, key item) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &table, Key: key,
		UpdateExpression: u.expression(), ConditionExpression: u.conditions(),
		ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.given(key),
	}}
}

// create is the update as a part of a transaction, for a row that must not be
// there yet. The engine is spared the expression.
func (u *update) create(table string, key item) types.TransactWriteItem {
	row := item{}
	maps.Copy(row, u.fresh)
	maps.Copy(row, key)
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &table, Item: spreadRow(row),
		ConditionExpression: aws.String("attribute_not_exists(#ref)"), ExpressionAttributeNames: map[string]string{"#ref": "ref"},
	}}
}
