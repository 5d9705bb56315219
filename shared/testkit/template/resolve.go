package template

import (
	"fmt"
	"maps"
	"slices"
)

// object is a YAML mapping.
type object = map[string]any

// noValue is what AWS::NoValue resolves to: the property is left out.
type noValue struct{}

// resolver evaluates intrinsics against one template's parameters, conditions
// and resources.
type resolver struct {
	options    Options
	parameters map[string]any
	conditions object
	resources  map[string]object
	deep       int
}

// deepest is far above any honest nesting; past it, two resources name each other.
const deepest = 200

// eval resolves a value; path says where it stands, for the error.
func (r *resolver) eval(path string, value any) (any, error) {
	r.deep++
	defer func() { r.deep-- }()
	if r.deep > deepest {
		return nil, fmt.Errorf("%s: refers to itself", path)
	}
	switch v := value.(type) {
	case object:
		if name, arg, ok := intrinsic(v); ok {
			return r.call(path, name, arg)
		}
		return r.evalMap(path, v)
	case []any:
		return r.evalList(path, v)
	}
	return value, nil
}

func (r *resolver) evalMap(path string, in object) (any, error) {
	out := make(object, len(in))
	for _, key := range slices.Sorted(maps.Keys(in)) {
		value, err := r.eval(path+"."+key, in[key])
		if err != nil {
			return nil, err
		}
		if _, drop := value.(noValue); !drop {
			out[key] = value
		}
	}
	return out, nil
}

func (r *resolver) evalList(path string, in []any) (any, error) {
	out := make([]any, 0, len(in))
	for i, item := range in {
		value, err := r.eval(fmt.Sprintf("%s[%d]", path, i), item)
		if err != nil {
			return nil, err
		}
		if _, drop := value.(noValue); !drop {
			out = append(out, value)
		}
	}
	return out, nil
}

// text resolves a value that must be a string, number or bool.
func (r *resolver) text(path string, value any) (string, error) {
	resolved, err := r.eval(path, value)
	if err != nil {
		return "", err
	}
	text, ok := asText(resolved)
	if !ok {
		return "", fmt.Errorf("%s: must be a single value, not a list or a map", path)
	}
	return text, nil
}

// kept tells whether a resource's Condition holds.
func (r *resolver) kept(path string, resource object) (bool, error) {
	name, ok := resource["Condition"].(string)
	if !ok {
		return true, nil
	}
	return r.condition(path+".Condition", name)
}

func (r *resolver) condition(path, name string) (bool, error) {
	rule, ok := r.conditions[name]
	if !ok {
		return false, fmt.Errorf("%s: there is no condition %q", path, name)
	}
	value, err := r.eval("Conditions."+name, rule)
	if err != nil {
		return false, err
	}
	return asBool(value), nil
}
