package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// campaign sends a mail as a sender does, and gives its id.
func (d *desk) campaign(tb testing.TB, to ...string) string {
	tb.Helper()
	body, err := json.Marshal(map[string]any{
		"FromEmailAddress": "news@example.com", "ConfigurationSetName": "privacydesk-marketing", "Destination": map[string]any{"ToAddresses": to},
		"Content": map[string]any{"Simple": map[string]any{"Subject": map[string]string{"Data": "Autumn"}, "Body": map[string]any{"Text": map[string]string{"Data": "Hello"}}}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	got := do(tb, request(tb, http.MethodPost, d.AWS+"/v2/email/outbound-emails", string(body), nil))
	var sent struct{ MessageId string }
	if err := json.Unmarshal([]byte(got.body), &sent); err != nil || sent.MessageId == "" {
		tb.Fatalf("SES: %d %s", got.status, got.body)
	}
	return sent.MessageId
}

// recipient presses a button of the mailbox page.
func (d *desk) recipient(tb testing.TB, mail, act string) {
	tb.Helper()
	if got := do(tb, request(tb, http.MethodPost, d.AWS+"/mailbox/"+url.PathEscape(mail)+"/"+act, "", nil)); got.status >= 400 {
		tb.Fatalf("%s: %d", act, got.status)
	}
}

// What recipients do with a mail comes back by topic and queue, is recorded,
// and is told to SES.
func TestWhatRecipientsDoComesBack(t *testing.T) {
	d := shared(t)
	for name, c := range map[string]struct {
		acts   []string
		states string
		reason string // on SES's list
	}{
		"a bounce":                 {[]string{"bounce"}, "bounce=out", "BOUNCE"},
		"a complaint":              {[]string{"complaint"}, "complaint=out", "COMPLAINT"},
		"a complaint taken back":   {[]string{"complaint", "not-spam"}, "complaint=in", ""},
		"a complaint and a bounce": {[]string{"complaint", "bounce"}, "bounce=out complaint=out", "BOUNCE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _ := person(t)
			mail := d.campaign(t, address)
			for _, act := range c.acts {
				d.recipient(t, mail, act)
				time.Sleep(2 * time.Millisecond) // SES's times are no finer, and of two at once the safer counts
			}
			wait(t, "it is recorded", func() bool { return d.states(t, address) == c.states })
			wait(t, "SES is told", func() bool { return d.told(t, address) && d.suppressed(t)[address] == c.reason })
		})
	}
}

// "Not spam" makes SES forget who opted out; the desk reminds it.
func TestNotSpamIsNoOptIn(t *testing.T) {
	d := shared(t)
	address, _ := person(t)
	mail := d.campaign(t, address)
	d.form(t, url.Values{"email": {address}})
	wait(t, "SES holds the address back", func() bool { return d.listed(t, address) })
	d.recipient(t, mail, "not-spam")
	wait(t, "the row of the complaint is there", func() bool { return d.states(t, address) == "complaint=in email=out" })
	wait(t, "SES holds the address back again", func() bool { return d.listed(t, address) })
}

// SES's mailbox simulator closes the circle too, without a button.
func TestMailboxSimulator(t *testing.T) {
	d := shared(t)
	for address, states := range map[string]string{
		"complaint+e2e@simulator.amazonses.com": "complaint=out", "bounce+e2e@simulator.amazonses.com": "bounce=out",
		"suppressionlist+e2e@simulator.amazonses.com": "bounce=out",
	} {
		private.add(address)
		d.campaign(t, address)
		wait(t, "it is recorded", func() bool { return d.states(t, address) == states })
	}
}

// A complaint that names several people is held against none of them.
func TestAComplaintOfMany(t *testing.T) {
	d := shared(t)
	one, _ := person(t)
	other, _ := person(t)
	d.recipient(t, d.campaign(t, one, other), "complaint")
	last, _ := person(t)
	d.recipient(t, d.campaign(t, last), "complaint")
	wait(t, "the next complaint is recorded", func() bool { return d.states(t, last) == "complaint=out" })
	if got := d.states(t, one) + d.states(t, other); got != "" {
		t.Errorf("held against all: %s", got)
	}
}

// A mail about a request that bounces shows on the request.
func TestABouncedLetterShowsOnItsRequest(t *testing.T) {
	d := shared(t)
	address, _ := person(t)
	asked := d.post(t, "/requests", url.Values{"email": {address}, "kind": {"access"}, "country": {"DE"}})
	d.accepted(t, asked)
	id := reference.FindString(asked.body)
	d.mailed(t, address, "/requests/confirm/", id)
	got := do(t, request(t, http.MethodGet, d.AWS+"/mailbox.json?to="+url.QueryEscape(address), "", nil))
	var mails []struct{ ID string }
	if err := json.Unmarshal([]byte(got.body), &mails); err != nil || len(mails) == 0 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	d.recipient(t, mails[0].ID, "bounce")
	wait(t, "the request says so", func() bool {
		for _, r := range d.rows(t, "RequestsTable") {
			if r["id"] == id && r["row"] == "request" {
				return r["mail_failed_at"] != ""
			}
		}
		return false
	})
}

// An officer lifts a bounce: SES takes mail for the address again, until another comes back.
func TestABounceIsLifted(t *testing.T) {
	d := shared(t)
	address, _ := person(t)
	d.recipient(t, d.campaign(t, address), "bounce")
	wait(t, "it is recorded", func() bool { return d.states(t, address) == "bounce=out" && d.told(t, address) })
	lifted := do(t, request(t, http.MethodPost, d.URL+"/api/bounces/lift", `{"address":"`+address+`","reason":"They wrote from it yesterday."}`, signed))
	d.accepted(t, lifted)
	wait(t, "SES lets mail through", func() bool { return d.states(t, address) == "bounce=in" && d.told(t, address) && !d.listed(t, address) })
	d.recipient(t, d.campaign(t, address), "bounce")
	wait(t, "SES holds the address back again", func() bool { return d.states(t, address) == "bounce=out" && d.suppressed(t)[address] == "BOUNCE" })
}
