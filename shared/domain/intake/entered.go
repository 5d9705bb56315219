package intake

import (
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
)

// Entered says how words came that an officer enters for the person.
type Entered struct {
	Officer string
	At      time.Time // when they came; zero: now
	By      Channel
}

// Channel is a way by which words come to an officer.
type Channel string

// Channels lists them all.
var Channels = []Channel{"post", "telephone", "person", "email"}

// Check says what is missing, or wrong.
func (e Entered) Check() error {
	switch {
	case e.By == "":
		return fault.Field("came_by", "missing", "came_by must say how it came")
	case !slices.Contains(Channels, e.By):
		return fault.Unknown("came_by", "way to come", Channels...)
	}
	return nil
}
