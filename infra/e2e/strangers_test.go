package e2e

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/template"
)

// deployed are the limits that template.yaml deploys; make run has wider ones.
func deployed(t *testing.T) map[string]string {
	t.Helper()
	root, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := template.Load(filepath.Join(root, "template.yaml"), template.Options{
		Parameters: map[string]string{"PublicUrl": "https://privacy.example.com", "SesFrom": "privacy@example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	limits := map[string]string{}
	for _, p := range whole.Parameters {
		switch p.Name {
		case "SourceRequestsPerMinute", "SourceRequestsPerDay", "MailsPerMailbox", "StrangersMailsPerDay":
			limits[p.Name] = p.Value
		}
	}
	return limits
}

// source is a caller with an address of its own.
type source struct {
	*desk
	client *http.Client
}

func (d *desk) from(address string) source {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return source{d, &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DialContext: dialer.DialContext}, CheckRedirect: client.CheckRedirect}}
}

func (s source) post(t *testing.T, path string, fields url.Values) answer {
	t.Helper()
	res, err := s.client.Do(request(t, http.MethodPost, s.URL+path, fields.Encode(), browser))
	if err != nil {
		t.Fatal(err)
	}
	return read(t, res)
}

// runNotices runs the function that mails, as its schedule does every minute.
func (d *desk) runNotices(t *testing.T) {
	t.Helper()
	root, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	event, err := os.ReadFile(filepath.Join(root, "events/notices/scheduled.json"))
	if err != nil {
		t.Fatal(err)
	}
	d.call(t, "notices", event)
}

// nextWindow moves the time to a minute after the next window of mails begins.
func (d *desk) nextWindow(t *testing.T) {
	t.Helper()
	next := d.Now().Truncate(quota.Window).Add(quota.Window + time.Minute)
	d.travel(t, fmt.Sprintf("+%dm", int(next.Sub(d.Now()).Minutes())))
}

// Ten strangers from ten sources do in somebody's name whatever the deployed
// limits let them. The person's opt-out holds at once, their request is taken
// in, and its mail comes within hours.
func TestTenStrangersAgainstOne(t *testing.T) {
	t.Parallel()
	limits := deployed(t)
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true, Parameters: limits})
	defer d.Close()
	perMinute, _ := strconv.Atoi(limits["SourceRequestsPerMinute"])
	perDay, _ := strconv.Atoi(limits["SourceRequestsPerDay"])
	perWindow, _ := strconv.Atoi(limits["MailsPerMailbox"])
	victim, name := person(t)
	if 24*time.Hour-d.Now().UTC().Sub(d.Now().UTC().Truncate(quota.Day)) < 4*time.Hour {
		d.travel(t, "+4h") // all of it is to be within one day
	}
	d.nextWindow(t)

	taken, refused := 0, 0
	for n := 0; n < perDay+perMinute; n++ {
		for stranger := range 10 {
			s := d.from(fmt.Sprintf("127.0.60.%d", stranger+1))
			d.accepted(t, s.post(t, "/unsubscribe", url.Values{"email": {victim}, "topic": {"newsletter"}}))
			details := fmt.Sprintf("stranger %d, request %d", stranger, n)
			got := s.post(t, "/requests", url.Values{"email": {victim}, "kind": {"access"}, "details": {details}, "country": {"DE"}})
			switch got.status {
			case http.StatusOK:
				taken++
				if n%10 == 9 {
					resend := got.on(t, "/requests/resend/")
					private.add(token(resend))
					s.post(t, resend, nil)
				}
			case http.StatusTooManyRequests:
				refused++
			default:
				t.Fatalf("%d %s", got.status, got.body)
			}
		}
		if n%perMinute == perMinute-1 {
			d.travel(t, "+1m")
		}
	}
	t.Logf("strangers: %d requests taken in, %d refused", taken, refused)
	d.isWell(t)
	if taken < 10*perMinute || refused == 0 || taken > 10*perDay {
		t.Errorf("%d requests were taken in, %d refused", taken, refused)
	}

	self := d.from("127.0.60.200")
	d.accepted(t, self.post(t, "/unsubscribe", url.Values{"email": {victim}, "everything": {"yes"}}))
	if got := d.states(t, victim); got != "email=out email/newsletter=out phone=out post=out sms=out" {
		t.Errorf("the opt-out: %s", got)
	}
	wait(t, "SES holds the address back", func() bool { return d.listed(t, victim) })
	asked := self.post(t, "/requests", url.Values{"email": {victim}, "name": {name}, "kind": {"erasure"}, "country": {"DE"}})
	d.accepted(t, asked)
	own, at := reference.FindString(asked.body), d.Now()
	told := func() bool {
		for _, mail := range d.mails(t, victim) {
			if strings.Contains(mail, own) {
				return true
			}
		}
		return false
	}
	for window := 0; !told(); window++ {
		if window > 3 {
			t.Fatalf("after %v the person has had %d mails, and not their own", d.Now().Sub(at), len(d.mails(t, victim)))
		}
		d.nextWindow(t)
		before := len(d.mails(t, victim))
		for range perWindow + 1 {
			d.runNotices(t)
		}
		if n := len(d.mails(t, victim)) - before; n > perWindow {
			t.Errorf("%d mails in one window", n)
		}
	}
	t.Logf("the person's own mail came after %v; they had %d mails", d.Now().Sub(at).Round(time.Minute), len(d.mails(t, victim)))
	for _, mail := range d.mails(t, victim) {
		if at := strings.Index(mail, own); at >= 0 {
			_, link, listed := strings.Cut(mail[at:], d.URL+"/requests/confirm/")
			if !listed { // a mail of this one alone names it below its link
				_, link, _ = strings.Cut(mail, d.URL+"/requests/confirm/")
			}
			confirm := d.URL + "/requests/confirm/" + strings.Fields(link)[0]
			private.add(token(confirm))
			d.accepted(t, d.confirm(t, strings.TrimPrefix(confirm, d.URL)))
		}
	}
	before := len(d.mails(t, victim))
	d.runNotices(t)
	wait(t, "the acknowledgement is there, whatever strangers have used up", func() bool { return len(d.mails(t, victim)) > before })
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}

// One source has so many strangers mailed in a day, and the spellings of one
// mailbox count as one.
func TestListBombing(t *testing.T) {
	t.Parallel()
	limits := deployed(t)
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true, Parameters: limits})
	defer d.Close()
	perMinute, _ := strconv.Atoi(limits["SourceRequestsPerMinute"])
	perDay, _ := strconv.Atoi(limits["SourceRequestsPerDay"])
	perWindow, _ := strconv.Atoi(limits["MailsPerMailbox"])
	if d.Now().UTC().Truncate(quota.Day) != d.Now().UTC().Add(time.Hour).Truncate(quota.Day) {
		d.travel(t, "+1h") // all of it is to be within one day
	}
	bomber := d.from("127.0.61.1")
	var strangers []string
	var last answer
	for n := range perDay + 1 {
		address, _ := person(t)
		strangers = append(strangers, address)
		if last = bomber.post(t, "/requests", url.Values{"email": {address}, "kind": {"access"}, "country": {"DE"}}); last.status != http.StatusOK {
			break
		}
		if n%perMinute == perMinute-1 {
			d.travel(t, "+1m")
		}
	}
	seconds, _ := strconv.Atoi(last.header.Get("Retry-After"))
	if end := d.Now().Add(time.Duration(seconds) * time.Second).UTC(); last.status != http.StatusTooManyRequests || end.Sub(end.Truncate(quota.Day)) > 10*time.Second {
		t.Errorf("the source was refused with %d until %v", last.status, end)
	}
	if got := bomber.post(t, "/unsubscribe", url.Values{"email": {strangers[len(strangers)-1]}, "erase": {"yes"}}); got.status != http.StatusOK || !strings.Contains(got.body, "could not accept that") {
		t.Errorf("an opt-out beside an erasure: %d %s", got.status, got.body)
	}
	d.runNotices(t)
	wait(t, "those who were asked for have their mail", func() bool { return len(d.mails(t, strangers[perDay-1])) == 1 })
	if n := len(d.mails(t, strangers[perDay])); n != 0 || len(strangers) != perDay+1 {
		t.Errorf("%d strangers, %d mails to the last", len(strangers), n)
	}

	spellings := []string{
		"zarniwoop.vann@gmail.com", "zarniwoopvann@gmail.com", "z.arniwoopvann@gmail.com", "zarniwoopvann+a@gmail.com", "zarniwoopvann+b@gmail.com", "zarniwoop.vann+c@gmail.com",
		"zarniwoopvann@googlemail.com", "zarniwoop.vann@googlemail.com", "z.a.rniwoopvann@gmail.com", "zarniwoopvan.n@gmail.com", "zarniwoopvann+d@googlemail.com", "zarni.woop.vann@gmail.com",
	}
	private.add(spellings...)
	for i, spelling := range spellings {
		d.accepted(t, d.from(fmt.Sprintf("127.0.62.%d", i+1)).post(t, "/requests", url.Values{"email": {spelling}, "kind": {"access"}, "country": {"DE"}}))
	}
	mailed := func() (n int) {
		for _, spelling := range spellings {
			n += len(d.mails(t, spelling))
		}
		return n
	}
	d.runNotices(t)
	wait(t, "the mailbox has its mails", func() bool { return mailed() >= perWindow })
	d.runNotices(t)
	if n := mailed(); n != perWindow {
		t.Errorf("%d mails to one mailbox", n)
	}
}
