package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"time"
)

// Labels separate the hashes of different things. They are part of every
// hash ever stored: a new form of the bytes needs a new label.
const (
	entryLabel   = "privacydesk/register/entry/v1"
	privateLabel = "privacydesk/register/private/v1"
	genesisLabel = "privacydesk/register/genesis/v1"
)

// canonical appends the bytes of e that are hashed; see the package's doc.
func canonical(b []byte, e *Entry) []byte {
	b = text(b, entryLabel)
	b = text(b, e.Subject)
	b = number(b, e.Seq)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMilli()))
	b = text(b, e.Kind)
	b = text(b, e.Actor)
	b = number(b, len(e.Facts))
	for _, name := range slices.Sorted(maps.Keys(e.Facts)) {
		b = text(text(b, name), e.Facts[name])
	}
	b = number(b, len(e.Private))
	for _, name := range slices.Sorted(maps.Keys(e.Private)) {
		b = text(text(b, name), e.Private[name].commitment)
	}
	return text(b, e.Prev)
}

// commitment appends the bytes of a private value that are hashed.
func commitment(b []byte, name, salt, value string) []byte {
	return text(text(text(text(b, privateLabel), name), salt), value)
}

func number(b []byte, n int) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }

func text(b []byte, s string) []byte { return append(number(b, len(s)), s...) }

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// checker keeps a buffer from one entry to the next.
type checker struct{ buf []byte }

// intact reports whether e has the hash that it says it has. The bytes know
// milliseconds only, so a time that is finer was altered.
func (c *checker) intact(e *Entry) bool {
	c.buf = canonical(c.buf[:0], e)
	return hashOf(c.buf) == e.Hash && e.At.Nanosecond()%int(time.Millisecond) == 0
}

// unfit returns the name of a private value that is not what was committed
// to, or "" and false.
func (c *checker) unfit(e *Entry) (string, bool) {
	for name, p := range e.Private {
		if p.value == nil && p.salt == nil {
			continue
		}
		if p.value == nil || p.salt == nil {
			return name, true
		}
		c.buf = commitment(c.buf[:0], name, *p.salt, *p.value)
		if hashOf(c.buf) != p.commitment {
			return name, true
		}
	}
	return "", false
}
