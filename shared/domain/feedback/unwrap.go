package feedback

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"privacydesk/shared/domain/fault"
)

// envelope is what SNS (Type, Message) and EventBridge (detail-type, detail)
// put around a record of SES.
type envelope struct {
	Type      string          `json:"Type"`
	Message   string          `json:"Message"`
	Timestamp instant         `json:"Timestamp"`
	Kind      string          `json:"detail-type"`
	Time      instant         `json:"time"`
	Detail    json.RawMessage `json:"detail"`
}

// maxDepth is how many envelopes may be inside one another: EventBridge may
// send to SNS, which sends to SQS.
const maxDepth = 4

// greeting is how SES tries a topic out when it becomes an event destination.
// It is no JSON, and comes with every deployment that adds one.
const greeting = "Successfully validated SNS topic"

// unwrap takes the envelopes off. It gives the record, or nil where there is
// none to take, and when the outermost envelope with a time was sent.
func unwrap(raw []byte) (record []byte, sent time.Time, err error) {
	for range maxDepth {
		raw = bytes.TrimSpace(raw)
		if bytes.HasPrefix(raw, []byte(greeting)) {
			return nil, sent, nil
		}
		var e envelope
		if json.Unmarshal(raw, &e) != nil || raw[0] != '{' {
			return nil, sent, errMalformed
		}
		sent = cmp.Or(sent, e.Timestamp.Time, e.Time.Time)
		switch {
		case e.Type == "Notification":
			raw = []byte(e.Message)
		case strings.HasSuffix(e.Type, "Confirmation"): // SNS asks about subscriptions
			return nil, sent, nil
		case e.Kind != "" && len(e.Detail) > 0:
			raw = named(e.Detail, e.Kind)
		default:
			return raw, sent, nil
		}
	}
	return nil, sent, errMalformed
}

// errMalformed holds nothing of the text, which has addresses.
var errMalformed = fault.New(fault.Invalid, "not an event of SES")

// kinds are EventBridge's names for what its detail may leave unsaid.
var kinds = map[string]string{
	"Email Bounced": "Bounce", "Email Complaint Received": "Complaint", "Email Subscribed": "Subscription",
	"Email Delivered": "Delivery", "Email Sent": "Send", "Email Rejected": "Reject", "Email Opened": "Open",
	"Email Clicked": "Click", "Email Rendering Failed": "Rendering Failure", "Email Delivery Delayed": "DeliveryDelay",
}

// named gives a detail without a type that of its envelope.
func named(detail json.RawMessage, kind string) []byte {
	var e map[string]json.RawMessage
	if json.Unmarshal(detail, &e) != nil || e == nil || e["eventType"] != nil || e["notificationType"] != nil {
		return detail
	}
	if kinds[kind] != "" {
		kind = kinds[kind]
	}
	e["eventType"], _ = json.Marshal(kind)
	if whole, err := json.Marshal(e); err == nil {
		return whole
	}
	return detail
}
