package main

import (
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

// What becomes of rows that are gone: DynamoDB's own deletions are counted, our
// own say nothing, and a choice that somebody deleted rings, without the whole
// reference in the log.
func TestRemovals(t *testing.T) {
	for name, c := range map[string]struct{ figures, log string }{
		"stream-removed-by-ttl":  {`"DisposedByTTL":1,"Function":"suppression"`, ""},
		"stream-removed-by-hand": {`"Function":"suppression","RowsDeletedByHand":2`, `"opt-out row deleted","reference":"47DEQpj8","scope":"email"`},
		"stream-removed-by-us":   {"", ""},
		"stream":                 {"", ""},
	} {
		event, err := os.ReadFile("../../events/suppression/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		h, log, figures := newHandler(&spy{})
		if _, err := lambda.NewHandler(h.handle).Invoke(t.Context(), event); err != nil {
			t.Fatal(err)
		}
		if got := figures.String(); !strings.Contains(got, c.figures) || (c.figures == "") == (strings.Contains(got, "DisposedByTTL") || strings.Contains(got, "RowsDeleted")) {
			t.Errorf("%s: %s", name, got)
		}
		if got := log.String(); !strings.Contains(got, c.log) || (c.log == "") == strings.Contains(got, "deleted") || strings.Contains(got, "47DEQpj8HBSa") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
