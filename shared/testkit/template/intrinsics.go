package template

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// intrinsicFunc computes one Fn::X.
type intrinsicFunc func(r *resolver, path string, arg any) (any, error)

// intrinsics is filled in init: its functions call back into eval.
var intrinsics map[string]intrinsicFunc

func init() {
	intrinsics = map[string]intrinsicFunc{
		"Ref":        (*resolver).ref,
		"Condition":  (*resolver).named,
		"Fn::GetAtt": (*resolver).getAtt,
		"Fn::Sub":    (*resolver).sub,
		"Fn::If":     (*resolver).choose,
		"Fn::Equals": (*resolver).equals,
		"Fn::Not":    (*resolver).not,
		"Fn::And":    (*resolver).and,
		"Fn::Select": (*resolver).pick,
		"Fn::Split":  (*resolver).split,
	}
}

// intrinsic recognises {Ref: X}, {Fn::X: ...} and {Condition: Name}. A lone
// Condition with a map in it is an IAM policy's, not CloudFormation's.
func intrinsic(m object) (string, any, bool) {
	if len(m) != 1 {
		return "", nil, false
	}
	for name, arg := range m {
		_, text := arg.(string)
		if name == "Ref" || strings.HasPrefix(name, "Fn::") || name == "Condition" && text {
			return name, arg, true
		}
	}
	return "", nil, false
}

func (r *resolver) call(path, name string, arg any) (any, error) {
	f, ok := intrinsics[name]
	if !ok {
		return nil, fmt.Errorf("%s: the local stack cannot resolve %s", path, name)
	}
	return f(r, path, arg)
}

func (r *resolver) ref(path string, arg any) (any, error) {
	name, _ := arg.(string)
	if value, ok := r.parameters[name]; ok {
		return value, nil
	}
	return r.identify(path, name, "")
}

func (r *resolver) getAtt(path string, arg any) (any, error) {
	parts, ok := arg.([]any)
	if text, is := arg.(string); is {
		resource, attribute, _ := strings.Cut(text, ".")
		parts, ok = []any{resource, attribute}, true
	}
	if !ok || len(parts) != 2 {
		return nil, fmt.Errorf("%s: Fn::GetAtt takes a resource and an attribute", path)
	}
	resource, _ := parts[0].(string)
	attribute, err := r.text(path, parts[1])
	if err != nil {
		return nil, err
	}
	return r.identify(path, resource, attribute)
}

var placeholder = regexp.MustCompile(`\$\{(!?)([^}]*)\}`)

func (r *resolver) sub(path string, arg any) (any, error) {
	format, local, err := subArguments(path, arg)
	if err != nil {
		return nil, err
	}
	var failed error
	out := placeholder.ReplaceAllStringFunc(format, func(match string) string {
		part := placeholder.FindStringSubmatch(match)
		if part[1] == "!" { // ${!Literal} stays ${Literal}
			return "${" + part[2] + "}"
		}
		text, err := r.text(path, substitute(strings.TrimSpace(part[2]), local))
		if err != nil && failed == nil {
			failed = err
		}
		return text
	})
	return out, failed
}

func subArguments(path string, arg any) (string, object, error) {
	switch v := arg.(type) {
	case string:
		return v, nil, nil
	case []any:
		if len(v) == 2 {
			format, isText := v[0].(string)
			local, isMap := v[1].(object)
			if isText && isMap {
				return format, local, nil
			}
		}
	}
	return "", nil, fmt.Errorf("%s: Fn::Sub takes a string, or a string and a map", path)
}

// substitute says what ${name} stands for: a local value, an attribute or a Ref.
func substitute(name string, local object) any {
	if value, ok := local[name]; ok {
		return value
	}
	if resource, attribute, ok := strings.Cut(name, "."); ok {
		return object{"Fn::GetAtt": []any{resource, attribute}}
	}
	return object{"Ref": name}
}

func (r *resolver) split(path string, arg any) (any, error) {
	parts, ok := arg.([]any)
	if !ok || len(parts) != 2 {
		return nil, fmt.Errorf("%s: Fn::Split takes a delimiter and a string", path)
	}
	delimiter, _ := parts[0].(string)
	text, err := r.text(path, parts[1])
	if err != nil {
		return nil, err
	}
	var out []any
	for part := range strings.SplitSeq(text, delimiter) {
		out = append(out, part)
	}
	return out, nil
}

func (r *resolver) pick(path string, arg any) (any, error) {
	parts, ok := arg.([]any)
	if !ok || len(parts) != 2 {
		return nil, fmt.Errorf("%s: Fn::Select takes an index and a list", path)
	}
	index, err := r.text(path, parts[0])
	if err != nil {
		return nil, err
	}
	list, err := r.eval(path, parts[1])
	if err != nil {
		return nil, err
	}
	items, _ := list.([]any)
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(items) {
		return nil, fmt.Errorf("%s: Fn::Select: no item %s in a list of %d", path, index, len(items))
	}
	return items[i], nil
}
