package feedback

import (
	"encoding/json"
	"time"
)

// event is the part of SES's record that is read ("Examining event data
// retrieved from Amazon SNS", "Amazon SNS notification contents", SES
// Developer Guide). Both forms have the same body.
type event struct {
	EventType        string `json:"eventType"`        // event publishing
	NotificationType string `json:"notificationType"` // identity notifications

	Mail struct {
		Timestamp   instant  `json:"timestamp"`
		MessageID   string   `json:"messageId"`
		Destination []string `json:"destination"`

		CommonHeaders struct {
			To  []string `json:"to"`
			Cc  []string `json:"cc"`
			Bcc []string `json:"bcc"`
		} `json:"commonHeaders"`
		Tags tags `json:"tags"`
	} `json:"mail"`
	Bounce *struct {
		Type       string      `json:"bounceType"`
		Subtype    string      `json:"bounceSubType"`
		Recipients []recipient `json:"bouncedRecipients"`
		Timestamp  instant     `json:"timestamp"`
	} `json:"bounce"`
	Complaint *struct {
		Type       string      `json:"complaintFeedbackType"`
		Subtype    string      `json:"complaintSubType"`
		Recipients []recipient `json:"complainedRecipients"`
		Timestamp  instant     `json:"timestamp"`
		ArrivedAt  instant     `json:"arrivalDate"`
	} `json:"complaint"`
	Subscription *struct {
		Timestamp instant     `json:"timestamp"`
		New       preferences `json:"newTopicPreferences"`
		Old       preferences `json:"oldTopicPreferences"`
	} `json:"subscription"`
}

type recipient struct {
	Address string `json:"emailAddress"`
}

// preferences are a contact's, on SES's own list.
type preferences struct {
	All    *bool `json:"unsubscribeAll"`
	Topics []struct {
		Name   string `json:"topicName"`
		Status string `json:"subscriptionStatus"` // OptIn or OptOut
	} `json:"topicSubscriptionStatus"`
}

func (e event) kind() string {
	if e.EventType != "" {
		return e.EventType
	}
	return e.NotificationType
}

// tags are a mail's: what the sender gave it, and SES's own. One that is no
// list of texts does not spoil the event.
type tags map[string][]string

func (t *tags) UnmarshalJSON(raw []byte) error {
	var loose map[string]json.RawMessage
	if json.Unmarshal(raw, &loose) != nil {
		return nil
	}
	*t = tags{}
	for name, raw := range loose {
		var values []string
		if json.Unmarshal(raw, &values) == nil {
			(*t)[name] = values
		}
	}
	return nil
}

func (t tags) first(name string) string {
	if values := t[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// instant is a time as SES writes it; one that cannot be read is zero, for
// there are others in the event.
type instant struct{ time.Time }

func (i *instant) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		i.Time, _ = time.Parse(time.RFC3339, text)
	}
	return nil
}
