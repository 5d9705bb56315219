package aws

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"privacydesk/shared/domain/fault"
)

// Bus is the account's default event bus of Amazon EventBridge.
type Bus struct{ aws *Clients }

// Bus returns the default event bus.
func (a *Clients) Bus() Bus { return Bus{a} }

// Source is the source of every event; the roles allow no other.
const Source = "privacydesk"

type busEntry struct {
	Source     string
	DetailType string
	Detail     string
	Time       int64
}

// Put publishes an event
// (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
// fault.Unavailable: it may not have been published. fault.Internal:
// EventBridge refuses. No error holds the detail.
func (b Bus) Put(ctx context.Context, detailType string, at time.Time, detail any) error {
	op := "put an event " + detailType
	text, err := json.Marshal(detail)
	if err != nil {
		return fault.Wrap(fault.Internal, errors.New("the detail has no JSON form"), op)
	}
	body, err := json.Marshal(map[string][]busEntry{"Entries": {{Source, detailType, string(text), at.Unix()}}})
	if err != nil {
		return fault.Wrap(fault.Internal, errors.New("the entry has no JSON form"), op)
	}
	body, err = b.aws.send(ctx, call{
		op: op, service: "events", method: http.MethodPost, url: b.aws.endpoint("EVENTBRIDGE", "events") + "/", target: "AWSEvents.PutEvents", body: body,
	})
	if err != nil {
		return err
	}
	return accepted(body, op)
}

// accepted reads an answer, whose status is 200 for a refused entry too.
func accepted(body []byte, op string) error {
	var answer struct {
		FailedEntryCount *int
		Entries          []struct{ ErrorCode string }
	}
	err := json.Unmarshal(body, &answer)
	switch {
	case err != nil || len(answer.Entries) == 0:
		return fault.Wrap(fault.Unavailable, errors.New("no entry"), op)
	case answer.FailedEntryCount == nil || *answer.FailedEntryCount > 0 || len(answer.Entries) != 1:
		return fault.Wrap(fault.Unavailable, errors.New(answer.Entries[0].ErrorCode), op)
	}
	return nil
}
