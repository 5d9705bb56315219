package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

const folder = "../../events/feedback"

// shapes are the strict forms of what may invoke the function, by the first
// word of the event file's name.
var shapes = map[string]func() any{
	"sqs": func() any { return new(events.SQSEvent) }, "sns": func() any { return new(events.SNSEvent) },
	"eventbridge": func() any { return new(events.EventBridgeEvent) },
}

// what each event file comes to: the scopes that suppress, by person.
var comesTo = map[string]struct {
	arthur, ford string
	kept         int
}{
	"sqs-bounce.json": {arthur: "bounce"}, "sqs-bounce-behind-a-forward.json": {arthur: "bounce"}, "sqs-raw-complaint.json": {arthur: "complaint"},
	"sqs-complaint-of-many.json": {}, "sqs-one-damaged.json": {arthur: "bounce", ford: "complaint", kept: 1},
	"sqs-nothing-to-do.json": {}, "sqs-identity-notification.json": {arthur: "bounce"},
	"sqs-mail-about-a-request.json": {arthur: "bounce"}, "sns-not-spam.json": {},
	"eventbridge-bounce.json": {arthur: "bounce"}, "eventbridge-complaint.json": {arthur: "complaint"},
	"sqs-ten-bounces.json": {}, "eventbridge-subscription.json": {arthur: "email/newsletter"},
}

func TestEvents(t *testing.T) {
	files, _ := filepath.Glob(folder + "/*.json")
	if len(files) != len(comesTo) {
		t.Errorf("%d files in events/feedback, %d expected", len(files), len(comesTo))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want, known := comesTo[filepath.Base(file)]
			raw, err := os.ReadFile(file)
			if err != nil || !known {
				t.Fatalf("known %v, %v", known, err)
			}
			kind, _, _ := strings.Cut(filepath.Base(file), "-")
			strict(t, raw, shapes[kind]())
			r := newRig(t)
			for range 2 {
				kept, err := r.deliver(t, raw)
				if err != nil || len(kept) != want.kept {
					t.Errorf("kept %v, %v", kept, err)
				}
			}
			if got := r.suppressed(t, "arthur@example.com"); got != want.arthur {
				t.Errorf("arthur is kept from %q, want %q", got, want.arthur)
			}
			if got := r.suppressed(t, "ford@example.com"); got != want.ford {
				t.Errorf("ford is kept from %q, want %q", got, want.ford)
			}
		})
	}
}

func strict(t *testing.T, raw []byte, into any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		t.Error(err)
	}
}

func TestNotSpamTakesTheComplaintBack(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{"sqs-raw-complaint.json", "sns-not-spam.json"} {
		raw, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "sns-not-spam.json" {
			raw = bytes.ReplaceAll(raw, []byte("12:00:00.000Z"), []byte("12:05:00.000Z"))
		}
		if _, err := r.deliver(t, raw); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.suppressed(t, "arthur@example.com"); got != "" {
		t.Errorf("still kept from %s", got)
	}
	a := testkit.Address(t, "arthur@example.com")
	found, err := r.table.OfPerson(context.Background(), testkit.Key(t).Ref(a))
	if err != nil || len(found) != 1 || found[0].State != optout.In || found[0].FirstAt.IsZero() {
		t.Errorf("%+v, %v", found, err)
	}
}
