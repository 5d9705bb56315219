package suppression

import (
	"encoding/base64"
	"encoding/binary"
	"slices"

	"privacydesk/shared/domain/person"
)

// bits are a person in 8 bytes: the beginning of the reference, and below it
// what the table wants of SES and whether SES has been seen to do it. A
// million people are 8 MB, and two of them share these but once in a
// million runs.
type bits uint64

// The low bits.
const (
	wanted  bits = 1 << iota // a record suppresses and SES can hold the address
	waiting                  // a record is due: the Syncer will sync it, whatever SES holds
	bounced                  // a bounce is recorded
	seen                     // SES has the address
	flags   = wanted | waiting | bounced | seen
)

func bitsOf(ref person.Ref) bits {
	var raw [32]byte
	if n, err := base64.RawURLEncoding.Decode(raw[:], []byte(ref)); err != nil || n < 8 {
		return 0
	}
	return bits(binary.BigEndian.Uint64(raw[:])) &^ flags
}

// bitmap holds the people of the table, sorted and one each once all are in.
type bitmap []bits

// merge sorts the bitmap and makes one entry of a person's several records.
func (m bitmap) merge() bitmap {
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

// find returns the index of a person, or -1.
func (m bitmap) find(x bits) int {
	i, _ := slices.BinarySearchFunc(m, x&^flags, func(a, b bits) int {
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

func (x bits) expected() bool { return x&(wanted|waiting) == wanted }
func (x bits) missing() bool  { return x&(wanted|waiting|seen) == wanted }

func (m bitmap) count(is func(bits) bool) int {
	n := 0
	for _, x := range m {
		if is(x) {
			n++
		}
	}
	return n
}
