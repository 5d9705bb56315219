package standin

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

func simpleMail(to ...string) *sesv2.SendEmailInput {
	return &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("Desk <desk@example.org>"),
		Destination:      &types.Destination{ToAddresses: to},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: aws.String("Hello")},
			Body: &types.Body{
				Text: &types.Content{Data: aws.String("Hello https://example.org/u/x.")},
				Html: &types.Content{Data: aws.String("<p>Hello <a href='https://example.org'>you</a>")},
			},
		}},
	}
}

func (b *bench) send(t testing.TB, in *sesv2.SendEmailInput) string {
	t.Helper()
	out, err := b.SendEmail(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if len(aws.ToString(out.MessageId)) != 60 {
		t.Errorf("message id %q", aws.ToString(out.MessageId))
	}
	return aws.ToString(out.MessageId)
}

func (b *bench) inbox(t testing.TB, query string) []Mail {
	t.Helper()
	res, err := http.Get(b.url + "/mailbox.json" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var out []Mail
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSimpleMailArrives(t *testing.T) {
	b := start(t, Config{ConfigurationSets: []ConfigurationSet{{Name: "marketing"}}})
	in := simpleMail("Kim <kim@example.com>")
	in.ConfigurationSetName = aws.String("marketing")
	in.ReplyToAddresses = []string{"privacy@example.org"}
	in.Destination.BccAddresses = []string{"copy@example.net"}
	in.Content.Simple.Headers = []types.MessageHeader{{Name: aws.String("List-Unsubscribe"), Value: aws.String("<https://example.org/u/x>")}}
	id := b.send(t, in)
	b.send(t, simpleMail("later@example.com"))
	all := b.inbox(t, "")
	if len(all) != 2 || all[0].Recipients[0] != "later@example.com" || all[1].ID != id {
		t.Fatalf("mailbox = %+v", all)
	}
	m := b.inbox(t, "?to=KIM@example.com")[0]
	if m.From != "Desk <desk@example.org>" || m.Subject != "Hello" || m.ConfigurationSet != "marketing" || m.HTML == "" || m.Text == "" || !m.SentAt.Equal(b.clock.now()) {
		t.Errorf("mail = %+v", m)
	}
	for name, want := range map[string]string{
		"List-Unsubscribe": "<https://example.org/u/x>", "Reply-To": "privacy@example.org",
		"To": "Kim <kim@example.com>", "Bcc": "", "Message-ID": "<" + id + "@email.amazonses.com>",
	} {
		if got := m.Headers.Get(name); got != want {
			t.Errorf("header %s = %q, want %q", name, got, want)
		}
	}
	if len(b.inbox(t, "?to=copy@example.net")) != 1 || len(b.inbox(t, "?to=x@example.net")) != 0 {
		t.Error("?to= does not pick recipients")
	}
}

const rawMail = "From: Desk <desk@example.org>\r\nTo: kim@example.com\r\nBcc: copy@example.net\r\n" +
	"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nList-Unsubscribe: <https://example.org/u/x>,\r\n <mailto:u@example.org>\r\n" +
	"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n" +
	"Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe=\r\n!\r\n--b\r\nContent-Type: text/html\r\n" +
	"Content-Transfer-Encoding: base64\r\n\r\nPGI+aGk8L2I+\r\n--b--\r\n"

func TestRawMailArrives(t *testing.T) {
	b := start(t, Config{})
	b.send(t, &sesv2.SendEmailInput{Content: &types.EmailContent{Raw: &types.RawMessage{Data: []byte(rawMail)}}})
	m := b.inbox(t, "?to=copy@example.net")[0]
	if m.Subject != "Grüße" || strings.TrimSpace(m.Text) != "Grüße!" || m.HTML != "<b>hi</b>" || m.Headers.Get("Bcc") != "" {
		t.Errorf("mail = %+v", m)
	}
	if got := m.Headers.Get("List-Unsubscribe"); got != "<https://example.org/u/x>, <mailto:u@example.org>" {
		t.Errorf("folded header = %q", got)
	}
}

func TestMailToSuppressedIsDroppedInSilence(t *testing.T) {
	b := start(t, Config{ConfigurationSets: []ConfigurationSet{
		{Name: "default"},
		{Name: "bounces", SuppressedReasons: []string{"BOUNCE"}},
		{Name: "nothing", SuppressedReasons: []string{}},
		{Name: "account-scope", Scope: "ACCOUNT"},
	}})
	b.put(t, "out@example.com", complaint)
	b.put(t, "Gone@example.com", bounce)
	b.put(t, "member@example.com", complaint, "acme")
	cases := map[string]struct {
		set, tenant, to string
		arrives         bool
	}{
		"no set, complaint":                   {"", "", "out@example.com", false},
		"no set, bounce":                      {"", "", "gone@example.com", false},
		"sending ignores case":                {"", "", "OUT@Example.com", false},
		"a set without options":               {"default", "", "out@example.com", false},
		"bounces only, complaint":             {"bounces", "", "out@example.com", true},
		"bounces only, bounce":                {"bounces", "", "gone@example.com", false},
		"nothing held back":                   {"nothing", "", "gone@example.com", true},
		"another address":                     {"", "", "kim@example.com", true},
		"tenant's list, account's entry":      {"", "acme", "out@example.com", true},
		"tenant's list, tenant's entry":       {"", "acme", "member@example.com", false},
		"account's list, tenant's entry":      {"", "", "member@example.com", true},
		"set prefers the account to a tenant": {"account-scope", "acme", "out@example.com", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			http.DefaultClient.Do(mustRequest(t, "DELETE", b.url+"/mailbox", ""))
			in := simpleMail(c.to)
			if c.set != "" {
				in.ConfigurationSetName = &c.set
			}
			if c.tenant != "" {
				in.TenantName = &c.tenant
			}
			b.send(t, in)
			if got := len(b.inbox(t, "")) == 1; got != c.arrives {
				t.Errorf("arrives = %v, want %v", got, c.arrives)
			}
		})
	}
}

func mustRequest(t testing.TB, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSuppressionOfOneRecipientLeavesTheOthers(t *testing.T) {
	b := start(t, Config{})
	b.put(t, "out@example.com", complaint)
	b.send(t, simpleMail("out@example.com", "kim@example.com", "KIM2@example.com", "kim@example.com"))
	m := b.inbox(t, "")[0]
	if strings.Join(m.Recipients, " ") != "kim@example.com KIM2@example.com" {
		t.Errorf("recipients = %v", m.Recipients)
	}
}

func TestSendRefuses(t *testing.T) {
	b := start(t, Config{Tenants: []string{}})
	header := func(name, value string) func(*sesv2.SendEmailInput) {
		return func(in *sesv2.SendEmailInput) {
			in.Content.Simple.Headers = []types.MessageHeader{{Name: &name, Value: &value}}
		}
	}
	cases := map[string]struct {
		spoil  func(*sesv2.SendEmailInput)
		status int
	}{
		"an unknown set":          {func(in *sesv2.SendEmailInput) { in.ConfigurationSetName = aws.String("x") }, 404},
		"an unknown tenant":       {func(in *sesv2.SendEmailInput) { in.TenantName = aws.String("x") }, 404},
		"no recipient":            {func(in *sesv2.SendEmailInput) { in.Destination = &types.Destination{} }, 400},
		"51 recipients":           {func(in *sesv2.SendEmailInput) { in.Destination.ToAddresses = make([]string, 51) }, 400},
		"a recipient beyond SES":  {func(in *sesv2.SendEmailInput) { in.Destination.ToAddresses = []string{"mañana@example.com"} }, 400},
		"no sender":               {func(in *sesv2.SendEmailInput) { in.FromEmailAddress = nil }, 400},
		"no body":                 {func(in *sesv2.SendEmailInput) { in.Content.Simple.Body = &types.Body{} }, 400},
		"no content":              {func(in *sesv2.SendEmailInput) { in.Content = &types.EmailContent{} }, 400},
		"a reserved header":       {header("reply-to", "x@example.com"), 400},
		"a line break in a value": {header("X-A", "a\r\nBcc: x@example.com"), 400},
		"a value outside ASCII":   {header("X-A", "ü"), 400},
		"a header too long":       {header("List-Unsubscribe", strings.Repeat("a", 981)), 400},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := simpleMail("kim@example.com")
			c.spoil(in)
			if _, err := b.SendEmail(t.Context(), in); status(err) != c.status {
				t.Errorf("status = %d (%v), want %d", status(err), err, c.status)
			}
		})
	}
	in := simpleMail("kim@example.com")
	header("List-Unsubscribe", strings.Repeat("a", 980))(in)
	b.send(t, in)
}
