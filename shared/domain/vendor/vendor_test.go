package vendor_test

import (
	"slices"
	"testing"

	"privacydesk/shared/domain/vendor"
)

// What an owner reads with a task: how to find the person, then what the task asks for.
func TestSteps(t *testing.T) {
	if n := len(vendor.IDs()); n < 20 {
		t.Errorf("%d vendors", n)
	}
	for _, id := range vendor.IDs() {
		v, known := vendor.Named(id)
		if !known || v.ReadOn().IsZero() || v.ReadOn().String() != v.Read {
			t.Errorf("%s: %v, read on %s", id, known, v.Read)
		}
		for task, want := range map[string][]string{
			"erasure": slices.Concat(v.Find, v.Erase), "access": slices.Concat(v.Find, v.Export), "restriction": v.Find,
		} {
			if got := v.Steps(task); !slices.Equal(got, want) {
				t.Errorf("%s, %s: %q", id, task, got)
			}
		}
	}
	if _, known := vendor.Named("none"); known {
		t.Error("nobody's")
	}
}
