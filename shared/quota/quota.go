// Package quota says how often something may happen: form posts from one
// source, mails to one address. It must not count: shared/dynamo does.
package quota

import "time"

// Limit allows Max events in every window of length Per for one Ref.
type Limit struct {
	Name string // what is limited
	Ref  string // whose: a keyed reference, never personal data
	Max  int
	Per  time.Duration
}
