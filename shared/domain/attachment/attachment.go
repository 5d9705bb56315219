// Package attachment is what a file of a request is: what it is for, of which type,
// how large, and when it goes. Its content is in a bucket under its id, which says
// nothing about anybody. The package must not import AWS, net/http or HTML, nor know
// requests.
package attachment

import (
	"time"

	"privacydesk/shared/domain/fault"
)

// For is whom a file is for.
type For string

// What files are for.
const (
	Proof For = "proof" // of identity or authority, from the person; it goes when the case closes
	Words For = "words" // what the person means, from the person
)

// State is where a file stands.
type State string

// The states.
const (
	Expected State = "expected" // the person was given a form; nothing has been seen
	Stored   State = "stored"   // it was read, and its hash is known
	Gone     State = "gone"     // its content was deleted
)

// moves are all that is allowed.
var moves = map[State][]State{Expected: {Expected, Stored, Gone}, Stored: {Gone}}

// File is one file of a request. Its name is made from the request's reference: what
// the person called it is not kept.
type File struct {
	Request  string
	ID       string // random; the key of its object
	For      For
	State    State
	Type     Type
	Size     int64
	SHA256   string // in hex; it stays when the file is gone
	ETag     string // of the content that the hash is of
	AskedAt  time.Time
	StoredAt time.Time
	GoneAt   time.Time
	CheckAt  time.Time // when somebody must look whether it has come, or must go; zero: never
}

// MaxSize is the largest file in bytes, and MaxFiles how many a person may add to one
// request.
const (
	MaxSize  = 20 << 20
	MaxFiles = 10
)

// FormTime is how long the form for a file is good: the key that signs it lives no
// longer on a warm function.
const FormTime = 15 * time.Minute

// lookAfter is when a file is looked for that was expected, and how often whether it
// must go.
const lookAfter = 24 * time.Hour

// Content is what was read of an object.
type Content struct {
	Size   int64
	ETag   string
	SHA256 string // in hex
	Begins []byte // its first bytes
}

// Expect is a file that a person is given a form for.
func Expect(request, id string, what For, now time.Time) File {
	return File{Request: request, ID: id, For: what, State: Expected, AskedAt: now, CheckAt: now.Add(lookAfter)}
}

// ErrType says that a file is of no type that is taken, ErrSize that it is empty or
// too large. Both are Invalid.
var (
	ErrType = fault.New(fault.Invalid, "A file of this type is not taken.")
	ErrSize = fault.New(fault.Invalid, "The file is empty or too large.")
)

// Arrived is the file with what was read of it. Conflict: it was not expected.
func (f File) Arrived(c Content, now time.Time) (File, error) {
	kind, known := Recognise(c.Begins)
	switch {
	case !f.may(Stored):
		return f, fault.New(fault.Conflict, "The file is %s.", f.State)
	case c.Size < 1 || c.Size > MaxSize:
		return f, ErrSize
	case !known:
		return f, ErrType
	}
	f.State, f.Type, f.Size, f.SHA256, f.ETag, f.StoredAt, f.CheckAt = Stored, kind, c.Size, c.SHA256, c.ETag, now, time.Time{}
	if f.For == Proof {
		f.CheckAt = now.Add(lookAfter)
	}
	return f, nil
}

// Readable reports whether the file may be given out: it is there, and its object, by
// its ETag, is what was read.
func (f File) Readable(etag string) bool { return f.State == Stored && f.ETag == etag }

// Left is what stays of a file whose object was deleted.
func (f File) Left(now time.Time) File {
	if f.State == Gone {
		return f
	}
	f.State, f.GoneAt, f.CheckAt, f.ETag = Gone, now, time.Time{}, ""
	return f
}

// Later is the file when it is to be looked at again.
func (f File) Later(now time.Time) File {
	f.CheckAt = now.Add(lookAfter)
	return f
}

// Held reports whether there is, or may be, an object.
func (f File) Held() bool { return f.State != Gone }

func (f File) may(to State) bool {
	for _, s := range moves[f.State] {
		if s == to {
			return true
		}
	}
	return false
}

// Name is the file's name for whoever fetches it.
func (f File) Name() string { return f.Request + "-" + f.ID[:min(6, len(f.ID))] + "." + string(f.Type) }
