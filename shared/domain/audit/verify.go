package audit

import (
	"fmt"
	"slices"
)

// Why says what was done to a history.
type Why string

// What can be wrong with a history, in words that follow "entry 4: ".
const (
	Altered   Why = "it was altered"
	Unfit     Why = "a private value is not what was committed to"
	Dropped   Why = "it is missing"
	Inserted  Why = "it was not there when the entries around it were written"
	Foreign   Why = "it is of another history"
	Reordered Why = "it is not in its place"
	Doubled   Why = "it is there twice"
	Truncated Why = "it is missing, and all that followed it"
	Rewritten Why = "it is not what the head was made of: it, or what came before it, was made anew"
)

// Broken says where a history is not what was written, and what was done.
type Broken struct {
	Seq   int // place in the history, counted from 1
	Why   Why
	Field string // name of the private value, for Unfit
}

func (b *Broken) Error() string {
	if b.Field != "" {
		return fmt.Sprintf("entry %d: %s (%s)", b.Seq, b.Why, b.Field)
	}
	return fmt.Sprintf("entry %d: %s", b.Seq, b.Why)
}

// Verify checks that entries are the whole history that ends at head, in
// order, as it was written but for blanked private values. The error is a
// *Broken for the first place that is not.
func Verify(entries []Entry, head Head) error {
	prev := Genesis(head.Subject).Hash
	var c checker
	for i := range entries {
		e := &entries[i]
		if e.Seq != i+1 || e.Prev != prev || e.Subject != head.Subject || !c.intact(e) {
			return diagnose(entries, i, prev, head)
		}
		if name, bad := c.unfit(e); bad {
			return &Broken{i + 1, Unfit, name}
		}
		prev = e.Hash
	}
	return against(head, entries)
}

// Includes checks that a history, for which Verify found nothing, once ended
// at the head earlier, which a receipt tells. The error is a *Broken.
func Includes(entries []Entry, earlier Head) error {
	if len(entries) > earlier.Seq && earlier.Seq >= 0 {
		entries = entries[:earlier.Seq]
	}
	if len(entries) > 0 && entries[0].Subject != earlier.Subject {
		return &Broken{Seq: 1, Why: Foreign}
	}
	return against(earlier, entries)
}

// against compares entries that are a chain with the head they should have.
func against(head Head, entries []Entry) error {
	last := Genesis(head.Subject)
	if n := min(head.Seq, len(entries)); n > 0 {
		last = entries[n-1].Head()
	}
	switch {
	case head.Seq > len(entries):
		return &Broken{Seq: len(entries) + 1, Why: Truncated}
	case last != head:
		return &Broken{Seq: max(last.Seq, 1), Why: Rewritten}
	case head.Seq < len(entries):
		return &Broken{Seq: head.Seq + 1, Why: Inserted}
	}
	return nil
}

// diagnose says what happened at entries[i], the first that does not follow
// the entry before it, whose hash is prev.
func diagnose(entries []Entry, i int, prev string, head Head) *Broken {
	e, whole := entries[i], new(checker).intact(&entries[i])
	// Where the entry that e was chained to stands now: -1 is the genesis.
	before := slices.IndexFunc(entries, func(o Entry) bool { return o.Hash == e.Prev })
	known := before >= 0 || e.Prev == Genesis(head.Subject).Hash
	switch {
	case whole && e.Subject != head.Subject:
		return &Broken{Seq: i + 1, Why: Foreign}
	case whole && twice(entries, e.Hash):
		return &Broken{Seq: i + 1, Why: Doubled}
	case whole && before > i:
		return &Broken{Seq: i + 1, Why: Reordered}
	case closes(entries, i, prev, head):
		return &Broken{Seq: i + 1, Why: Inserted}
	case !whole || e.Prev == prev:
		return &Broken{Seq: i + 1, Why: Altered}
	case known: // e follows an earlier entry; what stands between came later
		return &Broken{Seq: before + 2, Why: Inserted}
	case e.Seq > i+1:
		return &Broken{Seq: i + 1, Why: Dropped}
	}
	return &Broken{Seq: max(i, 1), Why: Altered} // the one before e, with a hash made anew
}

// closes reports whether the chain holds once entries[i] is taken out.
func closes(entries []Entry, i int, prev string, head Head) bool {
	if i+1 < len(entries) {
		return entries[i+1].Prev == prev
	}
	return head.Seq == i && head.Hash == prev
}

func twice(entries []Entry, hash string) bool {
	n := 0
	for i := range entries {
		if entries[i].Hash == hash {
			n++
		}
	}
	return n > 1
}
