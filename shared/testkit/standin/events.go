package standin

import (
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Event is one record of SES event publishing.
type Event struct {
	Type             string   // Send, Delivery, Bounce, Complaint
	ConfigurationSet string   // of the mail; may be empty
	MessageID        string   // of the mail
	FeedbackID       string   // of a bounce or complaint
	Topics           []string // SNS topics of the set's enabled destinations that want this type
	JSON             []byte   // the record itself
}

const account = "000000000000"

type record struct {
	EventType string         `json:"eventType"`
	Mail      recordMail     `json:"mail"`
	Send      *struct{}      `json:"send,omitempty"`
	Delivery  map[string]any `json:"delivery,omitempty"`
	Bounce    map[string]any `json:"bounce,omitempty"`
	Complaint map[string]any `json:"complaint,omitempty"`
}

type recordMail struct {
	Timestamp        string              `json:"timestamp"`
	Source           string              `json:"source"`
	SourceArn        string              `json:"sourceArn"`
	SendingAccountID string              `json:"sendingAccountId"`
	MessageID        string              `json:"messageId"`
	Destination      []string            `json:"destination"`
	HeadersTruncated bool                `json:"headersTruncated"`
	Headers          []recordHeader      `json:"headers"`
	CommonHeaders    commonHeaders       `json:"commonHeaders"`
	Tags             map[string][]string `json:"tags"`
}

type recordHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type commonHeaders struct {
	From      []string `json:"from"`
	To        []string `json:"to"`
	MessageID string   `json:"messageId"`
	Subject   string   `json:"subject"`
}

// event writes the record of one thing that happened to a mail.
func (s *Server) event(m Mail, set ConfigurationSet, kind string, recipients []string, o outcome) Event {
	now := s.cfg.Now()
	e := Event{Type: kind, ConfigurationSet: set.Name, MessageID: m.ID, Topics: set.topics(kind)}
	rec := record{EventType: kind, Mail: m.record()}
	switch kind {
	case "Send":
		rec.Send = &struct{}{}
	case "Delivery":
		rec.Delivery = deliveryRecord(recipients, now)
	case "Bounce":
		e.FeedbackID = newMessageID(now)
		rec.Bounce = bounceRecord(recipients, o, e.FeedbackID, now)
	case "Complaint":
		e.FeedbackID = newMessageID(now)
		rec.Complaint = complaintRecord(recipients, o, e.FeedbackID, now)
	}
	e.JSON, _ = json.Marshal(rec) // strings and lists always have a JSON form
	return e
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func deliveryRecord(recipients []string, now time.Time) map[string]any {
	return map[string]any{
		"timestamp": stamp(now), "processingTimeMillis": 1, "recipients": recipients,
		"smtpResponse": "250 ok", "reportingMTA": "standin.amazonses.com",
	}
}

const onListDiagnostic = "Amazon SES did not send the message to this address because it is on the suppression list for your account."

func bounceRecord(recipients []string, o outcome, feedbackID string, now time.Time) map[string]any {
	diagnostic := "smtp; 550 5.1.1 user unknown"
	if o.sub != "General" {
		diagnostic = onListDiagnostic
	}
	var bounced []map[string]string
	for _, r := range recipients {
		bounced = append(bounced, map[string]string{
			"emailAddress": r, "action": "failed", "status": "5.1.1", "diagnosticCode": diagnostic,
		})
	}
	return map[string]any{
		"feedbackId": feedbackID, "bounceType": o.kind, "bounceSubType": o.sub,
		"bouncedRecipients": bounced, "timestamp": stamp(now), "reportingMTA": "dns; standin.amazonses.com",
	}
}

func complaintRecord(recipients []string, o outcome, feedbackID string, now time.Time) map[string]any {
	var complained []map[string]string
	for _, r := range recipients {
		complained = append(complained, map[string]string{"emailAddress": r})
	}
	rec := map[string]any{
		"feedbackId": feedbackID, "complaintSubType": nil, "complainedRecipients": complained, "timestamp": stamp(now),
	}
	if o.sub != "" {
		rec["complaintSubType"] = o.sub
	}
	if o.kind != "" {
		rec["complaintFeedbackType"], rec["userAgent"], rec["arrivalDate"] = o.kind, "Stand-in feedback loop", stamp(now)
	}
	return rec
}

func (m Mail) record() recordMail {
	from := m.From
	if parsed, err := mail.ParseAddress(m.From); err == nil {
		from = parsed.Address
	}
	_, domain, _ := strings.Cut(from, "@")
	rec := recordMail{
		Timestamp: stamp(m.SentAt), Source: m.From, MessageID: m.ID, Destination: m.Recipients,
		SourceArn: "arn:aws:ses:us-east-1:" + account + ":identity/" + domain, SendingAccountID: account,
		CommonHeaders: commonHeaders{[]string{m.From}, m.To, m.ID, m.Subject},
		Tags:          map[string][]string{"ses:from-domain": {domain}, "ses:caller-identity": {"local"}},
	}
	for _, h := range m.Headers {
		rec.Headers = append(rec.Headers, recordHeader(h))
	}
	if m.ConfigurationSet != "" {
		rec.Tags["ses:configuration-set"] = []string{m.ConfigurationSet}
	}
	for _, t := range m.Tags {
		rec.Tags[t.Name] = append(rec.Tags[t.Name], t.Value)
	}
	return rec
}

// publish hands events to the hook, outside the lock.
func (s *Server) publish(events []Event) {
	if s.cfg.OnEvent == nil {
		return
	}
	for _, e := range events {
		s.cfg.OnEvent(e)
	}
}

// topics are the SNS topics that the set publishes this type of event to.
func (set ConfigurationSet) topics(kind string) []string {
	var out []string
	for _, d := range set.Destinations {
		if d.Enabled && d.TopicARN() != "" && slices.Contains(d.MatchingEventTypes, strings.ToUpper(kind)) {
			out = append(out, d.TopicARN())
		}
	}
	return out
}
