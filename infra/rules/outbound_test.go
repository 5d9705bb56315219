package rules

import (
	"strings"
	"testing"
)

// standIn is the setting by which the local stack answers for every other system, on loopback and without TLS.
const standIn = "SYSTEMS_STAND_IN"

// A deployed desk calls other systems at their own public addresses alone.
func TestNoStandInIsDeployed(t *testing.T) {
	if strings.Contains(read(t, root+"/template.yaml"), standIn) {
		t.Errorf("template.yaml sets %s, by which a function would call this machine instead of other systems", standIn)
	}
	for _, f := range loadTemplate(t).Functions {
		for name, value := range f.Environment {
			if name == standIn || strings.Contains(value, "127.0.0.1") || strings.Contains(value, "localhost") {
				t.Errorf("%s is given %s=%s", f.LogicalID, name, value)
			}
		}
	}
	for _, path := range []string{"/functions/systems/main.go", "/infra/local/stack/functions.go"} {
		if !strings.Contains(read(t, root+path), `"`+standIn+`"`) {
			t.Errorf("%s does not name %s: the rule holds for nothing", path, standIn)
		}
	}
}
