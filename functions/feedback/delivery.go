package main

import (
	"encoding/json"
	"strconv"
	"time"

	"privacydesk/shared/domain/fault"
)

// message is one event of SES with what brought it.
type message struct {
	id   string // of SQS; empty where nothing can be given back one by one
	body []byte
	sent time.Time
}

// delivery is what Lambda invokes us with: records of SQS or of SNS, or one
// event of SES by itself or in its envelope. JSON keys match whatever their
// case, so that one field takes eventSource and EventSource.
type delivery struct {
	Records []struct {
		Source     string `json:"eventSource"`
		MessageID  string `json:"messageId"`
		Body       string `json:"body"`
		Attributes struct{ SentTimestamp string }
		SNS        json.RawMessage `json:"Sns"`
	}
}

var errUnknown = fault.New(fault.Invalid, "invoked with something that is neither SQS, SNS, EventBridge nor an event of SES")

// messages takes a delivery apart. Each of SQS's messages may fail by itself.
func messages(raw []byte, now time.Time) ([]message, error) {
	var d delivery
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, errUnknown
	}
	if d.Records == nil {
		return []message{{body: raw, sent: now}}, nil
	}
	var all []message
	for _, r := range d.Records {
		m := message{id: r.MessageID, body: []byte(r.Body), sent: now}
		if ms, err := strconv.ParseInt(r.Attributes.SentTimestamp, 10, 64); err == nil {
			m.sent = time.UnixMilli(ms)
		}
		switch r.Source {
		case "aws:sqs":
		case "aws:sns":
			m.id, m.body = "", r.SNS
		default:
			return nil, errUnknown
		}
		all = append(all, m)
	}
	return all, nil
}
