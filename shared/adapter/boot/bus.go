package boot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"privacydesk/shared/domain/fault"
)

// Bus is the account's default event bus of Amazon EventBridge, as far as
// telling other systems needs it: one signed call, without the SDK's client as
// for secrets (infra/decisions/0006-secrets-by-signed-request.md).
type Bus struct{ aws *AWS }

// Bus returns the default event bus.
func (a *AWS) Bus() Bus { return Bus{a} }

// Source is who says what is put on the bus; the roles allow no other.
const Source = "privacydesk"

type busEntry struct {
	Source     string
	DetailType string
	Detail     string
	Time       int64
}

// Put says something to whoever listens
// (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
// fault.Unavailable: it may not have been said. fault.Internal: EventBridge
// refuses. No error holds the detail.
func (b Bus) Put(ctx context.Context, detailType string, at time.Time, detail any) error {
	doing := "put an event " + detailType
	text, err := json.Marshal(detail)
	if err != nil {
		return fault.Wrap(fault.Internal, errors.New("the detail has no JSON form"), doing)
	}
	body, err := json.Marshal(map[string][]busEntry{"Entries": {{Source, detailType, string(text), at.Unix()}}})
	if err != nil {
		return fault.Wrap(fault.Internal, errors.New("the entry has no JSON form"), doing)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.aws.endpoint("EVENTBRIDGE", "events")+"/", strings.NewReader(string(body)))
	if err != nil {
		return fault.Wrap(fault.Internal, errors.New("no such address"), doing)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSEvents.PutEvents")
	sum := sha256.Sum256(body)
	keys, _ := credentials{}.Retrieve(ctx)
	if err := v4.NewSigner().SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), "events", b.aws.region, time.Now()); err != nil {
		return fault.Wrap(fault.Internal, errors.New("the call could not be signed"), doing)
	}
	return b.said(req, doing)
}

// said reads the answer, which is 200 for what was refused, too.
func (b Bus) said(req *http.Request, doing string) error {
	res, err := b.aws.once.Do(req)
	if err != nil {
		return fault.Wrap(fault.Unavailable, errors.New("no answer"), doing)
	}
	defer res.Body.Close()
	var answer struct {
		FailedEntryCount *int
		Entries          []struct{ ErrorCode string }
		Type             string `json:"__type"`
	}
	switch err := json.NewDecoder(http.MaxBytesReader(nil, res.Body, 1<<20)).Decode(&answer); {
	case res.StatusCode >= http.StatusInternalServerError || err != nil:
		return fault.Wrap(fault.Unavailable, fmt.Errorf("status %d", res.StatusCode), doing)
	case res.StatusCode != http.StatusOK:
		return fault.Wrap(fault.Internal, fmt.Errorf("status %d %s", res.StatusCode, answer.Type), doing)
	case answer.FailedEntryCount == nil || *answer.FailedEntryCount > 0 || len(answer.Entries) != 1:
		code := "no entry"
		if len(answer.Entries) > 0 {
			code = answer.Entries[0].ErrorCode
		}
		return fault.Wrap(fault.Unavailable, errors.New(code), doing)
	}
	return nil
}
