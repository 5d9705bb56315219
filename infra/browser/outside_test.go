//go:build browser

package browser

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"time"

	"privacydesk/infra/local/sigv4"
)

var addresses atomic.Int64

// newAddress makes an address that nobody else has.
func newAddress() string { return fmt.Sprintf("trillian.%d@hitchhiker.example", addresses.Add(1)) }

// call asks the stack something, as programs do.
func (b *tab) call(method, address, body string, out any) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.ctx, method, address, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if err := sigv4.Sign(r, sigv4.User); err != nil {
		b.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err == nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d %s %v", address, answer.StatusCode, text, err)
	}
}

// stopped checks which channels the person has left, by asking as a sender
// does before it sends.
func (b *tab) stopped(address string, channels ...string) {
	b.Helper()
	var got []string
	for _, channel := range []string{"email", "phone", "sms", "post"} {
		if b.suppressed(address, channel, "") {
			got = append(got, channel)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(channels) {
		b.Errorf("left %v, want %v", got, channels)
	}
}

func (b *tab) suppressed(address, channel, topic string) bool {
	b.Helper()
	var out struct{ Results []struct{ Suppressed bool } }
	body, _ := json.Marshal(map[string]any{"addresses": []string{address}, "channel": channel, "topic": topic})
	b.call(http.MethodPost, desk.URL+"/suppressions/check", string(body), &out)
	return len(out.Results) == 1 && out.Results[0].Suppressed
}

// listed waits until SES holds mail to the address back, or does not.
func (b *tab) listed(address string, want bool) {
	b.Helper()
	b.wait(fmt.Sprintf("on the SES list: %v", want), func() bool {
		var list struct {
			SuppressedDestinationSummaries []struct{ EmailAddress string }
		}
		b.call(http.MethodGet, desk.AWS+"/v2/email/suppression/addresses?PageSize=1000", "", &list)
		for _, entry := range list.SuppressedDestinationSummaries {
			if entry.EmailAddress == address {
				return want
			}
		}
		return !want
	})
}

type letter struct{ ID, Subject, Text string }

// mails gives the mails to an address, newest first.
func (b *tab) mails(address string) []letter {
	b.Helper()
	var out []letter
	b.call(http.MethodGet, desk.AWS+"/mailbox.json?to="+url.QueryEscape(address), "", &out)
	return out
}

func (b *tab) wait(what string, holds func() bool) {
	b.Helper()
	for began := time.Now(); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			b.Fatalf("not within 30 s: %s", what)
		}
	}
}

// send sends a sample campaign mail with the command that people use.
func (b *tab) send(address string) letter {
	b.Helper()
	cmd := exec.CommandContext(b.ctx, "go", "run", "privacydesk/infra/local/send", address)
	cmd.Env = append(os.Environ(), fmt.Sprintf("PORT=%d", port))
	if said, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("send: %v: %s", err, said)
	}
	got := b.mails(address)
	if len(got) == 0 {
		b.Fatal("the campaign mail has not arrived")
	}
	return got[0]
}

// linkIn finds the address of a page of ours in a mail.
func (b *tab) linkIn(m letter, path string) string {
	b.Helper()
	at := strings.Index(m.Text, desk.URL+path)
	if at < 0 {
		b.Fatalf("no link to %s... in the mail:\n%s", path, m.Text)
	}
	return strings.Fields(m.Text[at:])[0]
}
