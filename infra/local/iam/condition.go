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
	name       string // as the policy writes the operator
	key        string
	values     texts
	operator   operator
	quantifier string // ForAllValues, ForAnyValue or ""
	ifExists   bool
}

// operator compares one value of the call with one of the policy. A negated
// one holds where none of the policy's values compares.
type operator struct {
	same    func(pattern, value string) bool
	negated bool
	null    bool // asks whether the key is there
}

func equal(pattern, value string) bool { return pattern == value }
func like(pattern, value string) bool  { return matches(pattern, value, equal) }

// operators are those that are judged; any other is an error at the start.
var operators = map[string]operator{
	"StringEquals":              {same: equal},
	"StringNotEquals":           {same: equal, negated: true},
	"StringEqualsIgnoreCase":    {same: strings.EqualFold},
	"StringNotEqualsIgnoreCase": {same: strings.EqualFold, negated: true},
	"StringLike":                {same: like},
	"StringNotLike":             {same: like, negated: true},
	"Null":                      {null: true},
}

// keys are the condition keys that package iam finds in calls; any other is an
// error at the start.
var keys = []string{leadingKeys, enclosingOperation, fromAddress, eventSource, eventDetailType}

const (
	leadingKeys        = "dynamodb:LeadingKeys"
	enclosingOperation = "dynamodb:EnclosingOperation"
	fromAddress        = "ses:FromAddress"
	eventSource        = "events:source"
	eventDetailType    = "events:detail-type"
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
	c := condition{name: name, values: values}
	plain := name
	if quantifier, rest, ok := strings.Cut(name, ":"); ok {
		c.quantifier, plain = quantifier, rest
	}
	plain, c.ifExists = strings.CutSuffix(plain, "IfExists")
	var ok bool
	c.operator, ok = operators[plain]
	if !ok || c.operator.null && plain != name || !slices.Contains([]string{"", "ForAllValues", "ForAnyValue"}, c.quantifier) {
		return c, fmt.Errorf("the condition operator %s is not judged here", name)
	}
	at := slices.IndexFunc(keys, func(known string) bool { return strings.EqualFold(known, key) })
	if at < 0 {
		return c, fmt.Errorf("the condition key %s is not judged here", key)
	}
	c.key = keys[at]
	if c.key == leadingKeys && c.quantifier == "" && !c.operator.null {
		return c, fmt.Errorf("%s may have several values, so %s needs ForAllValues or ForAnyValue before it", key, name)
	}
	for _, value := range values {
		if strings.Contains(value, "${") {
			return c, fmt.Errorf("the policy variable in %q is not judged here", value)
		}
	}
	return c, nil
}

// holds evaluates the condition ("IAM JSON policy elements: Condition
// operators", "Multivalued context keys"). Without a value of the key,
// ForAllValues holds and ForAnyValue does not.
func (c condition) holds(context map[string][]string) bool {
	values := context[c.key]
	switch {
	case c.operator.null:
		return slices.Contains(c.values, fmt.Sprint(len(values) == 0))
	case len(values) == 0 && c.quantifier == "":
		return c.ifExists || c.operator.negated
	case c.quantifier == "ForAllValues":
		return !slices.ContainsFunc(values, func(v string) bool { return !c.compares(v) })
	}
	return c.ifExists && len(values) == 0 || slices.ContainsFunc(values, c.compares)
}

func (c condition) compares(value string) bool {
	found := slices.ContainsFunc(c.values, func(pattern string) bool { return c.operator.same(pattern, value) })
	return found != c.operator.negated
}
