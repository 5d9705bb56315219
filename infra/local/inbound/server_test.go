package inbound

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// received is a server that keeps the events that it hands over.
func received(t *testing.T) (*Server, *[]events.SimpleEmailRecord) {
	t.Helper()
	var got []events.SimpleEmailRecord
	return &Server{
		Rules: []Rule{{Recipients: []string{"unsubscribe@in.example.com", "privacy@in.example.com"}, Function: "arn:aws:lambda:us-east-1:000000000000:function:MailboxFunction"}},
		Now:   func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) },
		Invoke: func(_ context.Context, function string, payload []byte) ([]byte, string, error) {
			var e events.SimpleEmailEvent
			if err := json.Unmarshal(payload, &e); err != nil || function != "MailboxFunction" {
				t.Errorf("%s %v", function, err)
			}
			got = append(got, e.Records...)
			return nil, "", nil
		},
	}, &got
}

func send(s *Server, path, kind, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	req.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w
}

func TestRawMessage(t *testing.T) {
	s, got := received(t)
	raw := "From: Marvin <marvin@example.com>\r\nTo: unsubscribe+label@IN.example.com, info@in.example.com\r\nSubject: a\r\n b\r\nX-Long: " + "x\r\n\r\nFrom: body@example.com\r\n"
	if w := send(s, "/inbound?spf=fail&dmarc=FAIL&policy=reject", "message/rfc822", raw); w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	r := (*got)[0].SES
	if r.Mail.Source != "marvin@example.com" || len(r.Mail.Destination) != 2 || len(r.Receipt.Recipients) != 1 || r.Receipt.SPFVerdict.Status != "FAIL" ||
		r.Receipt.SpamVerdict.Status != "PASS" || r.Receipt.DMARCPolicy != "reject" || r.Mail.HeadersTruncated || len(r.Mail.Headers) != 5 {
		t.Errorf("%+v", r)
	}
	for _, h := range r.Mail.Headers {
		if h.Name == "Subject" && h.Value != "a b" || strings.Contains(h.Value, "body@") {
			t.Errorf("%+v", h)
		}
	}
}

func TestTypedMail(t *testing.T) {
	s, got := received(t)
	fields := url.Values{"from": {"Zoë <zoe@example.com>\nBcc: x"}, "to": {"privacy@in.example.com"}, "subject": {"Grüße"}, "headers": {"Auto-Submitted: auto-replied\n\nnonsense\n"}, "bounce": {"yes"}}
	if w := send(s, "/inbound", "application/x-www-form-urlencoded", fields.Encode()); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, w.Body)
	}
	r := (*got)[0].SES
	if r.Mail.Source != "" || len(r.Mail.Headers) != 5 || r.Mail.Headers[0].Value != "<>" || r.Mail.Headers[4].Value != "auto-replied" {
		t.Errorf("%+v", r.Mail)
	}
}

// The author is read as the desk reads it, and a token keeps its capitals.
func TestAddressesAsPeopleWriteThem(t *testing.T) {
	s, got := received(t)
	raw := "From: Doe, Marvin [ACME] <Marvin@example.com>\r\nTo: unsubscribe+AbC@in.example.com\r\n\r\n"
	fields := url.Values{"from": {"Doe, Marvin [ACME] <Marvin@example.com>"}, "to": {"<unsubscribe+AbC@in.example.com>"}}
	send(s, "/inbound", "message/rfc822", raw)
	send(s, "/inbound", "application/x-www-form-urlencoded", fields.Encode())
	for _, r := range *got {
		if r.SES.Mail.Source != "marvin@example.com" || r.SES.Receipt.Recipients[0] != "unsubscribe+AbC@in.example.com" {
			t.Errorf("%+v", r.SES.Mail)
		}
	}
	if len(*got) != 2 {
		t.Errorf("%d mails", len(*got))
	}
}

func TestCutHeaders(t *testing.T) {
	s, got := received(t)
	raw := "From: marvin@example.com\r\nTo: privacy@in.example.com\r\n" + strings.Repeat("Received: "+strings.Repeat("x", 900)+"\r\n", 12) + "Auto-Submitted: auto-replied\r\n\r\n"
	if w := send(s, "/inbound", "text/plain", raw); w.Code != http.StatusOK || !(*got)[0].SES.Mail.HeadersTruncated {
		t.Error(w.Code, w.Body)
	}
}

func TestMailForNobody(t *testing.T) {
	s, got := received(t)
	for name, body := range map[string]string{"no rule": "From: a@example.com\r\nTo: info@in.example.com\r\n\r\n", "no header": "hello", "no recipient": "From: a@example.com\r\n\r\n"} {
		if w := send(s, "/inbound", "message/rfc822", body); w.Code != http.StatusUnprocessableEntity || len(*got) != 0 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestForm(t *testing.T) {
	s, _ := received(t)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/inbound?to=unsubscribe@in.example.com&subject=%22%3E%3Cscript%3E", nil))
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "<script>") || !strings.Contains(w.Body.String(), `name="dkim"`) {
		t.Error(w.Code, w.Body)
	}
}
