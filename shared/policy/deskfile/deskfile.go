// Package deskfile reads a desk.yaml and writes it as Go source. Only the generator and tests import it, so that no
// function carries a YAML parser. What a desk may say is the business of package policy.
package deskfile

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/policy"
)

// Parse reads a desk.yaml: unknown settings are refused with their line, and all faults are told together.
func Parse(text []byte) (*policy.Desk, error) {
	d := &policy.Desk{}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(d); err != nil {
		return nil, fmt.Errorf("desk.yaml: %w", err)
	}
	return d, d.Ready()
}
