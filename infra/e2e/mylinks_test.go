package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Whoever asks for their links learns nothing on the page. The mailbox gets the
// link to the choices, and one to each request that was confirmed.
func TestMyLinksComeByMail(t *testing.T) {
	t.Parallel()
	d := shared(t)
	address, id, confirm := d.asks(t)
	d.accepted(t, d.confirm(t, confirm))
	unconfirmed := d.post(t, "/requests", url.Values{"email": {address}, "kind": {"portability"}, "country": {"DE"}})
	d.accepted(t, unconfirmed)
	unknown, _ := person(t)
	answers := map[string]string{}
	for _, who := range []string{address, unknown} {
		got := d.post(t, "/my-links", url.Values{"email": {who}})
		d.accepted(t, got)
		answers[who] = pathOnPage.ReplaceAllString(strings.ReplaceAll(got.body, who, "somebody"), "")
	}
	if answers[address] != answers[unknown] || strings.Contains(answers[address], id) {
		t.Errorf("the answers differ:\n%s\n%s", answers[address], answers[unknown])
	}
	d.mailed(t, unknown, "/preferences/", "")
	choices := d.mailed(t, address, "/preferences/", "")
	mails := d.mails(t, address)
	mail := mails[slices.IndexFunc(mails, func(m string) bool { return strings.Contains(m, d.URL+choices) })]
	if !strings.Contains(mail, id) || strings.Contains(mail, reference.FindString(unconfirmed.body)) {
		t.Errorf("the mail lists %q, want %s alone", reference.FindAllString(mail, -1), id)
	}
	status := strings.TrimPrefix(strings.Fields(mail[strings.Index(mail, d.URL+"/requests/status/"):])[0], d.URL)
	private.add(token(status))
	for _, path := range []string{choices, status} {
		if got := d.get(t, path); got.status != http.StatusOK {
			t.Errorf("a link of the mail shows %d", got.status)
		}
	}
	if got := d.get(t, status); !strings.Contains(got.body, id) {
		t.Errorf("the link to the request does not show it: %s", got.body)
	}
}
