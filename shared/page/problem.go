package page

import "time"

// TooMany is the answer 429. RetryAfter becomes the header of that name.
type TooMany struct {
	RetryAfter time.Duration
}

// Problem is the answer when something is wrong that no form field can mend: 400, 403, 405, 413, 415, 500, 503.
// It never says what went wrong inside.
type Problem struct {
	Status    int
	Reference string // the request's id, to be quoted when asking us; may be empty
}

// NotFound is the answer 404.
type NotFound struct{}
