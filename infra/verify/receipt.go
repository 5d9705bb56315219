package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"privacydesk/shared/domain/audit"
)

// verifyReceipt prints what a receipt says, once it is sure that the keys' owner said it.
func verifyReceipt(out io.Writer, f files) error {
	receipt, err := readReceipt(f.file, f.keys)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "This is a receipt for %s.\n\n", kinds[receipt.Kind])
	for _, line := range lines(receipt) {
		if line[1] != "" {
			fmt.Fprintf(out, "  %-11s %s\n", line[0], printable(line[1]))
		}
	}
	fmt.Fprintf(out, "\nVALID: it is signed with a key of %s, and nothing in it was changed since.\n", printable(f.keys))
	return nil
}

func readReceipt(file, keys string) (receipt audit.Receipt, err error) {
	signed, jwks, err := readSigned(file, keys)
	if err == nil {
		receipt, err = audit.Check(receiptIn(signed), jwks)
		err = explain(err, keys, "gave the receipt")
	}
	return receipt, err
}

// readSigned reads a file and the keys to check it with.
func readSigned(file, keys string) (signed, jwks []byte, err error) {
	if signed, err = readFile(file); err != nil {
		return nil, nil, err
	}
	jwks, err = readKeys(keys)
	return signed, jwks, err
}

// explain tells what was checked and is not valid from what could not be checked.
func explain(err error, keys, did string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, audit.ErrKeys):
		return fmt.Errorf("%s: %w", keys, err)
	case errors.Is(err, audit.ErrUnknownKey):
		return notValid{err.Error() + " in " + keys + ": are these the keys of the organisation that " + did + "?"}
	}
	return notValid{err.Error()}
}

// receiptIn is the receipt of a whole answer of the desk, or the file itself.
func receiptIn(data []byte) []byte {
	var answer struct {
		Receipt json.RawMessage `json:"receipt"`
	}
	if json.Unmarshal(data, &answer) != nil || answer.Receipt == nil {
		return data
	}
	return answer.Receipt
}

var kinds = map[audit.Kind]string{
	audit.OptOut:   "an opt-out",
	audit.Request:  "a request about personal data",
	audit.Disposal: "personal data that was disposed of",
}

// lines are the receipt in words; an empty second word is left out.
func lines(r audit.Receipt) [][2]string {
	all := [][2]string{
		{"From", r.Issuer},
		{"For", r.Person},
		{"Reference", r.Reference},
		{"About", strings.Join(r.What, ", ")},
		{"Received", when(r.ReceivedAt)},
		{"Effective", when(r.EffectiveAt)},
		{"Due by", when(r.DueAt)},
	}
	if r.Head != nil {
		all = append(all, [2]string{"Register", fmt.Sprintf("entry %d, hash %s", r.Head.Seq, r.Head.Hash)})
	}
	return append(all, [2]string{"Made by", r.Build})
}
