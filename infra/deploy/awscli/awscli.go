// Package awscli runs the aws command for the tools in infra/deploy, with
// whatever rights that has. It must not print or keep what passes through it.
package awscli

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Run runs aws with arguments and something to read, and returns what it
// prints. An error has what the command prints as its own. Secrets belong into
// stdin: every user of the machine can see the arguments of a command.
func Run(stdin string, args ...string) (string, error) {
	var complaint strings.Builder
	cmd := exec.Command("aws", args...)
	cmd.Stdin, cmd.Stderr = strings.NewReader(stdin), &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("aws %s %s: %w: %s", args[0], args[1], err, strings.TrimSpace(complaint.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

// Fail ends a tool with a sentence for the operator.
func Fail(tool, sentence string) {
	fmt.Fprintln(os.Stderr, tool+": "+sentence)
	os.Exit(1)
}
