package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
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
		d.write(t, who+" <"+address+">", "privacy@in.example.com", "Delete all about "+who, nil)
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
