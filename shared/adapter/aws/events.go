package aws

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
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

// atOnce is how many events one call publishes at most.
const atOnce = 10

// Put publishes events of one type, in as few calls as it takes
// (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
// fault.Unavailable: some may not have been published, and others may have been.
// fault.Internal: EventBridge refuses. No error holds a detail.
func (b Bus) Put(ctx context.Context, detailType string, at time.Time, details ...any) error {
	for some := range slices.Chunk(details, atOnce) {
		if err := b.put(ctx, detailType, at, some); err != nil {
			return err
		}
	}
	return nil
}

func (b Bus) put(ctx context.Context, detailType string, at time.Time, details []any) error {
	op := "put an event " + detailType
	entries := make([]busEntry, len(details))
	for i, detail := range details {
		text, err := json.Marshal(detail)
		if err != nil {
			return fault.Wrap(fault.Internal, errors.New("the detail has no JSON form"), op)
		}
		entries[i] = busEntry{Source, detailType, string(text), at.Unix()}
	}
	body, err := json.Marshal(map[string][]busEntry{"Entries": entries})
	if err != nil {
		return fault.Wrap(fault.Internal, errors.New("the entries have no JSON form"), op)
	}
	body, err = b.aws.send(ctx, call{
		op: op, service: "events", method: http.MethodPost, url: b.aws.endpoint("EVENTBRIDGE", "events") + "/", target: "AWSEvents.PutEvents", body: body,
	})
	if err != nil {
		return err
	}
	return accepted(body, len(entries), op)
}

// accepted reads an answer, whose status is 200 for a refused entry too.
func accepted(body []byte, entries int, op string) error {
	var answer struct {
		FailedEntryCount *int
		Entries          []struct{ ErrorCode string }
	}
	err := json.Unmarshal(body, &answer)
	if err != nil || len(answer.Entries) == 0 {
		return fault.Wrap(fault.Unavailable, errors.New("no entry"), op)
	}
	if answer.FailedEntryCount != nil && *answer.FailedEntryCount == 0 && len(answer.Entries) == entries {
		return nil
	}
	why := "some entries are missing"
	for _, e := range answer.Entries {
		why = cmp.Or(e.ErrorCode, why)
	}
	return fault.Wrap(fault.Unavailable, errors.New(why), op)
}
