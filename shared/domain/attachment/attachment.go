// Package attachment is what a file of a request is: what it is for, of which type,
// how large, and when it goes. Its content is in a bucket under its id, which says
// nothing about anybody. The package must not import AWS, net/http or HTML, nor know
// requests.
package attachment

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/fault"
)

// For is whom a file is for.
type For string

// What files are for.
const (
	Proof    For = "proof"    // of identity or authority, from the person; it goes when the case closes
	Words    For = "words"    // what the person means, from the person
	Internal For = "internal" // from an officer, for officers
	Answer   For = "answer"   // for the person, with the answer to their request
	Archive  For = "archive"  // all of an answer in one file, for the person; it goes after a day
)

// FromPerson reports whether the person adds such files.
func (w For) FromPerson() bool { return w == Proof || w == Words }

// State is where a file stands.
type State string

// The states.
const (
	Expected State = "expected" // somebody was given a form; nothing has been seen
	Stored   State = "stored"   // it was read, and its hash is known
	Leaving  State = "leaving"  // it is not given out any more; its content is deleted next, or when no legal hold is left
	Gone     State = "gone"     // its content was deleted
	Replaced State = "replaced" // its content was deleted when another, redacted, had taken its place
	Refused  State = "refused"  // its content was deleted, since it held malware
)

// moves are all that is allowed.
var moves = map[State][]State{Expected: {Expected, Stored, Gone}, Stored: {Leaving, Gone, Refused}, Leaving: {Gone, Replaced}}

// File is one file of a request. Its name is made from the request's reference: what
// the person called it is not kept.
type File struct {
	Request  string
	ID       string // random; the key of its object
	For      For
	System   string // of desk.yaml, whose part of an answer it is; "": the desk's own
	By       string // audit's actor who adds it: the person, "officer:…", or the system
	Replaces string // id of the file whose place it takes once it is there
	State    State
	Type     Type
	Size     int64
	SHA256   string   // in hex; it stays when the file is gone
	ETag     string   // of the content that the hash is of
	Found    []string // kinds of what must never be disclosed that its text seems to hold
	AskedAt  time.Time
	StoredAt time.Time
	GoneAt   time.Time
	CheckAt  time.Time // when somebody must look whether it has come, or must go; zero: never
}

// MaxSize is the largest file in bytes, MaxArchive the largest of an archive.
const (
	MaxSize    = 20 << 20
	MaxArchive = 220 << 20
)

// How many files a request may have: of the person, of officers for each purpose, of a
// system, and archives.
const (
	MaxFiles    = 10
	MaxSystem   = 5
	maxArchives = 20
)

// Room reports whether one more file is taken beside others of its request. Of an
// answer, and of officers, only those count that are there; the person's own and
// archives all do, so that nobody can grow a request without end.
func Room(all []File, next File) bool {
	n, most := 0, MaxFiles
	for _, f := range all {
		switch {
		case next.For.FromPerson():
			n += count(f.For.FromPerson())
		case f.For == next.For && f.System == next.System:
			n += count(next.For == Archive || f.Held() && f.ID != next.Replaces && (f.State == Stored || f.Replaces == ""))
		}
	}
	switch {
	case next.For == Archive:
		most = maxArchives
	case next.System != "":
		most = MaxSystem
	}
	return n < most
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

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
	Text   []byte // all of it, where it is text and not too large
}

// Expect is a file that somebody is given a form for.
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
	kind, known := f.For.recognise(c.Begins)
	switch {
	case !f.may(Stored):
		return f, fault.New(fault.Conflict, "The file is %s.", f.State).Because("file_over")
	case c.Size < 1 || c.Size > MaxSize && f.For != Archive || c.Size > MaxArchive:
		return f, ErrSize
	case !known:
		return f, ErrType
	}
	f.State, f.Type, f.Size, f.SHA256, f.ETag, f.StoredAt, f.CheckAt = Stored, kind, c.Size, c.SHA256, c.ETag, now, time.Time{}
	if f.For == Proof || f.For == Archive {
		f.CheckAt = now.Add(lookAfter)
	}
	return f, nil
}

// Answers reports whether the file is a part of the answer that is a system's.
func (f File) Answers(system string) bool { return f.For == Answer && f.System == system }

// Readable reports whether the file may be given out: it is there, and its object, by
// its ETag, is what was read.
func (f File) Readable(etag string) bool { return f.State == Stored && f.ETag == etag }

// Leaves is the file when it is given out no more: its object is deleted next.
func (f File) Leaves(now time.Time) File {
	f.State, f.CheckAt, f.ETag = Leaving, now, ""
	return f
}

// Left is what stays of a file whose object was deleted.
func (f File) Left(now time.Time) File { return f.ended(Gone, now) }

// Refused is Left, where a scan has found malware in it.
func (f File) Refused(now time.Time) File { return f.ended(Refused, now) }

// GaveWay is Left, where another has taken its place.
func (f File) GaveWay(now time.Time) File { return f.ended(Replaced, now) }

func (f File) ended(as State, now time.Time) File {
	if f.Held() {
		f.State, f.GoneAt, f.CheckAt, f.ETag = as, now, time.Time{}, ""
	}
	return f
}

// Log is what stays of a file when its request is reduced: who added it by their role
// alone, and nothing of what it held but its hash.
func (f File) Log(now time.Time) File {
	f = f.Left(now)
	f.By, _, _ = strings.Cut(f.By, ":")
	f.Found = nil
	return f
}

// Settled is the file when nobody must look at it any more.
func (f File) Settled() File {
	f.CheckAt = time.Time{}
	return f
}

// Later is the file when it is to be looked at again.
func (f File) Later(now time.Time) File {
	f.CheckAt = now.Add(lookAfter)
	return f
}

// Held reports whether there is, or may be, an object.
func (f File) Held() bool { return f.State == Expected || f.State == Stored || f.State == Leaving }

func (f File) may(to State) bool { return slices.Contains(moves[f.State], to) }

// Name is the file's name for whoever fetches it.
func (f File) Name() string { return f.Request + "-" + f.ID[:min(6, len(f.ID))] + "." + string(f.Type) }
