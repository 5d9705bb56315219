package dynamo

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/patch"
)

// fromPatch says in one update expression what a patch says. KeepOnly has no
// such expression; see rewrite.
func fromPatch(p patch.Patch) *update {
	if _, only := p.Kept(); only {
		panic("dynamo: a patch that keeps only some attributes is a rewrite")
	}
	u := newUpdate()
	for _, s := range p.Steps() {
		switch s.Op {
		case patch.OpSet:
			u.put(s.Attr, attribute(s.Value))
		case patch.OpSetOnce:
			u.keep(s.Attr, attribute(s.Value))
		case patch.OpClear:
			u.drop(s.Attr)
		case patch.OpIncrement:
			u.add(s.Attr)
		}
	}
	u.onlyIf(p.Conditions())
	return u
}

func (u *update) onlyIf(conditions []patch.Condition) {
	for _, c := range conditions {
		u.condition = append(u.condition, u.test(c))
	}
}

func (u *update) test(c patch.Condition) string {
	switch c.Test {
	case patch.TestAny:
		var any []string
		for _, c := range c.Any {
			any = append(any, u.test(c))
		}
		return "(" + strings.Join(any, " OR ") + ")"
	case patch.TestAbsent:
		return "attribute_not_exists(" + u.name(c.Attr) + ")"
	case patch.TestPresent:
		return "attribute_exists(" + u.name(c.Attr) + ")"
	case patch.TestAfter:
		return u.name(c.Attr) + " > " + u.wanted(c.Attr, attribute(c.Values[0]))
	case patch.TestUntil:
		return u.name(c.Attr) + " <= " + u.wanted(c.Attr, attribute(c.Values[0]))
	}
	var values []string
	for _, v := range c.Values {
		values = append(values, u.wanted(c.Attr, attribute(v)))
	}
	return u.name(c.Attr) + " IN (" + strings.Join(values, ", ") + ")"
}

// wanted names a value that a condition compares with: ":if_state", ":if1_state", …
func (u *update) wanted(attr string, v types.AttributeValue) string {
	name := ":if_" + attr
	for n := 1; u.values[name] != nil; n++ {
		name = ":if" + strconv.Itoa(n) + "_" + attr
	}
	u.values[name] = v
	return name
}

// create is a patch of a row that must not be there yet, as a part of a
// transaction. The engine is spared the expression.
func create(p patch.Patch, table string, key item) types.TransactWriteItem {
	row, _ := p.Apply(nil)
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &table, Item: itemOf(row, key),
		ConditionExpression: aws.String("attribute_not_exists(#ref)"), ExpressionAttributeNames: map[string]string{"#ref": "ref"},
	}}
}

// rewrite writes what a patch that keeps only some attributes makes of a row
// that was read, as a part of a transaction. The row must still be as it was
// in all that is kept.
func rewrite(p patch.Patch, table string, key, read item) types.TransactWriteItem {
	after, ok := p.Apply(rowOf(read))
	if !ok {
		after = patch.Row{} // the engine refuses it for the same condition
	}
	u := newUpdate() // for its conditions alone
	u.onlyIf(p.Conditions())
	kept, _ := p.Kept()
	for _, name := range kept {
		u.sameOrAbsent(name, read[name])
	}
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &table, Item: itemOf(after, key), ConditionExpression: u.conditions(),
		ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.given(key),
	}}
}

// rowOf is an item in the domain's words.
func rowOf(i item) patch.Row {
	row := patch.Row{}
	for name, v := range i {
		if row[name] = value(v); slices.Contains(spreads, name) {
			row[name] = gather(i.str(name))
		}
	}
	return row
}

// itemOf is a row of a key as DynamoDB keeps it.
func itemOf(row patch.Row, key item) item {
	i := item{}
	for name, v := range row {
		i[name] = attribute(v)
	}
	maps.Copy(i, key)
	return spreadRow(i)
}

func attribute(v any) types.AttributeValue {
	switch v := v.(type) {
	case string:
		return str(v)
	case int64:
		return num(v)
	case []byte:
		return &types.AttributeValueMemberB{Value: v}
	case patch.Set:
		return &types.AttributeValueMemberSS{Value: v}
	case patch.Row:
		within := item{}
		for name, v := range v {
			within[name] = attribute(v)
		}
		return &types.AttributeValueMemberM{Value: within}
	}
	panic(fmt.Sprintf("dynamo: a row cannot hold a %T", v))
}

func value(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return number(v)
	case *types.AttributeValueMemberB:
		return v.Value
	case *types.AttributeValueMemberSS:
		return patch.Set(v.Value)
	case *types.AttributeValueMemberM:
		within := patch.Row{}
		for name, v := range v.Value {
			within[name] = value(v)
		}
		return within
	}
	return nil // of a type that nothing here writes
}
