// Package recovery says which rows an older copy of the tables may bring back,
// what an opt-out comes back as, and reports on a run that does so. What a
// request comes back as is decided in package request. A report must not name a person, whatever a damaged row
// holds.
package recovery

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/optout"
)

// Kind is a kind of rows, with the rule for it.
type Kind struct {
	Name string
	As   As
	Why  string // rows of the kind stay out; "": each comes back
}

// As says how rows of a kind come back.
type As int

// Rows come back so. The zero value is of a kind that nobody knows: its rows are
// refused by name.
const (
	Unknown As = iota
	Choice     // one by one, by Recover
	Part       // together with their request, by requestlog.Recover
	History    // where the table's history goes on from that of the copy
	Always
	Never
)

// The kinds that an older copy has are all that may come back.
var (
	OptOut    = Kind{"opt-out", Choice, "a return, or a pause that is over: who left again since would be mailed"}
	SES       = Kind{"bounce, complaint", Choice, "it does not keep anybody from being mailed"}
	Tombstone = Kind{"tombstone", Choice, "a return: who left again since would be mailed"}
	Request   = Kind{"request", Part, "its person was erased since"}
	Event     = Kind{"event", Part, "of a request that does not come back"}
	Letter    = Kind{"mail of a request", Part, "of a request that does not come back"}
	System    = Kind{"task of another system", Part, "of a request that does not come back"}
	File      = Kind{"file of a request", Part, "of a request that does not come back"}
	Hold      = Kind{"legal hold", Always, ""} // whatever its history says: it is easily lifted again
	Holds     = Kind{"history of holds", History, ""}
	Disposals = Kind{"history of the disposals", History, ""}

	ImportUndone = Kind{"import undone", Never, "it would take somebody off SES's list"}
	Confirmation = Kind{"mail to a person", Never, "it may have gone since, or they may have left again"}
	BulkJob      = Kind{"bulk job", Never, "SES has ended it by now; each opt-out is synced again"}
	Run          = Kind{"reconciliation run", Never, "the next run begins anew"}
	FeedCursor   = Kind{"place of a system in the feed", Never, "the system is told all again"}
	Sending      = Kind{"sending of a request", Never, "it only makes the same words sent twice one request"}
	Session      = Kind{"session at the desk", Never, "it may have been ended since; its officer logs in again"}
	Digest       = Kind{"digest", Never, "the next hour makes it anew"}

	Erased = Kind{"erased since", Always, ""} // in no copy: the tombstones of those who were erased
)

// OfRecord is the kind of a record of the table of opt-outs. One that this code
// has not written is Unknown, and named after what it looks like.
func OfRecord(r optout.Record) Kind {
	switch {
	case r.State == "" && r.Version > 0 && !r.Projection.DueAt.IsZero():
		return ImportUndone
	case !valid(r):
		return Kind{Name: Word(string(r.Scope.Channel())) + " in the state " + Word(string(r.State))}
	case r.Tombstone():
		return Tombstone
	case r.Scope == optout.Bounce.Scope() || r.Scope == optout.Complaint.Scope():
		return SES
	}
	return OptOut
}

// Span is from a time to another, both inclusive. Zero: it never is.
type Span struct{ From, To time.Time }

// Has reports whether a time lies within the span.
func (s Span) Has(t time.Time) bool { return !s.To.IsZero() && !t.Before(s.From) && !t.After(s.To) }

// Word is a word that may be printed: a row of unknown origin may hold an
// address anywhere.
func Word(word string) string { return printable(word, "abcdefghijklmnopqrstuvwxyz_-") }

// Reference is the reference of a request, which may be printed; see Word.
func Reference(id string) string { return printable(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") }

func printable(text, allowed string) string {
	if text == "" || len(text) > 30 || strings.Trim(text, allowed) != "" {
		return "(another text)"
	}
	return text
}

// Report is what a run has counted and what it names: references of requests,
// kinds of rows and attributes, and nothing personal.
type Report struct {
	Kinds   map[string]*Count
	Refused []string // what was not understood, or contradicts what is there
	Letters []string // mails that waited in the copy: they may have gone since
}

// Count counts the rows of one kind.
type Count struct {
	Copy    int    // in the copy
	There   int    // in the table too
	Back    int    // brought back
	Left    int    // not brought back, by rule
	Refused int    // not brought back; see Report.Refused
	Why     string // the rule
}

// Of is the count of a kind. All that is unknown is counted together.
func (r *Report) Of(k Kind) *Count {
	if k.As == Unknown {
		k = Kind{Name: "unknown"}
	}
	if r.Kinds[k.Name] == nil {
		r.Kinds[k.Name] = &Count{Why: k.Why}
	}
	return r.Kinds[k.Name]
}

// Refuse names, once, what is refused.
func (r *Report) Refuse(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(r.Refused, text) {
		r.Refused = append(r.Refused, text)
	}
}

// Complete reports whether nothing was refused.
func (r *Report) Complete() bool { return len(r.Refused) == 0 }
