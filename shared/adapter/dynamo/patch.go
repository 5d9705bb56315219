package dynamo

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/patch"
)

// expressions are what DynamoDB takes for a patch. Every name is written with
// "#", since DynamoDB reserves words such as state, name and source.
type expressions struct {
	set, add, remove, when []string
	names                  map[string]string // nil while empty, as DynamoDB wants it
	values                 Item
}

// expressionsOf are those of a patch for the row of a key. KeepOnly has no such
// expression: see RewriteWrite.
func expressionsOf(p patch.Patch, key Item) *expressions {
	if _, only := p.Kept(); only {
		panic("dynamo: a patch that keeps only some attributes is a rewrite")
	}
	e := &expressions{}
	e.tests(p.Conditions())
	for _, s := range p.Steps() {
		e.step(s)
	}
	e.values = spreadValues(e.values, key)
	return e
}

// conditionsOf are those of a write that replaces or deletes the row of a key.
func conditionsOf(conditions []patch.Condition, key Item) *expressions {
	e := &expressions{}
	e.tests(conditions)
	e.values = spreadValues(e.values, key)
	return e
}

func (e *expressions) step(s patch.Step) {
	name := e.name(s.Attr)
	switch s.Op {
	case patch.OpSet:
		e.set = append(e.set, name+" = "+e.value(":"+s.Attr, s.Value))
	case patch.OpSetOnce:
		e.set = append(e.set, name+" = if_not_exists("+name+", "+e.value(":"+s.Attr, s.Value)+")")
	case patch.OpIncrement:
		e.set = append(e.set, name+" = if_not_exists("+name+", "+e.value(":zero", int64(0))+") + "+e.value(":one", int64(1)))
	case patch.OpUnite:
		e.add = append(e.add, name+" "+e.value(":"+s.Attr, s.Value))
	case patch.OpClear:
		e.remove = append(e.remove, name)
	}
}

func (e *expressions) tests(conditions []patch.Condition) {
	for _, c := range conditions {
		e.when = append(e.when, e.test(c))
	}
}

func (e *expressions) test(c patch.Condition) string {
	switch c.Test {
	case patch.TestAny:
		var any []string
		for _, c := range c.Any {
			any = append(any, e.test(c))
		}
		return "(" + strings.Join(any, " OR ") + ")"
	case patch.TestAbsent:
		return "attribute_not_exists(" + e.name(c.Attr) + ")"
	case patch.TestPresent:
		return "attribute_exists(" + e.name(c.Attr) + ")"
	case patch.TestAfter:
		return e.name(c.Attr) + " > " + e.wanted(c.Attr, c.Values[0])
	}
	var values []string
	for _, v := range c.Values {
		values = append(values, e.wanted(c.Attr, v))
	}
	return e.name(c.Attr) + " IN (" + strings.Join(values, ", ") + ")"
}

// wanted names a value that a condition compares with: ":if_state", ":if1_state", …
func (e *expressions) wanted(attr string, v any) string {
	name := ":if_" + attr
	for n := 1; e.values[name] != nil; n++ {
		name = ":if" + strconv.Itoa(n) + "_" + attr
	}
	return e.value(name, v)
}

func (e *expressions) name(attr string) string {
	if e.names == nil {
		e.names = map[string]string{}
	}
	e.names["#"+attr] = attr
	return "#" + attr
}

func (e *expressions) value(name string, v any) string {
	if e.values == nil {
		e.values = Item{}
	}
	e.values[name] = attribute(v)
	return name
}

func (e *expressions) update() *string {
	var clauses []string
	for _, c := range []struct {
		verb string
		of   []string
	}{{"SET ", e.set}, {"ADD ", e.add}, {"REMOVE ", e.remove}} {
		if len(c.of) > 0 {
			clauses = append(clauses, c.verb+strings.Join(c.of, ", "))
		}
	}
	all := strings.Join(clauses, " ")
	return &all
}

func (e *expressions) condition() *string {
	if len(e.when) == 0 {
		return nil
	}
	all := strings.Join(e.when, " AND ")
	return &all
}

// RowOf is an item in the domain's words.
func RowOf(i Item) patch.Row {
	row := patch.Row{}
	for name, v := range i {
		if row[name] = value(v); slices.Contains(spreads, name) {
			row[name] = gather(i.Str(name))
		}
	}
	return row
}

// RowItem is a row in the domain's words as an item, its kinds not spread yet.
func RowItem(row patch.Row) Item {
	i := Item{}
	for name, v := range row {
		i[name] = attribute(v)
	}
	return i
}

// itemOf is a row with its key.
func itemOf(row patch.Row, key Item) Item {
	i := RowItem(row)
	maps.Copy(i, key)
	return i
}

// NewItem is what a patch makes of a row that is not there, its kinds not spread yet.
func NewItem(key Item, p patch.Patch) Item { return itemOf(p.Result(nil), key) }

func attribute(v any) types.AttributeValue {
	switch v := v.(type) {
	case string:
		return Str(v)
	case int64:
		return Num(v)
	case []byte:
		return &types.AttributeValueMemberB{Value: v}
	case patch.Set:
		return &types.AttributeValueMemberSS{Value: v}
	case patch.Row:
		return &types.AttributeValueMemberM{Value: RowItem(v)}
	}
	panic(fmt.Sprintf("dynamo: a row cannot hold a %T", v))
}

func value(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return Item{"": v}.Num("")
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
