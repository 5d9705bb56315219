package testkit

import (
	_ "embed"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/settings/deskfile"
)

//go:embed desk.yaml
var deskYAML []byte

var desk = sync.OnceValues(func() (*settings.Desk, error) { return deskfile.Parse(deskYAML) })

// Desk returns settings of the tests' own, which no adopter changes. The copy
// is the caller's, its schedule of retention too. It tells no other system.
func Desk(tb testing.TB) *settings.Desk {
	tb.Helper()
	d, err := desk()
	if err != nil {
		tb.Fatal(err)
	}
	own := *d
	own.Retention, own.Systems = slices.Clone(d.Retention), nil
	return &own
}

// WithSystems is the change of a desk that has it tell the systems of the tests'
// settings.
func WithSystems(d *settings.Desk) {
	own, err := desk()
	if err != nil {
		panic(err) // Desk has refused it before
	}
	d.Systems = slices.Clone(own.Systems)
}

// DeskFlag writes into a folder what the flag of go build that it returns
// needs: functions built with it have Desk's settings, not desk.yaml's; but for
// what is changed.
func DeskFlag(folder string, changes ...func(*settings.Desk)) (string, error) {
	d, err := desk()
	if err != nil {
		return "", err
	}
	own := *d
	own.Systems = nil
	for _, change := range changes {
		change(&own)
	}
	root, err := Root()
	code, faults := deskfile.GoSource(&own)
	if err = errors.Join(err, faults); err != nil {
		return "", err
	}
	data, overlay := filepath.Join(folder, "desk_data.go"), filepath.Join(folder, "overlay.json")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "shared/domain/settings/desk_data.go"): data}})
	err = errors.Join(err, os.MkdirAll(folder, 0o755), os.WriteFile(data, code, 0o644), os.WriteFile(overlay, list, 0o644))
	return "-overlay=" + overlay, err
}
