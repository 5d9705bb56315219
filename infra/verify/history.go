package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"privacydesk/shared/domain/audit"
)

// verifyHistory checks every history in a file: one by itself, or those that an export holds under "histories", or
// that of the officer's file of a request under "history".
func verifyHistory(out io.Writer, f files) error {
	data, err := readFile(f.file)
	if err != nil {
		return err
	}
	histories, err := readHistories(data)
	if err != nil {
		return notValid{err.Error()}
	}
	for _, h := range histories {
		if err := show(out, h); err != nil {
			return err
		}
		if err := h.Verify(); err != nil {
			return notValid{fmt.Sprintf("history of %s, %s", h.Head.Subject, err)}
		}
	}
	proof := "That the whole was not written anew shows a receipt: RECEIPT=<receipt.json>."
	if f.receipt != "" {
		seq, err := matchReceipt(histories, f)
		if err != nil {
			return err
		}
		proof = fmt.Sprintf("Up to entry %d it is what it was when the receipt was given.", seq)
	}
	_, err = fmt.Fprintln(out, "VALID: no entry was altered, dropped, inserted or moved since it was written.\n"+proof)
	return err
}

func readHistories(data []byte) ([]audit.History, error) {
	var in struct {
		Histories []json.RawMessage
		History   json.RawMessage
	}
	_ = json.Unmarshal(data, &in)
	switch {
	case in.History != nil:
		in.Histories = []json.RawMessage{in.History}
	case in.Histories == nil:
		in.Histories = []json.RawMessage{data}
	}
	var histories []audit.History
	for _, one := range in.Histories {
		h, err := audit.DecodeHistory(one)
		if err != nil {
			return nil, err
		}
		histories = append(histories, h)
	}
	if len(histories) == 0 {
		return nil, errors.New("it holds no history")
	}
	return histories, nil
}

func show(out io.Writer, h audit.History) error {
	there, blanked := 0, 0
	fmt.Fprintf(out, "History of %s:\n\n", printable(h.Head.Subject))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range h.Entries {
		fmt.Fprintf(table, "  %d\t%s\t%s\tby %s\n", e.Seq, when(e.At), printable(e.Kind), printable(e.Actor))
		for _, p := range e.Private {
			if _, ok := p.Reveal(); ok {
				there++
			} else {
				blanked++
			}
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n  Personal values: %d in this file, %d not in it: left out of it, or erased.\n\n", there, blanked)
	return err
}

// matchReceipt checks that one of the histories was as a receipt says when the receipt was given, and returns up to
// which entry.
func matchReceipt(histories []audit.History, f files) (seq int, err error) {
	receipt, err := readReceipt(f.receipt, f.keys)
	if err != nil {
		return 0, err
	}
	if receipt.Head == nil {
		return 0, notValid{"the receipt is not for a request: it names no entry of a history"}
	}
	for _, h := range histories {
		if h.Head.Subject != receipt.Reference {
			continue
		}
		if err := audit.Includes(h.Entries, *receipt.Head); err != nil {
			return 0, notValid{"the history is not the one that the receipt was given for: " + err.Error()}
		}
		return receipt.Head.Seq, nil
	}
	return 0, notValid{"the receipt is for " + receipt.Reference + ", of which there is no history here"}
}
