package page

import "strings"

// Subject is what an opt-out is about: a whole channel or one topic of it.
type Subject struct {
	Scope       string // "email", "email/newsletter", "sms", "phone", "post"
	Title       string // the topic's title from desk.yaml; empty for a whole channel
	Description string // one sentence about the topic; may be empty
}

// topical reports whether the subject is one topic.
func (s Subject) topical() bool { return strings.Contains(s.Scope, "/") }
