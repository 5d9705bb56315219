package testkit

import (
	"testing"
	"time"

	"privacydesk/shared/domain/person"
)

// T0 is when the tests' stories begin.
var T0 = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Address parses a test's address.
func Address(tb testing.TB, text string) person.Address {
	tb.Helper()
	a, err := person.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// Key is the tests' reference key.
func Key(tb testing.TB) person.Key {
	tb.Helper()
	k, err := person.NewKey("a reference key for tests, 32 characters or more")
	if err != nil {
		tb.Fatal(err)
	}
	return k
}
