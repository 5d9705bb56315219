package feed

import (
	"cmp"
	"strings"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Position is a place in the feed: right after a record, whether or not that is
// still there. The zero Position is the beginning.
type Position struct {
	At  time.Time // to the millisecond
	Key optout.Key
}

// PositionOf is the place right after a record.
func PositionOf(r optout.Record) Position { return Position{r.FedAt, r.Key} }

// Compare orders the feed: by time, and within one millisecond by record.
func (p Position) Compare(q Position) int {
	return cmp.Or(p.At.Compare(q.At), cmp.Compare(p.Key.Ref, q.Key.Ref), cmp.Compare(p.Key.Scope, q.Key.Scope))
}

// IsZero reports whether it is the beginning.
func (p Position) IsZero() bool { return p.At.IsZero() }

// String is the position as it is kept: it names the person by their reference
// alone. The beginning is "".
func (p Position) String() string {
	if p.IsZero() {
		return ""
	}
	return p.At.UTC().Format(civil.Stamp) + " " + string(p.Key.Ref) + " " + string(p.Key.Scope)
}

// MarshalText makes a position a text in JSON.
func (p Position) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads it again.
func (p *Position) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePosition(string(text))
	return err
}

// ErrPosition: the text is no position.
var ErrPosition = fault.New(fault.Damaged, "after must be a cursor that this route has given; without one the feed begins at the beginning")

// ParsePosition reads what String has written. Damaged: it did not.
func ParsePosition(text string) (Position, error) {
	if text == "" {
		return Position{}, nil
	}
	at, rest, _ := strings.Cut(text, " ")
	ref, scope, _ := strings.Cut(rest, " ")
	when, err := time.Parse(civil.Stamp, at)
	if err != nil || ref == "" || scope == "" {
		return Position{}, ErrPosition
	}
	return Position{when, optout.Key{Ref: person.Ref(ref), Scope: optout.Scope(scope)}}, nil
}
