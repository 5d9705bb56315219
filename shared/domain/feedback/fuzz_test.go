package feedback

import (
	"fmt"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
)

func mustNotLeak(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "@") || strings.Contains(text, "secret") {
		t.Errorf("something of the event shows: %s", text)
	}
}

// Whatever comes, nothing panics, nothing of it stands in an error, and what
// is recorded is about somebody.
func FuzzRead(f *testing.F) {
	f.Add(complaintOf("abuse", []string{"a@example.com"}, []string{"a@example.com"}))
	f.Add(`{"Type":"Notification","Message":"{\"eventType\":\"Bounce\"}"}`)
	f.Add(`{"detail-type":"Email Bounced","detail":{"bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"x <a@example.com>"}]}}}`)
	f.Add(`{"eventType":"Subscription","mail":{"destination":["a@example.com"]},"subscription":{"newTopicPreferences":{"unsubscribeAll":true}}}`)
	f.Add(`{"eventType":"Bounce","bounce":{"bounceType":"Transient","bouncedRecipients":null},"mail":{"tags":{"request":[]}}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		found, err := Read([]byte(raw), sent)
		if err != nil {
			if fault.CodeOf(err) != fault.Invalid || len(found.Observations) > 0 || strings.Contains(err.Error(), "@") {
				t.Fatalf("%+v, %v", found, err)
			}
			return
		}
		for _, n := range found.Observations {
			if n.Address.IsZero() || n.Evidence.At.IsZero() || n.Evidence.Source == "" || strings.Contains(fmt.Sprint(n.Evidence), "@") {
				t.Fatalf("%+v", n)
			}
		}
		if strings.Contains(found.Undelivered+found.MessageID, "@") {
			t.Fatalf("%+v", found)
		}
	})
}
