package audit

import (
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
)

// Private is one personal value of an entry and the commitment to it. It
// prints itself masked, and json.Marshal shows the commitment alone; Encode
// and Reveal give the value out.
//
// Value and salt sit behind pointers so that even reflection over unexported
// fields prints addresses. Not in a struct of their own: fmt follows a pointer
// to a struct when the verb is a wrong one.
type Private struct {
	value, salt *string // nil once they are blanked
	commitment  string
}

const saltBytes = 32

// Personal is a private value for Append.
func Personal(value string) Private { return Private{value: &value} }

// Reveal returns the value; false if it was blanked.
func (p Private) Reveal() (string, bool) {
	if p.value == nil {
		return "", false
	}
	return *p.value, true
}

// Commitment returns the hash that stands for the value for good.
func (p Private) Commitment() string { return p.commitment }

func (p Private) seal(name string, random io.Reader) (Private, error) {
	value, ok := p.Reveal()
	if !ok {
		return Private{}, errors.New("a private value is not there")
	}
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return Private{}, err
	}
	salted := hex.EncodeToString(salt)
	return Private{&value, &salted, hashOf(commitment(nil, name, salted, value))}, nil
}

// String hides the value.
func (p Private) String() string {
	if p.value == nil {
		return "-"
	}
	return "***"
}

// GoString hides the value.
func (p Private) GoString() string { return "audit.Private(" + p.String() + ")" }

// LogValue hides the value.
func (p Private) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalJSON shows the commitment alone, as if the value were blanked.
func (p Private) MarshalJSON() ([]byte, error) {
	return marshal(privateWire{Commitment: p.commitment})
}
