package streams

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// matcher tests the value under a key; present says whether the key is there.
type matcher func(value any, present bool) bool

// compile reads a filter pattern. It knows exact values and prefixes, which is
// what template.yaml uses. Any other operator is an error: a filter that
// silently lets everything through would hide a fault until deployment.
func compile(text json.RawMessage) (matcher, error) {
	var pattern any
	if err := json.Unmarshal(text, &pattern); err != nil {
		return nil, fmt.Errorf("filter pattern: %w", err)
	}
	object, ok := pattern.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("filter pattern: must be an object")
	}
	return compileObject("$", object)
}

// compileObject wants all of its keys to match.
func compileObject(path string, object map[string]any) (matcher, error) {
	members := map[string]matcher{}
	for key, value := range object {
		member, err := compileKey(path+"."+key, key, value)
		if err != nil {
			return nil, err
		}
		members[key] = member
	}
	if len(members) == 0 {
		return nil, fmt.Errorf("filter pattern: %s is empty", path)
	}
	return anyElement(func(value any, _ bool) bool {
		fields, _ := value.(map[string]any)
		for key, match := range members {
			if field, present := fields[key]; !match(field, present) {
				return false
			}
		}
		return true
	}), nil
}

func compileKey(path, key string, value any) (matcher, error) {
	switch v := value.(type) {
	case map[string]any:
		return compileObject(path, v)
	case []any:
		if key != "$or" {
			return compileList(path, v)
		}
		return nil, fmt.Errorf("filter pattern: the local stack does not know $or")
	}
	return nil, fmt.Errorf("filter pattern: %s must be a list or an object", path)
}

// compileList wants one of its items to match.
func compileList(path string, list []any) (matcher, error) {
	var items []matcher
	for _, item := range list {
		match, err := compileItem(path, item)
		if err != nil {
			return nil, err
		}
		items = append(items, match)
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("filter pattern: %s is empty", path)
	}
	return anyElement(func(value any, present bool) bool {
		return slices.ContainsFunc(items, func(match matcher) bool { return match(value, present) })
	}), nil
}

func compileItem(path string, item any) (matcher, error) {
	switch v := item.(type) {
	case map[string]any:
		if prefix, ok := v["prefix"].(string); ok && len(v) == 1 {
			return func(value any, _ bool) bool {
				text, ok := value.(string)
				return ok && strings.HasPrefix(text, prefix)
			}, nil
		}
	case string, float64, bool, nil:
		return func(value any, present bool) bool { return present && value == item }, nil
	}
	return nil, fmt.Errorf("filter pattern: %s: the local stack does not know %v", path, item)
}

// anyElement lets a matcher match one of an array's elements.
func anyElement(match matcher) matcher {
	return func(value any, present bool) bool {
		if list, ok := value.([]any); ok {
			return slices.ContainsFunc(list, func(item any) bool { return match(item, present) })
		}
		return match(value, present)
	}
}
