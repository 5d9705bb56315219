package lifecycle

import "time"

// Look is why an officer must look at a request: a mail came whose words the
// desk does not read, a letter did not go or did not arrive, or nobody has confirmed
// what counts all the same. It stands until an officer acts on the request; opening
// it is no act.
type Look struct {
	Why      LookWhy   `json:"why"`
	Since    time.Time `json:"since"` // when the mail, or the request, arrived
	Reminded *Reminder `json:"-"`     // what the officer was last told of it
}

// LookWhy says what came.
type LookWhy string

// The reasons, each worth more than the one before.
const (
	LookMention     LookWhy = "mention"     // somebody names the request who is not shown to be the person
	LookToPost      LookWhy = "to_post"     // a letter on paper waits to be posted: it stands until it is
	LookUndelivered LookWhy = "undelivered" // a letter to the person did not go, or did not arrive
	LookKept        LookWhy = "kept"        // the request itself is such a mail, and nobody was asked to confirm it
	LookCounts      LookWhy = "counts"      // the person was asked to confirm it, but it counts without that
	LookVerify      LookWhy = "verify"      // no link can ask the person, who has no e-mail: it stands until an officer has verified them
	LookUnsent      LookWhy = "unsent"      // an answer that was sent could not go when it was due
	LookReply       LookWhy = "reply"       // the person wrote about the request
)

// Reminder is what the officer was last told of a due date, or is told by a
// digest that is still under way. It is kept in the request.
type Reminder struct {
	DueAt  time.Time // of which it was told; a new date is told of anew
	Step   int       // see step in package agenda
	Digest time.Time // when the digest was queued that tells it
}
