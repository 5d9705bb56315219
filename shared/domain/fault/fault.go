// Package fault is the one error type of Privacy Desk: a code that says who
// must do something about it, a sentence that may be shown to the public, and
// the cause, which may not. It must not import anything but the standard
// library, and no text in it may hold personal data.
package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code says what kind of fault it is. It is part of the JSON answer and of
// the logs, so values never change.
type Code string

const (
	Invalid     Code = "invalid"     // the input must be fixed
	Damaged     Code = "damaged"     // a link or a message that is not whole
	NotFound    Code = "not_found"   // there is no such thing, or it is gone
	Forbidden   Code = "forbidden"   // not for this caller
	Conflict    Code = "conflict"    // it has changed meanwhile; look again
	Expired     Code = "expired"     // it was valid once
	TooLarge    Code = "too_large"   // more than is taken at once
	Unsupported Code = "unsupported" // a form of input that is not understood
	TooMany     Code = "too_many"    // over a rate limit; later it will do
	Unavailable Code = "unavailable" // a backend did not answer; try again
	Internal    Code = "internal"    // a bug, or a broken set-up
)

// FieldError says what is wrong with one field of the input. Message is in
// English; where people read it, it is the catalogue's text for Reason, and
// Hint is the English one, for whoever builds the form.
type FieldError struct {
	Field   string `json:"field"`
	Reason  string `json:"-"`
	Guess   string `json:"-"` // what was perhaps meant; "" where that is not clear
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// Error is a fault. Message is safe for the public; Err is for the log.
type Error struct {
	Code    Code
	Message string
	Fields  []FieldError
	Err     error
	RetryAt time.Time // of TooMany: when there is room again; zero: not known
	Why     Because   // see BecauseOf
}

// New makes a fault with a public message.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes a fault out of a cause; doing says what was being done and which
// non-personal thing it was done to.
func Wrap(code Code, err error, doing string) *Error {
	return &Error{Code: code, Message: doing, Err: err}
}

// Field makes an Invalid fault about one field.
func Field(field, reason, message string) *Error {
	return &Error{Code: Invalid, Message: message, Fields: []FieldError{{Field: field, Reason: reason, Message: message}}}
}

// Unknown makes an Invalid fault about a field that holds none of the values
// that it may have; name says what they are: "unknown ground; must be one of …".
func Unknown[T ~string](field, name string, allowed ...T) *Error {
	words := make([]string, len(allowed))
	for i, one := range allowed {
		words[i] = string(one)
	}
	return Field(field, "unknown", "unknown "+name+"; must be one of "+strings.Join(words, ", "))
}

func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Code) + ": " + e.Message
	}
	return string(e.Code) + ": " + e.Message + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// Is reports whether an error is a fault of a code: the outermost fault counts,
// because whoever wrapped another knew better.
func Is(err error, code Code) bool {
	f, ok := errors.AsType[*Error](err)
	return ok && f.Code == code
}

// Is makes errors.Is(err, &fault.Error{Code: c}) true for any fault of the code
// in a chain, for tables that mix codes with other errors. See fault.Is.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Message == "" && t.Err == nil
}

// Unless is nil for an error of the code, which the caller takes for success,
// and any other error as it is.
func Unless(code Code, err error) error {
	if err != nil && CodeOf(err) == code {
		return nil
	}
	return err
}

// CodeOf returns the code of the first fault in err's chain, Internal for any
// other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Code
	}
	return Internal
}

// RetryAt returns when there is room again, by the first fault in err's chain;
// zero where that is not known.
func RetryAt(err error) time.Time {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.RetryAt
	}
	return time.Time{}
}

// FieldsOf returns the field errors of the first fault in err's chain.
func FieldsOf(err error) []FieldError {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Fields
	}
	return nil
}
