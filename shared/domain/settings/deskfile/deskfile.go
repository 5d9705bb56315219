// Package deskfile reads a desk.yaml and writes it as Go source. Only the generator and tests import it, so that no
// function carries a YAML parser. What a desk may say is the business of package settings.
package deskfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"privacydesk/shared/domain/settings"
)

// Parse reads a desk.yaml, and holds it against further checks than its own; each gives its faults as *settings.Fault.
// Unknown settings are refused; all faults are told together, each with its line.
func Parse(text []byte, checks ...func(*settings.Desk) error) (*settings.Desk, error) {
	var tree yaml.Node
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return nil, unreadable(err, &tree)
	}
	d := &settings.Desk{}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(d); err != nil {
		return nil, unreadable(err, &tree)
	}
	for i := range d.Retention {
		d.Retention[i].Line = line(&tree, fmt.Sprintf("retention[%d]", i))
	}
	err := d.Validate()
	for _, check := range checks {
		err = errors.Join(err, check(d))
	}
	return d, located(err, &tree)
}

// unreadable tells what YAML itself or its types refuse. Its parser names the lines.
func unreadable(err error, tree *yaml.Node) error {
	typed, ok := errors.AsType[*yaml.TypeError](err)
	if !ok {
		return fmt.Errorf("desk.yaml: %w", err)
	}
	var faults []error
	for _, text := range typed.Errors {
		var n int
		if _, rest, found := strings.Cut(text, ": "); found {
			if _, err := fmt.Sscanf(text, "line %d:", &n); err == nil {
				text = rest
			}
		}
		faults = append(faults, &settings.Fault{Line: n, Text: reworded(text, n, tree)})
	}
	return errors.Join(faults...)
}
