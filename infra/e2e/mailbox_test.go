package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
)

// write sends a raw mail to the desk as SES hands it over; verdicts are of the
// form spf=FAIL.
func (d *desk) write(tb testing.TB, from, to, subject string, verdicts url.Values, headers ...string) {
	tb.Helper()
	raw := strings.Join(append([]string{"From: " + from, "To: " + to, "Subject: " + subject}, headers...), "\r\n") + "\r\n\r\nHello\r\n"
	got := do(tb, request(tb, http.MethodPost, d.AWS+"/inbound?"+verdicts.Encode(), raw, map[string]string{"Content-Type": "message/rfc822"}))
	if got.status != http.StatusOK {
		tb.Fatalf("POST /inbound: %d %s", got.status, got.body)
	}
}

// A link's token, mailed by somebody else through a system that passes
// nothing, opts its owner out: in the topic that the link is of, too.
func TestMailWithAToken(t *testing.T) {
	t.Parallel()
	d := shared(t)
	forged := url.Values{"spf": {"FAIL"}, "dkim": {"FAIL"}, "dmarc": {"FAIL"}, "spam": {"FAIL"}, "policy": {"reject"}}
	address, _ := person(t)
	other, _ := person(t)
	d.write(t, other, "unsubscribe@in.example.com", "unsubscribe "+token(d.link(t, address, "")), forged)
	d.write(t, other, "unsubscribe+"+token(d.link(t, address, "newsletter"))+"@in.example.com", "x", forged)
	if got := d.states(t, address); got != "email=out email/newsletter=out" {
		t.Errorf("%s", got)
	}
	if got := d.states(t, other); got != "" {
		t.Errorf("whoever sent the mail has: %s", got)
	}
	wait(t, "SES holds the address back", func() bool { return d.listed(t, address) })
}

func TestMailWithoutAToken(t *testing.T) {
	t.Parallel()
	d := shared(t)
	for name, c := range map[string]struct {
		verdicts url.Values
		headers  []string
		states   string
	}{
		"authenticated":     {states: "email=out"},
		"not authenticated": {verdicts: url.Values{"dmarc": {"FAIL"}}},
		"no DMARC record":   {verdicts: url.Values{"dmarc": {"GRAY"}, "spf": {"FAIL"}}, states: "email=out"},
		"Apple's button":    {headers: []string{"Auto-Submitted: auto-replied", "X-Apple-Unsubscribe: true"}, states: "email=out"},
		"through Exchange":  {headers: []string{"X-Auto-Response-Suppress: DR, OOF, AutoReply"}, states: "email=out"},
		"out of office":     {headers: []string{"Auto-Submitted: auto-replied"}},
		"bounce":            {verdicts: url.Values{"from": {""}}},
	} {
		t.Run(name, func(t *testing.T) {
			address, who := person(t)
			d.write(t, who+" <"+address+">", "unsubscribe@in.example.com", "please", c.verdicts, c.headers...)
			if got := d.states(t, address); got != c.states {
				t.Errorf("%q, want %q", got, c.states)
			}
		})
	}
}

// A mail to privacy@ opens one request a day; the reply's link confirms it.
func TestMailToPrivacy(t *testing.T) {
	t.Parallel()
	d := shared(t)
	address, who := person(t)
	for range 3 {
		d.write(t, who+" <"+address+">", "privacy@in.example.com", "Please delete my data. "+who, nil)
	}
	confirm := d.mailed(t, address, "/requests/confirm/", "")
	d.accepted(t, d.confirm(t, confirm))
	var inbox []struct{ Subject, Text string }
	_ = json.Unmarshal([]byte(do(t, request(t, http.MethodGet, d.AWS+"/mailbox.json?to="+url.QueryEscape(address), "", nil)).body), &inbox)
	asked := 0
	for _, m := range inbox {
		if strings.Contains(m.Text, "/requests/confirm/") {
			asked++
		}
		if strings.Contains(m.Text+m.Subject, who) {
			t.Error("a mail repeats what was written")
		}
	}
	if asked != 1 {
		t.Errorf("%d replies to three mails", asked)
	}
}

// An objection of an author whom DMARC knows is in effect without a click.
func TestObjectionByMail(t *testing.T) {
	t.Parallel()
	d := shared(t)
	address, who := person(t)
	d.write(t, who+" [ACME] <"+address+">", "privacy@in.example.com", "=?utf-8?Q?Werbewiderspruch_gem=C3=A4=C3=9F_Art=2E_21_Abs=2E_2_DSGVO?=", nil)
	if got := d.states(t, address); got != "email=out phone=out post=out sms=out" {
		t.Errorf("%s", got)
	}
	wait(t, "SES holds the address back", func() bool { return d.listed(t, address) })
	d.mailed(t, address, "/requests/status/", "")
}

// A mail that went through a forwarding rule is a request of which nobody but
// the officer hears, before they have its author asked.
func TestMailThatIsKept(t *testing.T) {
	t.Parallel()
	d := shared(t)
	address, who := person(t)
	d.write(t, who+" <"+address+">", "privacy@in.example.com", "Datenlöschung", url.Values{"spf": {"FAIL"}}, "Auto-Submitted: auto-generated")
	id := ""
	wait(t, "the officer is shown the mail", func() bool {
		for _, one := range d.looks(t) {
			if d.fileOf(t, one.Reference, address) && one.Look.Why == "kept" {
				id = one.Reference
			}
		}
		return id != ""
	})
	if got := d.mails(t, address); len(got) > 0 {
		t.Errorf("%d answers to what may be a machine", len(got))
	}
	d.officer(t, id, "resend", map[string]any{"officer": "dpo"})
	d.accepted(t, d.confirm(t, d.mailed(t, address, "/requests/confirm/", id)))
}

// A plain Reply to a letter reaches the organisation; where it reaches the desk
// all the same, it belongs to the letter's request, and opens none.
func TestReplyToALetter(t *testing.T) {
	t.Parallel()
	d := shared(t)
	address, who := person(t)
	asked := d.post(t, "/requests", url.Values{"email": {address}, "kind": {"access"}, "country": {"DE"}})
	id := reference.FindString(asked.body)
	settings := testkit.Desk(t)
	d.accepted(t, d.confirm(t, d.mailed(t, address, "/requests/confirm/", id)))
	d.officer(t, id, "ask", map[string]any{"officer": "dpo", "cause": "identity", "question": "Who are you?"})
	var letter struct {
		Subject string
		Headers map[string]string
	}
	wait(t, "the question is mailed", func() bool {
		var mails []struct {
			Subject, Text string
			Headers       map[string]string
		}
		got := do(t, request(t, http.MethodGet, d.AWS+"/mailbox.json?to="+url.QueryEscape(address), "", nil))
		_ = json.Unmarshal([]byte(got.body), &mails)
		for _, m := range mails {
			if m.Headers["References"] != "<"+id+"@127.0.0.1>" || m.Headers["Reply-To"] != settings.Organisation.Contact {
				t.Fatalf("%s: %v", m.Subject, m.Headers)
			}
			if strings.Contains(m.Text, "Who are you?") {
				letter.Subject, letter.Headers = m.Subject, m.Headers
			}
		}
		return letter.Subject != ""
	})
	before := len(d.mails(t, address))
	d.write(t, who+" <"+address+">", "privacy@in.example.com", "my passport", nil, "References: "+letter.Headers["References"]+" <0100@eu-west-1.amazonses.com>")
	d.write(t, who+" <"+address+">", "privacy@in.example.com", "Re: "+letter.Subject, nil)
	wait(t, "the officer is told of the reply", func() bool {
		for _, one := range d.looks(t) {
			if one.Reference == id && one.Look.Why == "reply" {
				return true
			}
		}
		return false
	})
	if after := len(d.mails(t, address)); after != before {
		t.Errorf("%d answers to a reply", after-before)
	}
	d.officer(t, id, "seen", map[string]any{"officer": "dpo"})
	d.officer(t, id, "answer", map[string]any{"officer": "dpo"})
}

type looked struct {
	Reference string
	Look      struct{ Why string }
}

// looks are the requests that the officer must look at.
func (d *desk) looks(tb testing.TB) []looked {
	tb.Helper()
	var said struct{ Requests []looked }
	got := do(tb, request(tb, http.MethodGet, d.URL+"/api/requests", "", signed))
	if err := json.Unmarshal([]byte(got.body), &said); err != nil || got.status != http.StatusOK {
		tb.Fatalf("the officer's list: %d %s", got.status, got.body)
	}
	return slices.DeleteFunc(said.Requests, func(one looked) bool { return one.Look.Why == "" })
}

// fileOf tells whether a request is a person's.
func (d *desk) fileOf(tb testing.TB, id, address string) bool {
	tb.Helper()
	return strings.Contains(do(tb, request(tb, http.MethodGet, d.URL+"/api/requests/"+id, "", signed)).body, address)
}
