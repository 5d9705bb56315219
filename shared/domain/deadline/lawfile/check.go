package lawfile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/domain/deadline"
)

// A checker collects what is wrong with a book, in the order of the file.
type checker struct {
	book   *deadline.Book
	tree   *yaml.Node
	faults []error
	path   []any // of the thing being checked
	what   string
}

func (c *checker) fault(field, format string, args ...any) {
	at := line(c.tree, append(slices.Clone(c.path), field)...)
	c.faults = append(c.faults, fmt.Errorf("line %d: %s: %s: %s", at, c.what, field, fmt.Sprintf(format, args...)))
}

var (
	identifier = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	place      = regexp.MustCompile(`^(\*|[A-Z]{2}(-[A-Z0-9]{1,3})?)$`)
	address    = regexp.MustCompile(`(?i)(://|www\.|[a-z]\.(com|org|gov|eu|net)\b)`)
)

func (c *checker) all() {
	if len(c.book.Regimes) == 0 || len(c.book.Calendars) == 0 {
		c.what = "file"
		c.fault("regimes", "no regimes, or no calendars")
	}
	seen := map[string]bool{deadline.ControllerCalendar: true}
	for i := range c.book.Calendars {
		c.calendar(i, seen)
	}
	seen = map[string]bool{}
	for i := range c.book.Regimes {
		c.regime(i, seen)
	}
}

func (c *checker) at(what string, path ...any) { c.what, c.path = what, path }

func (c *checker) id(id string, seen map[string]bool) {
	if !identifier.MatchString(id) || seen[id] {
		c.fault("id", "%q is no identifier, or stands twice", id)
	}
	seen[id] = true
}

func (c *checker) text(field, s string) {
	switch {
	case strings.TrimSpace(s) == "" || strings.TrimSpace(s) != s:
		c.fault(field, "missing, or with blanks around it")
	case address.MatchString(s):
		c.fault(field, "an address; cite the text itself")
	case strings.ContainsAny(s, "|\n"):
		c.fault(field, "a bar or line break would break the table")
	}
}

// note is text that may be missing.
func (c *checker) note(s string) {
	if s != "" {
		c.text("note", s)
	}
}

func (c *checker) checked(s string) {
	c.text("checked", s)
	if s != deadline.Unchecked && !strings.HasPrefix(s, deadline.TextRead) && !strings.HasPrefix(s, deadline.SecondaryRead) {
		c.fault("checked", "begin with %q or %q, or say %q", deadline.TextRead, deadline.SecondaryRead, deadline.Unchecked)
	}
}

func (c *checker) date(field, s string) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		c.fault(field, "%q is no date", s)
	}
}

func (c *checker) number(field string, n, low, high int) {
	if n < low || n > high {
		c.fault(field, "%d is not within %d to %d", n, low, high)
	}
}

// oneOf refuses a word that is not in a list.
func oneOf[T ~string](c *checker, field string, word T, words ...T) {
	if !slices.Contains(words, word) {
		c.fault(field, "%q is none of %q", string(word), words)
	}
}

// each refuses an empty list, a word that is not known and one that stands twice.
func each[T ~string](c *checker, field string, list []T, words ...T) {
	if len(list) == 0 {
		c.fault(field, "nothing")
	}
	for i, word := range list {
		oneOf(c, field, word, words...)
		if slices.Contains(list[:i], word) {
			c.fault(field, "%q stands twice", string(word))
		}
	}
}
