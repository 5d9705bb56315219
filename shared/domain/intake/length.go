package intake

import (
	"fmt"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// How much a person may write about a request or an answer, how much an officer,
// and how long a name is, in characters.
const (
	MaxName        = 200
	MaxDetails     = 4000
	MaxOfficerText = 10_000
)

// CheckLength refuses a text that could be kept in part only: nobody's words
// are cut.
func CheckLength(field, text string, limit int) error {
	if len([]rune(text)) <= limit {
		return nil
	}
	return fault.Field(field, person.TooLong, fmt.Sprintf("%s is at most %d characters", field, limit))
}
