package iam

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// statement is one statement of an identity policy ("IAM JSON policy element
// reference").
type statement struct {
	place      string // for people
	allow      bool
	actions    texts
	resources  texts
	conditions []condition
}

func readStatement(raw map[string]json.RawMessage) (statement, error) {
	var s statement
	var effect, sid string
	var conditions map[string]map[string]texts
	into := map[string]any{"Sid": &sid, "Effect": &effect, "Condition": &conditions, "Action": &s.actions, "Resource": &s.resources}
	for _, element := range slices.Sorted(maps.Keys(raw)) {
		field, ok := into[element]
		if !ok {
			return s, fmt.Errorf("the element %s is not judged here", element)
		}
		if err := json.Unmarshal(raw[element], field); err != nil {
			return s, fmt.Errorf("%s: %w", element, err)
		}
	}
	var err error
	if s.conditions, err = readConditions(conditions); err != nil {
		return s, err
	}
	s.allow = effect == "Allow"
	return s, s.check(effect)
}

func (s statement) check(effect string) error {
	switch {
	case effect != "Allow" && effect != "Deny":
		return fmt.Errorf("its Effect must be Allow or Deny, not %q", effect)
	case len(s.actions) == 0:
		return fmt.Errorf("it must have Action")
	case len(s.resources) == 0:
		return fmt.Errorf("it must have Resource")
	}
	for _, text := range s.resources {
		if strings.Contains(text, "${") {
			return fmt.Errorf("the policy variable in %q is not judged here", text)
		}
		if text != "*" && !strings.HasPrefix(text, "arn:") {
			return fmt.Errorf("the resource %q must be an ARN or *", text)
		}
	}
	return nil
}

// covers tells whether the statement is about a call's action and resource,
// whatever its conditions say. Actions have no case, ARNs have.
func (s statement) covers(c Call) bool {
	return matchesAny(s.actions, c.Action, strings.EqualFold) && matchesAny(s.resources, c.Resource, equal)
}

func (s statement) conditionsHold(c Call) bool {
	for _, condition := range s.conditions {
		if !condition.holds(c.Context) {
			return false
		}
	}
	return true
}

func (s statement) conditionKeys() string {
	var keys []string
	for _, c := range s.conditions {
		keys = append(keys, c.key)
	}
	return strings.Join(keys, " and ")
}

func matchesAny(patterns []string, text string, same func(a, b string) bool) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, text, same) })
}

// matches compares with the wildcards * (any text) and ? (any one character).
func matches(pattern, text string, same func(a, b string) bool) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || same(pattern[p:p+1], text[t:t+1])):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
