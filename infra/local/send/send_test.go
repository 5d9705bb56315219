package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit/standin"
)

var signed = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=local/\d{8}/us-east-1/execute-api/aws4_request, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$`)

// desk answers as the site does; suppressed is the verdict on everybody.
func desk(t *testing.T, suppressed bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /links", func(w http.ResponseWriter, r *http.Request) {
		var ask struct {
			Recipients []struct{ Address, Topic, Campaign string }
		}
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || len(ask.Recipients) != 1 || ask.Recipients[0].Topic != "newsletter" {
			t.Errorf("ask = %+v, %v", ask, err)
		}
		if !signed.MatchString(r.Header.Get("Authorization")) {
			t.Errorf("Authorization = %q", r.Header.Get("Authorization"))
		}
		if !strings.Contains(ask.Recipients[0].Address, "@") {
			fmt.Fprint(w, `{"links":[{"address":"x","error":{"code":"invalid","message":"This is no address."}}]}`)
			return
		}
		fmt.Fprint(w, `{"links":[{"address":"x","url":"http://127.0.0.1:3000/u/sealed","headers":{"List-Unsubscribe":"<http://127.0.0.1:3000/u/sealed>","List-Unsubscribe-Post":"List-Unsubscribe=One-Click"}}]}`)
	})
	mux.HandleFunc("POST /suppressions/check", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"results":[{"address":"x","suppressed":%v,"scope":"email","reason":"unsubscribed","since":"2026-11-03T09:00:00Z"}]}`, suppressed)
	})
	return mux
}

func TestSend(t *testing.T) {
	cases := map[string]struct {
		to                 string
		suppressed, listed bool
		says               string
	}{
		"a recipient":              {"me@example.com", false, false, "Open the mail and press its unsubscribe button"},
		"one who left":             {"me@example.com", true, true, "dropped it without a word: me@example.com must not be written to (unsubscribed, email, since 2026-11-03T09:00:00Z)"},
		"one who left just now":    {"me@example.com", true, false, "either SES has not been told yet"},
		"one whom SES alone holds": {"me@example.com", false, true, "the desk knows no opt-out"},
		"no address":               {"me", false, false, "the desk makes no link for me: This is no address."},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			aws, err := standin.New(standin.Config{ConfigurationSets: []standin.ConfigurationSet{{Name: "privacydesk-marketing"}}})
			if err != nil {
				t.Fatal(err)
			}
			site, mail := httptest.NewServer(desk(t, c.suppressed)), httptest.NewServer(aws)
			defer site.Close()
			defer mail.Close()
			s := sender{site: site.URL, mail: mail.URL, set: "privacydesk-marketing", topic: "newsletter"}
			if c.listed {
				list(t, s, c.to)
			}
			var out strings.Builder
			said := ""
			if err := s.run(t.Context(), &out, c.to); err != nil {
				said = err.Error()
			}
			if said += out.String(); !strings.Contains(said, c.says) {
				t.Errorf("said %q, want %q", said, c.says)
			}
			if name == "a recipient" {
				looksRight(t, mail.URL)
			}
		})
	}
}

func list(t *testing.T, s sender, address string) {
	t.Helper()
	req, _ := http.NewRequest("PUT", s.mail+"/v2/email/suppression/addresses", strings.NewReader(`{"EmailAddress":"`+address+`","Reason":"COMPLAINT"}`))
	if res, err := http.DefaultClient.Do(req); err != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
}

func looksRight(t *testing.T, mailbox string) {
	t.Helper()
	res, err := http.Get(mailbox + "/mailbox.json?to=me@example.com")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var inbox []standin.Mail
	if err := json.NewDecoder(res.Body).Decode(&inbox); err != nil || len(inbox) != 1 {
		t.Fatalf("inbox = %+v, %v", inbox, err)
	}
	m := inbox[0]
	if m.Headers.Get("List-Unsubscribe") != "<http://127.0.0.1:3000/u/sealed>" || m.Headers.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("headers = %+v", m.Headers)
	}
	for form, body := range map[string]string{"text": m.Text, "HTML": m.HTML} {
		if !strings.Contains(body, "http://127.0.0.1:3000/u/sealed") {
			t.Errorf("the %s has no link", form)
		}
	}
}

// A mail about nothing in particular holds the link that ends all mail: the
// one that SES is told of.
func TestMailWithoutATopic(t *testing.T) {
	desk, err := settings.Load()
	if err != nil {
		t.Fatal(err)
	}
	first := desk.Topics[0]
	for topic, why := range map[string]string{"": "you are on our mailing list", first.ID: "you asked for “" + first.Title("en") + "”"} {
		aws, err := standin.New(standin.Config{ConfigurationSets: []standin.ConfigurationSet{{Name: "privacydesk-marketing"}}})
		if err != nil {
			t.Fatal(err)
		}
		mail := httptest.NewServer(aws)
		defer mail.Close()
		s := sender{mail: mail.URL, set: "privacydesk-marketing", topic: topic}
		if _, err := s.send(t.Context(), "me@example.com", linkRow{URL: "http://127.0.0.1:3000/u/sealed"}); err != nil {
			t.Fatal(err)
		}
		var inbox []standin.Mail
		res, err := http.Get(mail.URL + "/mailbox.json")
		if err != nil || json.NewDecoder(res.Body).Decode(&inbox) != nil || !strings.Contains(inbox[0].Text, why) || !strings.Contains(inbox[0].HTML, why) {
			t.Errorf("%q: %+v, %v", topic, inbox, err)
		}
	}
}

func TestNoStack(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	s := sender{site: gone.URL, mail: gone.URL, topic: "newsletter"}
	err := s.run(t.Context(), &strings.Builder{}, "me@example.com")
	if err == nil || !strings.Contains(err.Error(), "make run") {
		t.Errorf("error = %v", err)
	}
}

func TestPorts(t *testing.T) {
	for env, want := range map[string]string{"": "http://127.0.0.1:3002", "4300": "http://127.0.0.1:4302", "x": "http://127.0.0.1:3002"} {
		if got := local(portFrom(env)).mail; got != want {
			t.Errorf("PORT=%q: mail at %s, want %s", env, got, want)
		}
	}
}
