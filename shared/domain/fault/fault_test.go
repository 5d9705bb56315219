package fault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestEveryCodeHasAStatus(t *testing.T) {
	for _, c := range []Code{Invalid, Damaged, NotFound, Forbidden, Conflict, Expired, TooLarge, Unsupported, TooMany, Unavailable, Internal} {
		if got := Status(New(c, "x")); got < 400 || got > 599 {
			t.Errorf("Status(%s) = %d", c, got)
		}
	}
}

func TestPublicNeverShowsACause(t *testing.T) {
	cause := errors.New("dial tcp 10.0.0.1: secret")
	for name, err := range map[string]error{
		"wrapped":   Wrap(Unavailable, cause, "put opt-out"),
		"deep":      fmt.Errorf("handler: %w", Wrap(Internal, cause, "put opt-out")),
		"no fault":  cause,
		"with text": Wrap(Conflict, cause, "it has changed"),
	} {
		t.Run(name, func(t *testing.T) {
			if p := Public(err); p == "" || strings.Contains(p, "secret") {
				t.Errorf("Public = %q", p)
			}
			if !errors.Is(err, cause) {
				t.Error("the cause is lost to the log")
			}
		})
	}
}

func TestIsComparesCodes(t *testing.T) {
	err := fmt.Errorf("x: %w", New(Conflict, "moved"))
	if !errors.Is(err, &Error{Code: Conflict}) || errors.Is(err, &Error{Code: NotFound}) {
		t.Error("errors.Is does not go by code")
	}
}
