// Package iam asks, for each call that a function makes on one machine, what
// its role in template.yaml would say on AWS: it reads the roles, names the
// action, the resource and the condition keys of a call, and evaluates the
// role's statements ("Policy evaluation logic" in the IAM User Guide).
//
// It fails closed. A policy that it cannot read in full is an error at the
// start, and a call that it cannot name is denied. Judge is in front of
// DynamoDB Local and the stand-in, and Record keeps what was asked, so that a
// permission that nothing needs can be named.
//
// It must not hold a permission of its own, and what it prints must hold no
// key of a row and no address.
package iam

import (
	"fmt"
	"slices"
	"strings"

	"privacydesk/shared/testkit/template"
)

// Call is one permission that a function's role is asked for.
type Call struct {
	Function string              // logical id
	Action   string              // dynamodb:PutItem, as the Service Authorization Reference spells it
	Resource string              // ARN; "*" where the action knows no resource
	Context  map[string][]string // condition keys and their values
}

// Roles are the execution roles of a template's functions.
type Roles struct {
	roles       map[string]role // by the function's logical id
	tables      []template.Table
	region      string
	account     string
	sesIdentity string // the verified identity, where it is not the domain of the address
}

// role is what one function may do.
type role struct {
	name       string // logical id of the AWS::IAM::Role
	statements []statement
}

// allows tells whether no statement denies a call and one allows it.
func (r role) allows(c Call) bool {
	allowed := false
	for _, s := range r.statements {
		if !s.covers(c) || !s.conditionsHold(c) {
			continue
		}
		if !s.allow {
			return false
		}
		allowed = true
	}
	return allowed
}

// Allows tells whether the function's role permits a call.
func (r *Roles) Allows(c Call) bool { return r.roles[c.Function].allows(c) }

// Why says, for a call that is denied, what is missing in which role.
func (r *Roles) Why(c Call) string {
	role, ok := r.roles[c.Function]
	if !ok {
		return fmt.Sprintf("no function of template.yaml has the access key %q", c.Function)
	}
	var elsewhere []string
	for _, s := range role.statements {
		switch {
		case s.covers(c) && !s.allow && s.conditionsHold(c):
			return fmt.Sprintf("%s denies it", s.place)
		case s.covers(c) && s.allow:
			return fmt.Sprintf("the Condition on %s in %s does not hold", s.conditionKeys(), s.place)
		case s.allow && matchesAny(s.actions, c.Action, strings.EqualFold):
			elsewhere = append(elsewhere, s.resources...)
		}
	}
	if len(elsewhere) > 0 {
		slices.Sort(elsewhere)
		return role.name + " in template.yaml allows that action only on " + strings.Join(slices.Compact(elsewhere), ", ")
	}
	return role.name + " in template.yaml does not allow it"
}

// ARN makes the ARN of something in the stack's account and Region.
func (r *Roles) arn(service, rest string) string {
	return "arn:aws:" + service + ":" + r.region + ":" + r.account + ":" + rest
}
