package intake

import (
	"fmt"
	"strings"

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

// Clean keeps the lines of a text, drops what no letter can hold, and refuses what is
// too long: a letter has paragraphs, and nobody's words are cut.
func Clean(field string, text *string, limit int) error {
	lines := strings.Split(strings.ReplaceAll(*text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = person.CleanText(line, len(line))
	}
	*text = strings.TrimSpace(strings.Join(lines, "\n"))
	return CheckLength(field, *text, limit)
}
