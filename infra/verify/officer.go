package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"

	"privacydesk/shared/domain/person"
)

// officer prints the digest under which the records name a role session: the
// part behind the id of IAM's. Whoever has the reference key can so prove, or
// rule out, that somebody acted. in is the key's secret, as Secrets Manager
// gives it: an argument would be seen by everybody on the machine.
func officer(args []string, in io.Reader, out, errs io.Writer) int {
	flags := flag.NewFlagSet("officer", flag.ContinueOnError)
	flags.SetOutput(errs)
	name := flags.String("name", "", "the session name, with IAM Identity Center the user name")
	if flags.Parse(args) != nil {
		return exitUnchecked
	}
	if *name == "" || flags.NArg() > 0 {
		fmt.Fprintln(errs, "officer: say whose digest it is: officer -name <session name>")
		return exitUnchecked
	}
	digest, err := digestOf(*name, in)
	if err != nil {
		fmt.Fprintln(errs, "officer:", err)
		return exitUnchecked
	}
	fmt.Fprintln(out, digest)
	return exitValid
}

func digestOf(name string, in io.Reader) (string, error) {
	text, err := readSome(in, "the reference key")
	if err != nil {
		return "", err
	}
	var secret struct{ Key string }
	if json.Unmarshal(text, &secret) != nil || secret.Key == "" {
		return "", errors.New(`the standard input is not the secret ReferenceKeySecret, which is {"key":"..."}`)
	}
	key, err := person.NewKey(secret.Key)
	if err != nil {
		return "", err
	}
	return key.Officer(name), nil
}
