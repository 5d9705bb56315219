package main

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
)

// cloud plays the aws command.
type cloud struct {
	refuse string // a subcommand that fails, and how
	has    string // the stack's rollback configuration
	why    string
	done   map[string][]string
}

func (c *cloud) aws(args ...string) (string, error) {
	if c.done[args[1]] = args; args[1] == c.refuse {
		return "", errors.New(c.why)
	}
	switch args[1] {
	case "describe-stack-resource":
		return "name-of-" + args[5], nil
	case "describe-alarms":
		return "arn:" + args[3], nil
	case "describe-stacks":
		if slices.Contains(args, "Stacks[0].RollbackConfiguration") {
			return c.has, nil
		}
		return `["PublicUrl","LogLevel"]`, nil
	}
	return "", nil
}

func TestProtect(t *testing.T) {
	cases := map[string]struct {
		triggers bool
		changes  map[string]string
		refuse   string
		why      string
		says     string // of the error
		update   string // what the update is given
		has      string
	}{
		"all":                      {triggers: true, update: `{"Arn":"arn:name-of-ApiFaultsAlarm","Type":"AWS::CloudWatch::Alarm"}`},
		"parameters stay":          {triggers: true, update: "ParameterKey=PublicUrl,UsePreviousValue=true ParameterKey=LogLevel,UsePreviousValue=true"},
		"one is changed":           {triggers: true, changes: map[string]string{"LogLevel": "DEBUG"}, update: "ParameterKey=LogLevel,ParameterValue=DEBUG"},
		"triggers are taken away":  {update: `{"RollbackTriggers":[],"MonitoringTimeInMinutes":0}`},
		"AWS wants another change": {triggers: true, refuse: "update-stack", why: "ValidationError: No updates are to be performed.", has: "{}", says: `ARGS="LogLevel=DEBUG"`},
		"done before": {triggers: true, refuse: "update-stack", why: "ValidationError: No updates are to be performed.", has: `{"MonitoringTimeInMinutes":10,"RollbackTriggers":[
			{"Arn":"arn:name-of-DeskErrorsAlarm","Type":"AWS::CloudWatch::Alarm"},{"Arn":"arn:name-of-ApiFaultsAlarm","Type":"AWS::CloudWatch::Alarm"},
			{"Arn":"arn:name-of-UnsubscribeErrorsAlarm","Type":"AWS::CloudWatch::Alarm"},{"Arn":"arn:name-of-RightsErrorsAlarm","Type":"AWS::CloudWatch::Alarm"}]}`},
		"none were there":              {refuse: "update-stack", why: "ValidationError: No updates are to be performed.", has: "{}"},
		"some could not be taken away": {refuse: "update-stack", why: "ValidationError: No updates are to be performed.", has: `{"RollbackTriggers":[{"Arn":"arn:x"}]}`, says: `ARGS="LogLevel=DEBUG"`},
		"no rights":                    {triggers: true, refuse: "set-stack-policy", why: "AccessDenied", says: "AccessDenied"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			fake := &cloud{refuse: c.refuse, why: c.why, has: c.has, done: map[string][]string{}}
			err := protect("desk", c.triggers, c.changes, fake.aws)
			if (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
			if !strings.Contains(strings.Join(fake.done["update-stack"], " "), c.update) {
				t.Errorf("the update is given %q", fake.done["update-stack"])
			}
			if fake.done["update-termination-protection"] == nil {
				t.Error("the stack may be deleted")
			}
		})
	}
}

// What the policy and the triggers name is in the template, and nothing that is retained is missing.
func TestEverythingThatMustLastIsProtected(t *testing.T) {
	root, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(root + "/infra/deploy/stack-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	var policy struct {
		Statement []struct {
			Effect           string
			Action, Resource any
		}
	}
	if err := json.Unmarshal(text, &policy); err != nil || len(policy.Statement) != 3 {
		t.Fatal(err, policy)
	}
	// The pool of people may leave the stack, which retains it, for another identity provider.
	actions := [][]any{{"Update:Replace", "Update:Delete"}, {"Update:Replace"}}
	var denied, retained []string
	for i, s := range policy.Statement[1:] {
		if !reflect.DeepEqual(s.Action, any(actions[i])) || s.Effect != "Deny" {
			t.Errorf("statement %d: %s %v", i, s.Effect, s.Action)
		}
		for _, r := range s.Resource.([]any) {
			denied = append(denied, strings.TrimPrefix(r.(string), "LogicalResourceId/"))
		}
	}
	kinds := map[string]string{}
	for _, r := range testkit.Template(t).Resources {
		if kinds[r.LogicalID] = r.Type; strings.HasPrefix(r.DeletionPolicy, "Retain") {
			retained = append(retained, r.LogicalID)
		}
	}
	slices.Sort(denied)
	slices.Sort(retained)
	if !slices.Equal(denied, retained) || len(retained) < 5 {
		t.Errorf("stack-policy.json protects %q, the template retains %q", denied, retained)
	}
	for _, alarm := range alarms {
		if kinds[alarm] != "AWS::CloudWatch::Alarm" {
			t.Errorf("%s is no alarm of the template", alarm)
		}
	}
	if len(alarms) > 5 {
		t.Error("CloudFormation takes five triggers at most")
	}
}
