package testkit

import (
	_ "embed"
	"slices"
	"sync"
	"testing"

	"privacydesk/shared/policy"
	"privacydesk/shared/policy/deskfile"
)

//go:embed desk.yaml
var deskYAML []byte

var desk = sync.OnceValues(func() (*policy.Desk, error) { return deskfile.Parse(deskYAML) })

// Desk returns settings of the tests' own, which no adopter changes. The copy
// is the caller's, its schedule of retention too.
func Desk(tb testing.TB) *policy.Desk {
	tb.Helper()
	d, err := desk()
	if err != nil {
		tb.Fatal(err)
	}
	own := *d
	own.Retention = slices.Clone(d.Retention)
	return &own
}
