package deskpage_test

import (
	"testing"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/request"
)

// What is done beside an answer that waits for a signature takes effect at once.
func TestActBesideWhatWaitsIsNotSigned(t *testing.T) {
	waits := request.Request{Draft: &draft.Draft{Way: &draft.Way{Act: draft.Decide}}}
	if c := deskpage.CourseOf(&waits, casework.Outcome{Request: waits}); c.Signed {
		t.Error("the other act is said to wait, too")
	}
	if c := deskpage.CourseOf(&request.Request{}, casework.Outcome{Request: waits}); !c.Signed {
		t.Error("what must be signed is not said to be")
	}
}
