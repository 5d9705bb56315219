// Protect guards a stack against its own updates, with the `aws` command and whatever rights that has:
//
//   - termination protection: nobody deletes the stack by one command.
//   - the stack policy of infra/deploy/stack-policy.json: no update replaces or deletes a table or a secret, or replaces the pool of staff.
//   - rollback triggers: an update during which, or in the ten minutes after which, people get errors is rolled back by
//     CloudFormation. It keeps the triggers for all later updates, those of `sam deploy` too, which cannot pass them
//     (docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html).
//
// Each may be done again. Usage:
//
//	make protect STACK=privacy-desk                              all three
//	make protect STACK=privacy-desk TRIGGERS=no                  without the triggers: a fix can be deployed while an alarm rings
//	make protect STACK=privacy-desk ARGS="LogLevel=DEBUG"        changes a parameter along with the triggers
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"privacydesk/infra/deploy/awscli"
)

func main() {
	stack := flag.String("stack", "", "name of the stack")
	triggers := flag.Bool("triggers", true, "have alarms roll an update back")
	flag.Parse()
	if *stack == "" {
		awscli.Fail("protect", "say which stack: make protect STACK=privacy-desk")
	}
	changes, err := parameters(flag.Args())
	if err != nil {
		awscli.Fail("protect", err.Error())
	}
	if err := protect(*stack, *triggers, changes, cli); err != nil {
		awscli.Fail("protect", err.Error())
	}
}

// command runs aws and returns what it prints; an error has its complaint.
type command func(args ...string) (string, error)

func cli(args ...string) (string, error) { return awscli.Run("", args...) }

// alarms are those that ring within a minute or two when people get errors. CloudFormation takes five at most.
var alarms = []string{"ApiFaultsAlarm", "UnsubscribeErrorsAlarm", "RightsErrorsAlarm", "DeskErrorsAlarm"}

// watchMinutes is how long an update is watched after its end.
const watchMinutes = 10

func protect(stack string, triggers bool, changes map[string]string, aws command) error {
	if _, err := aws("cloudformation", "update-termination-protection", "--stack-name", stack, "--enable-termination-protection"); err != nil {
		return err
	}
	if _, err := aws("cloudformation", "set-stack-policy", "--stack-name", stack, "--stack-policy-body", "file://infra/deploy/stack-policy.json"); err != nil {
		return err
	}
	fmt.Println("The stack is protected against its deletion, and its tables and secrets against their replacement.")
	configuration, err := rollback(stack, triggers, aws)
	if err != nil {
		return err
	}
	values, err := unchanged(stack, changes, aws)
	if err != nil {
		return err
	}
	args := []string{"cloudformation", "update-stack", "--stack-name", stack, "--use-previous-template",
		"--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--rollback-configuration", configuration}
	if len(values) > 0 {
		args = append(append(args, "--parameters"), values...)
	}
	_, err = aws(args...)
	if err != nil && strings.Contains(err.Error(), "No updates are to be performed") {
		return already(stack, configuration, aws)
	}
	if err == nil {
		fmt.Println("The stack is being updated with its rollback triggers; describe-stacks shows them as RollbackConfiguration.")
	}
	return err
}

// already says whether a stack that CloudFormation sees no change for has the configuration.
func already(stack, wanted string, aws command) error {
	out, err := aws("cloudformation", "describe-stacks", "--stack-name", stack, "--query", "Stacks[0].RollbackConfiguration", "--output", "json")
	if err != nil {
		return err
	}
	var has rollbackConfiguration
	if err := json.Unmarshal([]byte(out), &has); err != nil {
		return errors.New("the rollback configuration of the stack cannot be read")
	}
	if has.text() != wanted {
		return errors.New(`CloudFormation changes the triggers only along with something else. Change a parameter with them, and back with your next deployment: ARGS="LogLevel=DEBUG"`)
	}
	fmt.Println("The stack has these rollback triggers already.")
	return nil
}

type rollbackTrigger struct{ Arn, Type string }

type rollbackConfiguration struct {
	RollbackTriggers        []rollbackTrigger
	MonitoringTimeInMinutes int
}

// text is the configuration as JSON, its triggers sorted.
func (c rollbackConfiguration) text() string {
	triggers := append([]rollbackTrigger{}, c.RollbackTriggers...)
	slices.SortFunc(triggers, func(a, b rollbackTrigger) int { return strings.Compare(a.Arn, b.Arn) })
	text, _ := json.Marshal(rollbackConfiguration{triggers, c.MonitoringTimeInMinutes})
	return string(text)
}

// rollback is the configuration as JSON; an empty list takes triggers away.
func rollback(stack string, triggers bool, aws command) (string, error) {
	var c rollbackConfiguration
	if !triggers {
		return c.text(), nil
	}
	c.MonitoringTimeInMinutes = watchMinutes
	for _, alarm := range alarms {
		name, err := aws("cloudformation", "describe-stack-resource", "--stack-name", stack, "--logical-resource-id", alarm,
			"--query", "StackResourceDetail.PhysicalResourceId", "--output", "text")
		if err != nil {
			return "", err
		}
		arn, err := aws("cloudwatch", "describe-alarms", "--alarm-names", name, "--query", "MetricAlarms[0].AlarmArn", "--output", "text")
		if err != nil {
			return "", err
		}
		c.RollbackTriggers = append(c.RollbackTriggers, rollbackTrigger{arn, "AWS::CloudWatch::Alarm"})
	}
	return c.text(), nil
}

// unchanged are all parameters of the stack as they are, but for some.
func unchanged(stack string, changes map[string]string, aws command) ([]string, error) {
	out, err := aws("cloudformation", "describe-stacks", "--stack-name", stack, "--query", "Stacks[0].Parameters[].ParameterKey", "--output", "json")
	if err != nil {
		return nil, err
	}
	var names, values []string
	if err := json.Unmarshal([]byte(out), &names); err != nil {
		return nil, errors.New("the parameters of the stack cannot be read")
	}
	for _, name := range names {
		if value, changed := changes[name]; changed {
			values = append(values, "ParameterKey="+name+",ParameterValue="+value)
		} else {
			values = append(values, "ParameterKey="+name+",UsePreviousValue=true")
		}
	}
	return values, nil
}

func parameters(words []string) (map[string]string, error) {
	changes := map[string]string{}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return nil, fmt.Errorf("%q is no parameter: write Name=value", word)
		}
		changes[name] = value
	}
	return changes, nil
}
