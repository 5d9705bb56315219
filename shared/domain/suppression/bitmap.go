package suppression

import (
	"encoding/base64"
	"encoding/binary"
	"slices"

	"privacydesk/shared/domain/person"
)

// mark is a person in 8 bytes: the beginning of the reference, and below it
// what the table wants of SES and whether SES has been seen to do it. A
// million people are 8 MB, and no two of them share a mark but once in a
// million walks.
type mark uint64

// What the low bits of a mark say.
const (
	wanted  mark = 1 << iota // a record suppresses and SES can hold the address
	waiting                  // a record is still to be told: whatever SES says, the Projector sees to it
	bounced                  // a bounce is recorded
	seen                     // SES has the address
	flags   = wanted | waiting | bounced | seen
)

func markOf(ref person.Ref) mark {
	var raw [32]byte
	if n, err := base64.RawURLEncoding.Decode(raw[:], []byte(ref)); err != nil || n < 8 {
		return 0
	}
	return mark(binary.BigEndian.Uint64(raw[:])) &^ flags
}

// marks are the people of the table, sorted and one each once all are in.
type marks []mark

// merge sorts the marks and makes one of a person's several records.
func (m marks) merge() marks {
	slices.Sort(m)
	n := 0
	for _, x := range m {
		if n > 0 && m[n-1]&^flags == x&^flags {
			m[n-1] |= x
			continue
		}
		m[n] = x
		n++
	}
	return m[:n]
}

// find returns the place of a person's mark, or -1.
func (m marks) find(x mark) int {
	i, _ := slices.BinarySearchFunc(m, x&^flags, func(a, b mark) int {
		a &^= flags
		switch {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	})
	if i < len(m) && m[i]&^flags == x&^flags {
		return i
	}
	return -1
}

func (x mark) expected() bool { return x&(wanted|waiting) == wanted }
func (x mark) missing() bool  { return x&(wanted|waiting|seen) == wanted }

func (m marks) count(is func(mark) bool) int {
	n := 0
	for _, x := range m {
		if is(x) {
			n++
		}
	}
	return n
}
