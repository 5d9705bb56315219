package template

import "fmt"

func (r *resolver) named(path string, arg any) (any, error) {
	return r.condition(path, arg.(string))
}

func (r *resolver) choose(path string, arg any) (any, error) {
	parts, ok := arg.([]any)
	if !ok || len(parts) != 3 {
		return nil, fmt.Errorf("%s: Fn::If takes a condition and two values", path)
	}
	name, _ := parts[0].(string)
	holds, err := r.condition(path, name)
	if err != nil {
		return nil, err
	}
	if holds {
		return r.eval(path, parts[1])
	}
	return r.eval(path, parts[2])
}

func (r *resolver) equals(path string, arg any) (any, error) {
	parts, ok := arg.([]any)
	if !ok || len(parts) != 2 {
		return nil, fmt.Errorf("%s: Fn::Equals takes two values", path)
	}
	left, err := r.text(path, parts[0])
	if err != nil {
		return nil, err
	}
	right, err := r.text(path, parts[1])
	return left == right, err
}

func (r *resolver) not(path string, arg any) (any, error) {
	holds, err := r.all(path, "Fn::Not", arg)
	if err != nil {
		return nil, err
	}
	return !holds[0], nil
}

func (r *resolver) and(path string, arg any) (any, error) {
	holds, err := r.all(path, "Fn::And", arg)
	for _, h := range holds {
		if !h {
			return false, err
		}
	}
	return true, err
}

// all resolves a list of conditions.
func (r *resolver) all(path, name string, arg any) ([]bool, error) {
	parts, ok := arg.([]any)
	if !ok || len(parts) == 0 {
		return nil, fmt.Errorf("%s: %s takes a list of conditions", path, name)
	}
	out := make([]bool, len(parts))
	for i, part := range parts {
		value, err := r.eval(path, part)
		if err != nil {
			return nil, err
		}
		out[i] = asBool(value)
	}
	return out, nil
}
