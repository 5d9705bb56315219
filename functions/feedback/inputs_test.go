package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// inputs are real events that the project does not own.
const inputs = "../../../shared/inputs/"

func lines(t *testing.T, name string) []string {
	t.Helper()
	raw, err := os.ReadFile(inputs + name)
	if err != nil {
		t.Skipf("SKIPPED: there is no ../shared/inputs/%s beside the repository", name)
	}
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

func TestRealEvents(t *testing.T) {
	for _, line := range lines(t, "ses-events.jsonl") {
		var c struct {
			ID, Envelope string
			Event        json.RawMessage
			Expect       struct {
				Suppress []string
				MustNot  []string `json:"must_not_suppress"`
			}
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.ID, func(t *testing.T) {
			r := newRig(t)
			if kept, err := r.deliver(t, c.Event); err != nil || len(kept) != 0 {
				t.Fatalf("kept %v, %v", kept, err)
			}
			for _, a := range c.Expect.Suppress {
				if r.suppressed(t, a) == "" {
					t.Errorf("%s is not suppressed", a)
				}
			}
			for _, a := range c.Expect.MustNot {
				if got := r.suppressed(t, a); got != "" {
					t.Errorf("%s is suppressed in %s", a, got)
				}
			}
		})
	}
}

func TestRealTypes(t *testing.T) {
	for _, line := range lines(t, "bounce-types.tsv")[1:] {
		kind, rest, _ := strings.Cut(line, "\t")
		subtype, expect, _ := strings.Cut(rest, "\t")
		t.Run(kind+" "+subtype, func(t *testing.T) {
			r := newRig(t)
			if kept, err := r.deliver(t, sqs(typed(kind, subtype))); err != nil || len(kept) != 0 {
				t.Fatalf("kept %v, %v", kept, err)
			}
			if got := r.suppressed(t, "a@example.com"); (got != "") != (expect == "suppress") {
				t.Errorf("suppressed in %q; the source says: %s", got, expect)
			}
		})
	}
}

func typed(kind, subtype string) string {
	if feedback, complaint := strings.CutPrefix(kind, "Complaint:"); complaint {
		raw, _ := json.Marshal(feedback)
		if feedback == "null" {
			raw = []byte("null")
		}
		return fmt.Sprintf(`{"eventType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"a@example.com"}],"complaintFeedbackType":%s,"timestamp":"2026-11-22T12:00:00.000Z"},"mail":{"destination":["a@example.com"]}}`, raw)
	}
	return strings.NewReplacer("Permanent", kind, "General", subtype).Replace(bounceOf("a@example.com"))
}
