package streams

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Pattern is one compiled pattern of a FilterCriteria.
type Pattern struct{ root rule }

// rule tests the value under a key; there says whether the key is there.
type rule func(value any, there bool) bool

// Compile reads a filter pattern. Operators that Lambda does not know, or that
// this package does not, are errors: a filter that silently lets everything
// through would hide a fault until deployment.
func Compile(pattern json.RawMessage) (Pattern, error) {
	var parsed any
	if err := json.Unmarshal(pattern, &parsed); err != nil {
		return Pattern{}, fmt.Errorf("filter pattern: %w", err)
	}
	object, ok := parsed.(map[string]any)
	if !ok {
		return Pattern{}, fmt.Errorf("filter pattern: must be an object")
	}
	root, err := compileObject("$", object)
	return Pattern{root}, err
}

// Match tests a record in the JSON form that the function would see.
func (p Pattern) Match(record any) bool { return p.root(record, true) }

// compileObject wants all of its keys to match.
func compileObject(path string, object map[string]any) (rule, error) {
	rules := map[string]rule{}
	for key, value := range object {
		compiled, err := compileKey(path+"."+key, key, value)
		if err != nil {
			return nil, err
		}
		rules[key] = compiled
	}
	if len(rules) == 0 {
		return nil, fmt.Errorf("filter pattern: %s is empty", path)
	}
	return anyElement(func(value any, there bool) bool {
		fields, _ := value.(map[string]any)
		for key, test := range rules {
			inner, has := fields[key]
			if key == "$or" { // looks at the object itself
				inner, has = value, there
			}
			if !test(inner, has) {
				return false
			}
		}
		return true
	}), nil
}

func compileKey(path, key string, value any) (rule, error) {
	switch v := value.(type) {
	case map[string]any:
		return compileObject(path, v)
	case []any:
		if key == "$or" {
			return compileOr(path, v)
		}
		return compileLeaf(path, v)
	}
	return nil, fmt.Errorf("filter pattern: %s must be a list or an object", path)
}

func compileOr(path string, list []any) (rule, error) {
	var rules []rule
	for _, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("filter pattern: %s takes a list of objects", path)
		}
		compiled, err := compileObject(path, object)
		if err != nil {
			return nil, err
		}
		rules = append(rules, compiled)
	}
	return anyOf(rules), nil
}

func anyOf(rules []rule) rule {
	return func(value any, there bool) bool {
		for _, test := range rules {
			if test(value, there) {
				return true
			}
		}
		return false
	}
}

// anyElement lets a rule match one of an array's elements.
func anyElement(test rule) rule {
	return func(value any, there bool) bool {
		list, ok := value.([]any)
		if !ok {
			return test(value, there)
		}
		for _, item := range list {
			if test(item, there) {
				return true
			}
		}
		return false
	}
}

// compileLeaf wants one of its items to match.
func compileLeaf(path string, list []any) (rule, error) {
	var rules []rule
	for _, item := range list {
		compiled, err := compileItem(path, item)
		if err != nil {
			return nil, err
		}
		rules = append(rules, anyElement(compiled))
	}
	if len(rules) == 0 {
		return nil, fmt.Errorf("filter pattern: %s is empty", path)
	}
	return anyOf(rules), nil
}

func compileItem(path string, item any) (rule, error) {
	object, ok := item.(map[string]any)
	if !ok {
		return literal(item), nil
	}
	for name, argument := range object {
		operator, known := operators[name]
		if !known || len(object) != 1 {
			return nil, fmt.Errorf("filter pattern: %s: the local stack does not know %v", path, object)
		}
		compiled, ok := operator(argument)
		if !ok {
			return nil, fmt.Errorf("filter pattern: %s: %s does not take %v", path, name, argument)
		}
		return compiled, nil
	}
	return nil, fmt.Errorf("filter pattern: %s: an empty object", path)
}

func literal(want any) rule {
	return func(value any, there bool) bool { return there && isScalar(value) && value == want }
}

func isScalar(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// operators is filled in init: anything-but takes operators itself.
var operators map[string]func(argument any) (rule, bool)

func init() {
	operators = map[string]func(argument any) (rule, bool){
		"exists":             exists,
		"prefix":             textual(strings.HasPrefix),
		"suffix":             textual(strings.HasSuffix),
		"equals-ignore-case": textual(strings.EqualFold),
		"anything-but":       anythingBut,
		"numeric":            numeric,
	}
}

func exists(argument any) (rule, bool) {
	want, ok := argument.(bool)
	return func(value any, there bool) bool {
		return there == want && (!there || isScalar(value))
	}, ok
}

func textual(test func(text, argument string) bool) func(any) (rule, bool) {
	return func(argument any) (rule, bool) {
		want, ok := argument.(string)
		return func(value any, there bool) bool {
			text, isText := value.(string)
			return there && isText && test(text, want)
		}, ok
	}
}

// anythingBut takes a value, a list of values, or a prefix or suffix.
func anythingBut(argument any) (rule, bool) {
	unwanted, ok := anyOf(nil), true
	switch v := argument.(type) {
	case []any:
		var rules []rule
		for _, item := range v {
			rules = append(rules, literal(item))
		}
		unwanted = anyOf(rules)
	case map[string]any:
		compiled, err := compileItem("", v)
		unwanted, ok = compiled, err == nil
	default:
		unwanted = literal(v)
	}
	return func(value any, there bool) bool { return there && isScalar(value) && !unwanted(value, there) }, ok
}

var comparisons = map[string]func(a, b float64) bool{
	"=": func(a, b float64) bool { return a == b }, "!=": func(a, b float64) bool { return a != b },
	"<": func(a, b float64) bool { return a < b }, "<=": func(a, b float64) bool { return a <= b },
	">": func(a, b float64) bool { return a > b }, ">=": func(a, b float64) bool { return a >= b },
}

// numeric takes pairs: [">", 0, "<=", 5]. DynamoDB's numbers travel as text, so
// it does not match an N attribute, in Lambda as here.
func numeric(argument any) (rule, bool) {
	list, ok := argument.([]any)
	if !ok || len(list) == 0 || len(list)%2 != 0 {
		return nil, false
	}
	var tests []func(float64) bool
	for i := 0; i < len(list); i += 2 {
		name, _ := list[i].(string)
		compare, known := comparisons[name]
		bound, isNumber := list[i+1].(float64)
		if !known || !isNumber {
			return nil, false
		}
		tests = append(tests, func(value float64) bool { return compare(value, bound) })
	}
	return func(value any, there bool) bool {
		number, isNumber := value.(float64)
		for _, test := range tests {
			if !test(number) {
				return false
			}
		}
		return there && isNumber
	}, true
}
