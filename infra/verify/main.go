// Verify checks what Privacy Desk gives to prove what happened: the signed receipt of an opt-out or request, the
// history of a request out of an export, and the certificates of disposal. It needs no account and, with a file of
// keys, no network:
//
//	make verify-receipt FILE=receipt.json [KEYS=keys.json]
//	make verify-history FILE=export.json [RECEIPT=receipt.json] [KEYS=keys.json]
//	make verify-certificate FILE=certificate.json [IDS=names.txt] [KEYS=keys.json]
//
// KEYS is a file or an address; without it the keys are those of the local stack. Take them from the organisation that
// the receipt should be from: https://its.address/.well-known/privacy-desk-keys.json. A receipt is worth what the keys
// are worth that it is checked with.
//
// Exit status: 0 valid, 1 not valid, 2 could not be checked.
//
// It also computes the digest under which the records name an officer (officer of infra/runbooks/tools.sh).
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const localKeys = "http://127.0.0.1:3000/.well-known/privacy-desk-keys.json"

const (
	exitValid = iota
	exitNotValid
	exitUnchecked
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// files are the arguments of the commands.
type files struct{ file, keys, receipt, ids string }

var commands = map[string]func(io.Writer, files) error{
	"verify-receipt": verifyReceipt,
	"verify-history": verifyHistory,

	"verify-certificate": verifyCertificate,
}

// notValid is the error for something that was read and is not what it should be.
type notValid struct{ why string }

func (e notValid) Error() string { return e.why }

func run(args []string, in io.Reader, out, errs io.Writer) int {
	if len(args) > 0 && args[0] == "officer" {
		return officer(args[1:], in, out, errs)
	}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprintln(errs, "say what to do: verify-receipt, verify-history, verify-certificate or officer")
		return exitUnchecked
	}
	var f files
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.StringVar(&f.file, "file", "", "the receipt, history, export or certificate")
	flags.StringVar(&f.keys, "keys", localKeys, "JWK Set of the organisation: a file or an address")
	flags.StringVar(&f.receipt, "receipt", "", "for verify-history: a receipt whose head the history must hold")
	flags.StringVar(&f.ids, "ids", "", "for verify-certificate: a file of names, one a line, that it must be about")
	if err := flags.Parse(args[1:]); err != nil {
		return exitUnchecked
	}
	if f.file == "" || flags.NArg() > 0 {
		fmt.Fprintf(errs, "%s: say which file: make %s FILE=...\n", args[0], args[0])
		return exitUnchecked
	}
	return verdict(commands[args[0]](out, f), args[0], out, errs)
}

func verdict(err error, command string, out, errs io.Writer) int {
	if bad, ok := errors.AsType[notValid](err); ok {
		fmt.Fprintf(out, "NOT VALID: %s.\n", printable(bad.why))
		return exitNotValid
	}
	if err != nil {
		fmt.Fprintf(errs, "%s: %s\n", command, printable(err.Error()))
		return exitUnchecked
	}
	return exitValid
}
