package suppression

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"privacydesk/shared/domain/person"
)

// Spelling is an address as SES lists it, in whatever case. It does not print
// itself.
type Spelling struct{ text *string }

// NewSpelling hides a text.
func NewSpelling(text string) Spelling { return Spelling{&text} }

// Reveal returns the text, "" for the zero Spelling: only SES may get it.
func (s Spelling) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String hides the address.
func (Spelling) String() string { return "***" }

// GoString hides the address.
func (Spelling) GoString() string { return "suppression.Spelling(***)" }

// LogValue hides the address.
func (Spelling) LogValue() slog.Value { return slog.StringValue("***") }

// Entry is one entry of the SES suppression list as a page shows it.
type Entry struct {
	Spelling Spelling
	Address  person.Address // the same in our form; zero if we cannot read it
	Reason   ListReason
	Updated  time.Time
}

// canonical reports whether SES lists the entry as Put would.
func (e Entry) canonical() bool { return e.Spelling.Reveal() == e.Address.Reveal() }

// PagedList is the SES suppression list read as a whole.
type PagedList interface {
	// Page returns up to 1,000 entries and the token of the next page, "" at the
	// end. ErrThrottled, ErrTokenExpired.
	Page(ctx context.Context, token string) (entries []Entry, next string, err error)
	// MadeBySES returns the reason for which SES itself made the entry, and when;
	// NotListed if it did not. ErrThrottled, ErrNotListed.
	MadeBySES(context.Context, Entry) (ListReason, time.Time, error)
	// Drop unlists an entry in its own spelling; one that is gone is no error.
	// ErrThrottled.
	Drop(context.Context, Entry) error
}

// Errors of a PagedList.
var (
	ErrTokenExpired = errors.New("SES: the position in the list has expired")
	ErrNotListed    = errors.New("SES does not list the address")
)
