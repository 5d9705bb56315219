// Package person holds what identifies a person: the Address of a mailbox and
// the keyed reference by which records find it. An Address never prints
// itself: fmt, log/slog and encoding/json show it masked, and only Reveal
// gives it out. The package must not store, send or log anything.
package person

import (
	"encoding"
	"fmt"
	"log/slog"
	"strings"
	"unique"
)

// Address is one mailbox in canonical form: the whole address lower-cased (SES
// ignores case when it sends), the domain as A-labels (RFC 5890), the local
// part in NFC. Tags ("+x") and dots are kept: they may be another person's.
// Addresses are comparable; the zero Address is no mailbox.
//
// The text sits behind a handle so that even reflection over unexported
// fields prints a pointer and not the address.
type Address struct{ text unique.Handle[string] }

var (
	_ fmt.Stringer           = Address{}
	_ fmt.GoStringer         = Address{}
	_ slog.LogValuer         = Address{}
	_ encoding.TextMarshaler = Address{}
)

// IsZero reports whether a is no mailbox.
func (a Address) IsZero() bool { return a == Address{} }

// Reveal returns the address itself, "" for the zero Address. Every call is a
// place where personal data leaves the type: a store, SES, the person's own
// page.
func (a Address) Reveal() string {
	if a.IsZero() {
		return ""
	}
	return a.text.Value()
}

// Domain returns the part after the @, as A-labels.
func (a Address) Domain() string {
	_, domain, _ := strings.Cut(a.Reveal(), "@")
	return domain
}

// ASCII reports whether the local part is ASCII, so that a mail system
// without SMTPUTF8 (RFC 6531), as Amazon SES is, can hold the address.
func (a Address) ASCII() bool { return isASCII(a.Reveal()) }

// String returns the address masked, such as "z***@e***.com": enough for its
// owner to know it, not enough for anyone else to use it.
func (a Address) String() string {
	if a.IsZero() {
		return "-"
	}
	local, domain, _ := strings.Cut(a.Reveal(), "@")
	top := domain[strings.LastIndexByte(domain, '.'):]
	return first(local) + "***@" + first(domain) + "***" + top
}

// GoString masks %#v.
func (a Address) GoString() string { return "person.Address(" + a.String() + ")" }

// LogValue masks slog.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText masks encoding/json and its like; stores and answers that need
// the address call Reveal.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

func first(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
