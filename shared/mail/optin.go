package mail

import (
	"time"

	"privacydesk/shared/catalog"
)

// ConfirmOptIn asks the owner of an address whether what was stopped shall come back (double opt-in). Nothing
// changes unless the link is opened and its button pressed.
type ConfirmOptIn struct {
	Link    string    // absolute URL of the page with the button
	Expires time.Time // in the organisation's location
	Items   []Item    // what would come back
}

// Item names a channel or one topic.
type Item struct {
	Scope string // "email", "email/newsletter", "sms", "phone", "post"
	Title string // the topic's title from desk.yaml; empty for a whole channel
}

func (m ConfirmOptIn) letter(o Organisation, t *catalog.Texts) letter { return letter{} }
