package async

import (
	"encoding/json"
	"time"
)

// Letter is what Lambda sends to an on-failure destination. The response is
// missing where the function was never invoked.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
type Letter struct {
	Version         string           `json:"version"`
	Timestamp       time.Time        `json:"timestamp"`
	RequestContext  RequestContext   `json:"requestContext"`
	RequestPayload  json.RawMessage  `json:"requestPayload"`
	ResponseContext *ResponseContext `json:"responseContext,omitempty"`
	ResponsePayload json.RawMessage  `json:"responsePayload,omitempty"`
}

// RequestContext says which event was given up, and why.
type RequestContext struct {
	RequestID   string `json:"requestId"`
	FunctionARN string `json:"functionArn"`
	Condition   string `json:"condition"` // RetriesExhausted, EventAgeExceeded or ZeroReservedConcurrency
	Invokes     int    `json:"approximateInvokeCount"`
}

// ResponseContext is about the last answer of the function.
type ResponseContext struct {
	StatusCode      int    `json:"statusCode"`
	ExecutedVersion string `json:"executedVersion"`
	FunctionError   string `json:"functionError,omitempty"`
}

func (e *event) giveUp(condition string) {
	e.queue.Log.Error("asynchronous invocation given up", "target", e.function.Folder, "why", condition, "requestId", e.call.RequestID)
	if e.function.OnFailure == "" {
		return
	}
	letter := Letter{
		Version: "1.0", Timestamp: e.queue.Clock.Now().UTC().Truncate(time.Millisecond), RequestPayload: e.call.Payload,
		RequestContext: RequestContext{e.call.RequestID, e.function.ARN + ":$LATEST", condition, e.failures},
	}
	if e.last.Err == nil {
		letter.ResponseContext = &ResponseContext{200, "$LATEST", e.last.Result.FunctionError}
		letter.ResponsePayload = e.last.Result.Payload
	}
	message, err := json.Marshal(letter)
	if err != nil {
		e.queue.Log.Error("cannot write what was given up", "target", e.function.Folder, "requestId", e.call.RequestID)
		return
	}
	e.queue.DeadLetter(e.function.OnFailure, message)
}
