package audit

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"time"
	"unicode/utf8"

	"privacydesk/shared/domain/fault"
)

// Entry is one event of a history.
type Entry struct {
	Subject string             // whose history it is: a request's id
	Seq     int                // 1 for the first entry, one more for each
	At      time.Time          // UTC, whole milliseconds
	Kind    string             // what happened
	Actor   string             // who did it, by role or id, never by name
	Facts   map[string]string  // not personal; hashed as they are
	Private map[string]Private // personal; hashed as commitments
	Prev    string             // hash of the entry before
	Hash    string             // of this entry, see the package's doc
}

// Head is the end of a history: what the next entry is chained to.
type Head struct {
	Subject string
	Seq     int // of the last entry, 0 if there is none
	Hash    string
}

// Genesis is the head of the empty history of a subject. It is bound to the
// subject, so that no history can be passed off as another's.
func Genesis(subject string) Head {
	return Head{Subject: subject, Hash: hashOf(text(text(nil, genesisLabel), subject))}
}

// Head returns the head that a history has with e as its last entry.
func (e Entry) Head() Head { return Head{e.Subject, e.Seq, e.Hash} }

// Append returns e as the next entry after head: it fills in Subject, Seq,
// Prev, Hash and, with salts from random, the commitments of what is Private.
// e itself stays as it is. Errors: Invalid for text that is not UTF-8;
// Internal for an entry without subject, kind or time, for a private value
// that is not there, and if random fails.
func Append(head Head, e Entry, random io.Reader) (Entry, error) {
	e.Subject, e.Seq, e.Prev = head.Subject, head.Seq+1, head.Hash
	e.At = e.At.UTC().Truncate(time.Millisecond)
	if e.Subject == "" || e.Kind == "" || e.At.IsZero() || e.At.Year() < 1 || e.At.Year() > 9999 {
		return Entry{}, fault.New(fault.Internal, "append to a history: no subject, kind or time")
	}
	if err := valid(e); err != nil {
		return Entry{}, err
	}
	private := make(map[string]Private, len(e.Private))
	for name, p := range e.Private {
		sealed, err := p.seal(name, random)
		if err != nil {
			return Entry{}, fault.Wrap(fault.Internal, err, "append to a history: "+name)
		}
		private[name] = sealed
	}
	e.Facts, e.Private = maps.Clone(e.Facts), private
	e.Hash = hashOf(canonical(nil, &e))
	return e, nil
}

// valid refuses text that JSON could not carry unchanged.
func valid(e Entry) error {
	texts := []string{e.Subject, e.Kind, e.Actor}
	for name, value := range e.Facts {
		texts = append(texts, name, value)
	}
	for name, p := range e.Private {
		value, _ := p.Reveal()
		texts = append(texts, name, value)
	}
	for _, t := range texts {
		if !utf8.ValidString(t) {
			return fault.New(fault.Invalid, "a text is not in UTF-8")
		}
	}
	return nil
}

// Blank returns e without the private values named, or without all of them
// when none is named. The chain holds as before.
func Blank(e Entry, names ...string) Entry {
	blanked := maps.Clone(e.Private)
	if len(names) == 0 {
		for name := range blanked {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if p, ok := blanked[name]; ok {
			blanked[name] = Private{commitment: p.commitment}
		}
	}
	e.Private = blanked
	return e
}

// String names the entry and shows nothing private.
func (e Entry) String() string { return fmt.Sprintf("entry %d of %s (%s)", e.Seq, e.Subject, e.Kind) }

// GoString hides what is private from %#v.
func (e Entry) GoString() string { return "audit.Entry(" + e.String() + ")" }

// LogValue shows nothing private to slog.
func (e Entry) LogValue() slog.Value { return slog.StringValue(e.String()) }
