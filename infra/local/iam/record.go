package iam

import (
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Record keeps each different verdict once. Its Tell is a Judge's.
type Record struct {
	mu     sync.Mutex
	calls  map[string]Call
	denied map[string]Verdict
}

// Tell takes a verdict in.
func (r *Record) Tell(v Verdict) {
	key := fmt.Sprint(v.Function, " ", v.Action, " ", v.Resource, v.Context)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls, r.denied = map[string]Call{}, map[string]Verdict{}
	}
	if v.Denied != "" {
		r.denied[fmt.Sprint(v.Function, v.Action, v.Resource, v.Denied)] = v
		return
	}
	r.calls[key] = v.Call
}

// Denied lists what was denied, a line each.
func (r *Record) Denied() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, v := range r.denied {
		out = append(out, v.String())
	}
	slices.Sort(out)
	return out
}

// Calls are the different calls that were allowed.
func (r *Record) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.calls))
}

// Unnoticed robs each role of one permission at a time, which is one action on
// one resource, or one value of a condition, and lists those whose loss denies
// none of the calls: no call needs them, or another statement has them too.
func Unnoticed(roles *Roles, calls []Call) []string {
	var out []string
	byRole := map[string]role{}
	needs := map[string][]Call{}
	for _, r := range roles.roles {
		byRole[r.name] = r.apart()
	}
	for _, c := range calls {
		name := roles.roles[c.Function].name
		needs[name] = append(needs[name], c)
	}
	for _, name := range slices.Sorted(maps.Keys(byRole)) {
		for _, t := range byRole[name].robberies() {
			if !slices.ContainsFunc(needs[name], func(c Call) bool { return !t.left.allows(c) }) {
				out = append(out, fmt.Sprintf("%s has %s (%s), which no call needed or another statement allows too", name, t.permission, t.place))
			}
		}
	}
	return out
}

// apart splits each statement that allows into those of one action and one
// resource.
func (r role) apart() role {
	out := role{name: r.name}
	for _, s := range r.statements {
		if !s.allow {
			out.statements = append(out.statements, s)
			continue
		}
		for _, action := range s.actions {
			for _, resource := range s.resources {
				one := s
				one.actions, one.resources = texts{action}, texts{resource}
				out.statements = append(out.statements, one)
			}
		}
	}
	return out
}

// robbery is a role without one permission.
type robbery struct {
	permission, place string
	left              role
}

func (r role) robberies() []robbery {
	var out []robbery
	for i, s := range r.statements {
		if !s.allow {
			continue
		}
		what := s.actions.String() + " on " + s.resources.String()
		out = append(out, robbery{what, s.place, role{r.name, slices.Delete(slices.Clone(r.statements), i, i+1)}})
		for n, c := range s.conditions {
			for v, value := range c.values {
				narrow := s
				c.values = slices.Delete(slices.Clone(s.conditions[n].values), v, v+1)
				narrow.conditions = slices.Clone(s.conditions)
				narrow.conditions[n] = c
				left := role{r.name, slices.Clone(r.statements)}
				left.statements[i] = narrow
				out = append(out, robbery{fmt.Sprintf("%s for %s %q", what, c.key, value), s.place, left})
			}
		}
	}
	return out
}
