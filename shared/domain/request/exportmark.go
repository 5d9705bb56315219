package request

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"privacydesk/shared/domain/fault"
)

// mark is the place of a request in an export, where a part ends.
type mark struct {
	at int64 // milliseconds since 1970
	id string
}

func markOf(s Summary) mark { return mark{s.ReceivedAt.UnixMilli(), s.ID} }

func (m mark) compare(o mark) int { return cmp.Or(cmp.Compare(m.at, o.at), cmp.Compare(m.id, o.id)) }

func (m mark) String() string { return strconv.FormatInt(m.at, 10) + "." + m.id }

// partID is what a reference is made of: a file is named by it.
var partID = regexp.MustCompile(`^[A-Z0-9-]{1,40}$`)

func readMark(part string) (mark, error) {
	if part == "" {
		return mark{}, nil
	}
	at, id, _ := strings.Cut(part, ".")
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil || !partID.MatchString(id) {
		return mark{}, fault.Field("part", "invalid", "part must be the text that next said")
	}
	return mark{n, id}, nil
}
