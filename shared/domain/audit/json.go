package audit

import (
	"cmp"
	"encoding/json"
	"fmt"

	"privacydesk/shared/domain/civil"
)

// History is a whole history as it goes into an export or a file:
//
//	{"head": {"subject", "seq", "hash"}, "entries": [entry, ...]}
//
// where an entry, the same as a stored row, is
//
//	{"subject", "seq", "at", "kind", "actor", "facts": {name: text},
//	 "private": {name: {"commitment", "salt", "value"}}, "prev", "hash"}
//
// at is RFC 3339 in UTC with milliseconds; salt and value are missing once
// they are blanked. Every other member must be there, and no other may be.
type History struct {
	Head    Head
	Entries []Entry
}

// Verify checks the history against its own head; see Verify.
func (h History) Verify() error { return Verify(h.Entries, h.Head) }

// maxHistory is a size, in bytes, that no history of a request reaches.
const maxHistory = 64 << 20

type entryWire struct {
	Subject string                 `json:"subject"`
	Seq     int                    `json:"seq"`
	At      string                 `json:"at"`
	Kind    string                 `json:"kind"`
	Actor   string                 `json:"actor"`
	Facts   map[string]string      `json:"facts"`
	Private map[string]privateWire `json:"private"`
	Prev    string                 `json:"prev"`
	Hash    string                 `json:"hash"`
}

type historyWire struct {
	Head    headWire    `json:"head"`
	Entries []entryWire `json:"entries"`
}

type privateWire struct {
	Commitment string  `json:"commitment"`
	Salt       *string `json:"salt,omitempty"`
	Value      *string `json:"value,omitempty"`
}

type headWire struct {
	Subject string `json:"subject"`
	Seq     int    `json:"seq"`
	Hash    string `json:"hash"`
}

// Encode returns the entry as JSON, private values included: for the store
// and the person's own export. json.Marshal leaves them out.
func (e Entry) Encode() ([]byte, error) { return marshal(e.wire()) }

// MarshalJSON returns the entry as JSON as if it were blanked.
func (e Entry) MarshalJSON() ([]byte, error) { return marshal(Blank(e).wire()) }

// UnmarshalJSON reads what Encode or json.Marshal wrote, and nothing else.
func (e *Entry) UnmarshalJSON(data []byte) error {
	read, err := DecodeEntry(data)
	if err == nil {
		*e = read
	}
	return err
}

// Encode returns the history as JSON, private values included.
func (h History) Encode() ([]byte, error) {
	w := historyWire{headWire(h.Head), make([]entryWire, len(h.Entries))}
	for i, e := range h.Entries {
		w.Entries[i] = e.wire()
	}
	return marshal(w)
}

// MarshalJSON returns the history as JSON as if it were blanked.
func (h History) MarshalJSON() ([]byte, error) {
	blanked := History{Head: h.Head}
	for _, e := range h.Entries {
		blanked.Entries = append(blanked.Entries, Blank(e))
	}
	return blanked.Encode()
}

func (e Entry) wire() entryWire {
	w := entryWire{e.Subject, e.Seq, e.At.UTC().Format(civil.Stamp), e.Kind, e.Actor, e.Facts, map[string]privateWire{}, e.Prev, e.Hash}
	if w.Facts == nil {
		w.Facts = map[string]string{}
	}
	for name, p := range e.Private {
		w.Private[name] = privateWire{p.commitment, p.salt, p.value}
	}
	return w
}

// DecodeEntry reads the JSON of an entry, strictly. It does not check hashes:
// that is for Verify.
func DecodeEntry(data []byte) (Entry, error) {
	o := readObject(data)
	e := Entry{Subject: o.text("subject"), Seq: o.number("seq"), At: o.time("at"), Kind: o.text("kind"), Actor: o.text("actor"), Prev: o.text("prev"), Hash: o.text("hash")}
	facts, private := readObject(o.raw("facts")), readObject(o.raw("private"))
	if err := cmp.Or(o.end(), facts.err, private.err); err != nil {
		return Entry{}, fmt.Errorf("an entry of a history: %w", err)
	}
	e.Facts, e.Private = map[string]string{}, map[string]Private{}
	for name, value := range facts.members {
		e.Facts[name] = facts.plain("a fact", value)
	}
	for name, value := range private.members {
		e.Private[name] = readPrivate(private, value)
	}
	if err := cmp.Or(facts.err, private.err); err != nil {
		return Entry{}, fmt.Errorf("an entry of a history: %w", err)
	}
	return e, nil
}

func readPrivate(of *object, data json.RawMessage) Private {
	o := readObject(data)
	p := Private{commitment: o.text("commitment")}
	if o.has("salt") || o.has("value") {
		value, salt := o.text("value"), o.text("salt")
		p.value, p.salt = &value, &salt
	}
	of.err = cmp.Or(of.err, o.end())
	return p
}

// DecodeHistory reads the JSON of a history, strictly. It does not check
// hashes: that is for Verify.
func DecodeHistory(data []byte) (History, error) {
	if len(data) > maxHistory {
		return History{}, fmt.Errorf("a history: over %d bytes", maxHistory)
	}
	o := readObject(data)
	head, items := readObject(o.raw("head")), o.list("entries")
	h := History{Head: Head{Subject: head.text("subject"), Seq: head.number("seq"), Hash: head.text("hash")}}
	if err := cmp.Or(o.end(), head.end()); err != nil {
		return History{}, fmt.Errorf("a history: %w", err)
	}
	for i, item := range items {
		e, err := DecodeEntry(item)
		if err != nil {
			return History{}, fmt.Errorf("entries[%d]: %w", i, err)
		}
		h.Entries = append(h.Entries, e)
	}
	return h, nil
}
