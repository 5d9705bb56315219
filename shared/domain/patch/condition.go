package patch

import (
	"reflect"
	"slices"
)

// Test is what a condition asks of its attribute.
type Test int

// The tests. None but TestAbsent holds where the attribute is absent.
const (
	TestOneOf   Test = iota // it equals one of Condition.Values
	TestAbsent              // it is not there; on a key's attribute: neither is the row
	TestPresent             // it is there
	TestAfter               // it is greater than the one of Condition.Values
	TestAny                 // one of Condition.Any holds
)

// Condition is asked of a row before it is written.
type Condition struct {
	Test   Test
	Attr   string
	Values []any // as a Row holds them
	Any    []Condition
}

// Is asks for a value; for an empty one it asks that the attribute be absent.
func Is(attr string, v any) Condition {
	if v = normal(v); v == nil {
		return Absent(attr)
	}
	return Condition{Attr: attr, Values: []any{v}}
}

// OneOf asks for one of some values, none of them empty.
func OneOf(attr string, values ...any) Condition {
	c := Condition{Attr: attr}
	for _, v := range values {
		c.Values = append(c.Values, normal(v))
	}
	return c
}

// Absent asks that an attribute not be there.
func Absent(attr string) Condition { return Condition{Test: TestAbsent, Attr: attr} }

// Present asks that an attribute be there.
func Present(attr string) Condition { return Condition{Test: TestPresent, Attr: attr} }

// After asks for a text, a time or a number that is greater than v.
func After(attr string, v any) Condition { return Condition{TestAfter, attr, []any{normal(v)}, nil} }

// Any asks that one of some conditions hold.
func Any(conditions ...Condition) Condition { return Condition{Test: TestAny, Any: conditions} }

// Holds reports whether a row fulfils the condition.
func (c Condition) Holds(row Row) bool {
	v, there := row[c.Attr]
	switch c.Test {
	case TestAny:
		return slices.ContainsFunc(c.Any, func(c Condition) bool { return c.Holds(row) })
	case TestAbsent:
		return !there
	case TestPresent:
		return there
	case TestAfter:
		return there && greater(v, c.Values[0])
	}
	return there && slices.ContainsFunc(c.Values, func(want any) bool { return reflect.DeepEqual(v, want) })
}

// greater compares as the store does: values of one type. Of two types none is greater.
func greater(a, b any) bool {
	switch a := a.(type) {
	case string:
		b, same := b.(string)
		return same && a > b
	case int64:
		b, same := b.(int64)
		return same && a > b
	}
	return false
}
