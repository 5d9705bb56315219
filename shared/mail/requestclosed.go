package mail

// RequestWithdrawn confirms that a request was closed at the person's wish.
type RequestWithdrawn struct {
	Reference string
	Kinds     []string
	OptedOut  []string // scopes that stay out in spite of it
	StatusURL string   // absolute; may be empty
}

// RequestExpired says that a request was closed because it was not confirmed, or because what we asked for did
// not come.
type RequestExpired struct {
	Reference string
	Kinds     []string
	OptedOut  []string // scopes that stay out in spite of it
	Verified  bool     // it was confirmed, but what we asked for did not come
	FormURL   string   // absolute URL of the form, to ask again
	StatusURL string   // absolute; may be empty
}
