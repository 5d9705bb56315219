package iam

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// condition is one operator and key of a statement. A call's values are read
// from its Context.
type condition struct {
	operator
	key    string
	values texts
}

// operator compares each value of the call with those of the policy.
type operator struct {
	same   func(pattern, value string) bool
	forAll bool // ForAllValues: holds for a call without a value too
}

func equal(pattern, value string) bool { return pattern == value }
func like(pattern, value string) bool  { return matches(pattern, value, equal) }

// operators are those that are judged; any other is an error at the start.
var operators = map[string]operator{
	"StringEquals":              {equal, false},
	"StringLike":                {like, false},
	"ForAllValues:StringEquals": {equal, true},
	"ForAllValues:StringLike":   {like, true},
}

// keys are the condition keys that package iam finds in calls; any other is an
// error at the start.
var keys = []string{leadingKeys, fromAddress, eventSource, eventDetailType}

const (
	leadingKeys     = "dynamodb:LeadingKeys"
	fromAddress     = "ses:FromAddress"
	eventSource     = "events:source"
	eventDetailType = "events:detail-type"
)

func readConditions(in map[string]map[string]texts) ([]condition, error) {
	var out []condition
	for _, name := range slices.Sorted(maps.Keys(in)) {
		for _, key := range slices.Sorted(maps.Keys(in[name])) {
			c, err := readCondition(name, key, in[name][key])
			if err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	return out, nil
}

func readCondition(name, key string, values texts) (condition, error) {
	c := condition{values: values}
	var ok bool
	if c.operator, ok = operators[name]; !ok {
		return c, fmt.Errorf("the condition operator %s is not judged here", name)
	}
	at := slices.IndexFunc(keys, func(known string) bool { return strings.EqualFold(known, key) })
	if at < 0 {
		return c, fmt.Errorf("the condition key %s is not judged here", key)
	}
	c.key = keys[at]
	if c.key == leadingKeys && !c.forAll {
		return c, fmt.Errorf("%s may have several values, so %s needs ForAllValues before it", key, name)
	}
	for _, value := range values {
		if strings.Contains(value, "${") {
			return c, fmt.Errorf("the policy variable in %q is not judged here", value)
		}
	}
	return c, nil
}

// holds evaluates the condition ("IAM JSON policy elements: Condition
// operators", "Multivalued context keys").
func (c condition) holds(context map[string][]string) bool {
	values := context[c.key]
	other := func(value string) bool {
		return !slices.ContainsFunc(c.values, func(pattern string) bool { return c.same(pattern, value) })
	}
	return (c.forAll || len(values) > 0) && !slices.ContainsFunc(values, other)
}
