package standin

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

func (b *bench) page(t testing.TB, method, path string, form url.Values) (int, string) {
	t.Helper()
	r := mustRequest(t, method, b.url+path, form.Encode())
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (b *bench) expect(t testing.TB, path string, status int, has ...string) {
	t.Helper()
	got, body := b.page(t, "GET", path, nil)
	if got != status {
		t.Errorf("%s: status %d, want %d", path, got, status)
	}
	for _, want := range has {
		if !strings.Contains(body, want) {
			t.Errorf("%s lacks %q:\n%s", path, want, body)
		}
	}
}

func campaign(b *bench, t testing.TB, link string) string {
	in := simpleMail("kim@example.com")
	in.Content.Simple.Subject.Data = aws.String("News & <more>")
	in.Content.Simple.Headers = []types.MessageHeader{
		{Name: aws.String("List-Unsubscribe"), Value: aws.String("<" + link + ">, <mailto:u@example.org>")},
		{Name: aws.String("List-Unsubscribe-Post"), Value: aws.String(oneClickBody)},
	}
	return b.send(t, in)
}

func TestMailboxPages(t *testing.T) {
	b := start(t, Config{})
	b.expect(t, "/mailbox", 200, "No mail yet")
	id := campaign(b, t, "https://example.org/u/x")
	b.expect(t, "/", 200, "News &amp; &lt;more&gt;", "kim@example.com")
	b.expect(t, "/mailbox?q=kim+news", 200, "News")
	b.expect(t, "/mailbox/rows?q=nothing", 200, "No mail matches")
	b.expect(t, "/mailbox/"+id, 200, "<iframe", "Unsubscribe, one click", `href="https://example.org/u/x"`)
	b.expect(t, "/mailbox/"+id+"?view=text", 200, `Hello <a href="https://example.org/u/x" target="_blank" rel="noreferrer">https://example.org/u/x</a>.`)
	b.expect(t, "/mailbox/"+id+"?view=headers", 200, "List-Unsubscribe-Post", "mailto:u@example.org")
	b.expect(t, "/mailbox/"+id+"/html", 200, `<base target="_blank">`, "<a href='https://example.org'>you</a>")
	b.expect(t, "/mailbox/none", 404, "Not here")
	b.expect(t, "/standin/style.css", 200, ":root")
	b.expect(t, "/standin/server.go", 404)
	if status, _ := b.page(t, "POST", "/mailbox/empty", url.Values{}); status != 200 || len(b.inbox(t, "")) != 0 {
		t.Error("the mailbox was not emptied")
	}
}

func TestNothingRunsInAMail(t *testing.T) {
	b := start(t, Config{})
	in := simpleMail("kim@example.com")
	in.Content.Simple.Body.Html.Data = aws.String("<html><HEAD lang=en><title>x</title></HEAD><script>alert(1)</script>")
	id := b.send(t, in)
	res, err := http.Get(b.url + "/mailbox/" + id + "/html")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "script-src") {
		t.Errorf("CSP = %q", csp)
	}
	body, _ := io.ReadAll(res.Body)
	if !strings.Contains(string(body), `<HEAD lang=en><base target="_blank"><title>`) {
		t.Errorf("body = %s", body)
	}
}

func TestOneClickButton(t *testing.T) {
	var got []string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("Cookie")+string(body))
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "You are out.")
	}))
	defer site.Close()
	b := start(t, Config{})
	id := campaign(b, t, site.URL+"/u/abc")
	status, body := b.page(t, "POST", "/mailbox/"+id+"/unsubscribe", url.Values{})
	if status != 200 || !strings.Contains(body, "The site answered 200 OK. You are out.") {
		t.Errorf("page %d: %s", status, body)
	}
	if want := "POST /u/abc application/x-www-form-urlencoded " + oneClickBody; len(got) != 1 || got[0] != want {
		t.Errorf("the site got %q, want %q", got, want)
	}
	plain := b.send(t, simpleMail("kim@example.com"))
	if status, _ := b.page(t, "POST", "/mailbox/"+plain+"/unsubscribe", url.Values{}); status != 404 {
		t.Errorf("a mail without the headers: %d", status)
	}
}

func TestRecipientActs(t *testing.T) {
	b := start(t, Config{})
	id := b.send(t, simpleMail("Kim@example.com"))
	steps := []struct{ act, event, reason string }{
		{"complaint", "Complaint/abuse", "COMPLAINT"},
		{"not-spam", "Complaint/not-spam", ""},
		{"bounce", "Bounce/Permanent/General", "BOUNCE"},
		{"not-spam", "Complaint/not-spam", "BOUNCE"},
	}
	for _, step := range steps {
		if status, _ := b.page(t, "POST", "/mailbox/"+id+"/"+step.act, url.Values{}); status != 200 {
			t.Fatalf("%s: %d", step.act, status)
		}
		events := b.events()
		last := events[len(events)-1]
		if got := shape(t, last); got != step.event {
			t.Errorf("%s raised %s", step.act, got)
		}
		e, err := get(b, t, "Kim@example.com", "")
		if step.reason == "" {
			if err == nil {
				t.Errorf("%s left %+v", step.act, e)
			}
			continue
		}
		if err != nil || string(e.Reason) != step.reason || aws.ToString(e.Attributes.MessageId) != id || aws.ToString(e.Attributes.FeedbackId) == "" {
			t.Errorf("after %s: %+v, %v", step.act, e, err)
		}
	}
	if n := len(b.events()); n != 2+len(steps) {
		t.Errorf("%d events", n)
	}
	if status, _ := b.page(t, "POST", "/mailbox/"+id+"/eat", url.Values{}); status != 404 {
		t.Errorf("unknown act: %d", status)
	}
}

func TestSuppressionPage(t *testing.T) {
	b := start(t, Config{})
	b.expect(t, "/suppression", 200, "Nobody is on it")
	b.put(t, "tenant@example.com", bounce, "acme")
	b.page(t, "POST", "/suppression/add", url.Values{"address": {"kim@example.com"}, "reason": {"COMPLAINT"}})
	b.expect(t, "/suppression", 200, "kim@example.com", "Tenant acme", "tenant@example.com")
	b.expect(t, "/suppression?q=nobody", 200, "Nothing matches")
	_, body := b.page(t, "POST", "/suppression/add", url.Values{"address": {"nobody"}, "reason": {"COMPLAINT"}})
	if !strings.Contains(body, "SES does not take that address") {
		t.Error("a bad address was taken in silence")
	}
	b.page(t, "POST", "/suppression/remove", url.Values{"address": {"kim@example.com"}})
	if got := b.addresses(t, &sesv2.ListSuppressedDestinationsInput{}); len(got) != 0 {
		t.Errorf("list = %v", got)
	}
}

func TestOtherSitesMayNotPressButtons(t *testing.T) {
	b := start(t, Config{})
	b.send(t, simpleMail("kim@example.com"))
	r := mustRequest(t, "DELETE", b.url+"/mailbox", "")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != http.StatusForbidden || len(b.inbox(t, "")) != 1 {
		t.Errorf("answer = %v, %v", res, err)
	}
}

func TestMailLinksLeadToTheForm(t *testing.T) {
	for link, want := range map[string]string{
		"mailto:unsubscribe@in.example.com?subject=a-b_c": "/inbound?from=me%40example.com&subject=a-b_c&to=unsubscribe%40in.example.com",
		"https://privacy.example.com/u/x":                 "",
	} {
		if got := writeURL(link, []string{"me@example.com"}); got != want {
			t.Errorf("%s leads to %q, want %q", link, got, want)
		}
	}
}

// The mailbox shows both sides of a conversation; a test that asks for what was
// sent is given the desk's side alone.
func TestWhatIsWrittenToTheDeskIsInTheMailbox(t *testing.T) {
	b := start(t, Config{})
	b.srv.Receive(Mail{From: "kim@example.com", To: []string{"privacy@in.example.com"}, Recipients: []string{"privacy@in.example.com"}, Subject: "Delete <my> data", Text: "please"})
	b.expect(t, "/mailbox", 200, `<span class="who">kim@example.com</span>`, "Delete &lt;my&gt; data", "to privacy@in.example.com")
	b.expect(t, "/mailbox?q=kim", 200, "Delete &lt;my&gt; data")
	b.expect(t, "/mailbox.json", 200, "[]")
	id := b.srv.mails(func(Mail) bool { return true })[0].ID
	b.expect(t, "/mailbox/"+id, 200, "kim@example.com", "please")
	if _, page := b.page(t, "GET", "/mailbox/"+id, nil); strings.Contains(page, "Be the recipient") {
		t.Error("the desk cannot report its own mail as spam")
	}
}

func TestWhen(t *testing.T) {
	now := time.Date(2026, 11, 22, 17, 36, 51, 0, time.Local)
	for ago, want := range map[time.Duration]string{
		0: "17:36:51", 17 * time.Hour: "00:36:51", 24 * time.Hour: "21 Nov 17:36", 400 * 24 * time.Hour: "18 Oct 2025 17:36", -40 * 24 * time.Hour: "1 Jan 2027 17:36",
	} {
		if got := when(now.Add(-ago), now); got != want {
			t.Errorf("%v ago: %q, want %q", ago, got, want)
		}
	}
}
