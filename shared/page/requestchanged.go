package page

import "time"

// RequestChange is what a person has just done to their request.
type RequestChange int

// The changes.
const (
	RequestWithdrawn RequestChange = iota
	RequestDisagreed               // their statement is on record
	RequestAppealed                // an appeal was opened
)

// RequestChanged is the answer (200) to the forms of the status page.
type RequestChanged struct {
	Change    RequestChange
	Reference string    // of the request; with RequestAppealed, of the appeal
	OptedOut  []string  // scopes that stay out in spite of a withdrawal
	Due       time.Time // with RequestAppealed: by when we answer
	DueWhy    []string
	StatusURL string // with RequestAppealed, of the appeal; may be empty
}
