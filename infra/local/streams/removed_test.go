package streams

import (
	"encoding/json"
	"os"
	"testing"

	"privacydesk/shared/testkit"
)

// The filter of template.yaml lets through the removals that ring an alarm and
// those that are counted, and not those that suppression makes itself.
func TestFilterOfRemovals(t *testing.T) {
	var filters []matcher
	for _, mapping := range testkit.Template(t).Streams {
		for _, text := range mapping.Filters {
			match, err := compile(text)
			if err != nil {
				t.Fatal(err)
			}
			if mapping.Function == "SuppressionFunction" {
				filters = append(filters, match)
			}
		}
	}
	for name, want := range map[string]bool{"stream": true, "stream-removed-by-ttl": true, "stream-removed-by-hand": true, "stream-removed-by-us": false} {
		text, err := os.ReadFile("../../../events/suppression/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var event struct{ Records []any }
		if err := json.Unmarshal(text, &event); err != nil {
			t.Fatal(err)
		}
		for _, record := range event.Records {
			passes := false
			for _, match := range filters {
				passes = passes || match(record, true)
			}
			if passes != want {
				t.Errorf("%s: passes %v", name, passes)
			}
		}
	}
}
