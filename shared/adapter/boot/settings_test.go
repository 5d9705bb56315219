package boot_test

import (
	"testing"

	"privacydesk/shared/adapter/boot"
)

func TestYesOrNo(t *testing.T) {
	for value, c := range map[string]struct{ yes, wrong bool }{"": {}, "no": {}, "yes": {yes: true}, "true": {wrong: true}, "YES": {wrong: true}} {
		t.Setenv("SCAN_FILES", value)
		var set boot.Settings
		if got := set.Yes("SCAN_FILES"); got != c.yes || (set.Check() != nil) != c.wrong {
			t.Errorf("%q: %v, %v", value, got, set.Check())
		}
	}
}
