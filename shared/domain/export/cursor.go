package export

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// cursor is the position of a request in an export, where a part ends.
type cursor struct {
	at int64 // milliseconds since 1970
	id string
}

func cursorOf(s request.Summary) cursor { return cursor{s.ReceivedAt.UnixMilli(), s.ID} }

func (c cursor) compare(o cursor) int {
	return cmp.Or(cmp.Compare(c.at, o.at), cmp.Compare(c.id, o.id))
}

func (c cursor) String() string { return strconv.FormatInt(c.at, 10) + "." + c.id }

// reference is what a request's reference is made of: a file is named by it.
var reference = regexp.MustCompile(`^[A-Z0-9-]{1,40}$`)

func readCursor(part string) (cursor, error) {
	if part == "" {
		return cursor{}, nil
	}
	at, id, _ := strings.Cut(part, ".")
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil || !reference.MatchString(id) {
		return cursor{}, fault.Field("part", "invalid", "part must be the next of the part before")
	}
	return cursor{n, id}, nil
}
