package ses_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/testkit/faults"
)

// sendTo sends a mail through the client that the functions have.
func sendTo(t *testing.T, url string, change ...func(*sdk.Config)) error {
	t.Helper()
	return sender(url, change...).send(t)
}

type sending struct{ ses.Sender }

func sender(url string, change ...func(*sdk.Config)) sending {
	cfg := sdk.Config{
		BaseEndpoint: &url, Region: "us-east-1", HTTPClient: aws.NewClient(aws.Cautious),
		Credentials: sdk.CredentialsProviderFunc(func(context.Context) (sdk.Credentials, error) {
			return sdk.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}
	for _, f := range change {
		f(&cfg)
	}
	return sending{ses.Sender{Client: ses.NewClient(cfg), From: "desk@example.org"}}
}

func (s sending) send(t *testing.T) error {
	t.Helper()
	_, err := s.Send(t.Context(), ses.Mail{To: address(t, secret), Text: "x", Subject: "x"})
	keepsSilent(t, err)
	return err
}

// A status from 400 to 499 is a refusal, whatever stands in the body: the mail
// was surely not sent.
func TestARefusalNeedsNoBody(t *testing.T) {
	for body, text := range map[string]string{"none": "", "HTML": "<html><h1>Not Found</h1>" + secret, "cut": `{"message":`, "an array": "[]", "null": "null"} {
		for status := 400; status < 500; status++ {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, text)
			}))
			err, code := sendTo(t, server.URL), fault.Internal
			if status == http.StatusTooManyRequests {
				code = fault.Unavailable
			}
			if errors.Is(err, ses.ErrUnsure) || fault.CodeOf(err) != code {
				t.Errorf("%d with the body %s: %v", status, body, err)
			}
			server.Close()
		}
	}
}

// What never reached SES was surely not sent, and may be tried again.
func TestNoConnectionNoMail(t *testing.T) {
	strangers := httptest.NewTLSServer(http.NotFoundHandler()) // signed by nobody whom the client trusts
	defer strangers.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, c := range map[string]struct {
		url    string
		change func(*sdk.Config)
	}{
		"nobody listens":           {gone.URL, func(*sdk.Config) {}},
		"no such host":             {"https://email.invalid", func(*sdk.Config) {}},
		"a certificate of nobody":  {strangers.URL, func(*sdk.Config) {}},
		"no TLS at the other side": {"https" + gone.URL[len("http"):], func(*sdk.Config) {}},
		"no credentials": {strangers.URL, func(c *sdk.Config) {
			c.Credentials = sdk.CredentialsProviderFunc(func(context.Context) (sdk.Credentials, error) {
				return sdk.Credentials{}, errors.New("none today")
			})
		}},
	} {
		if err := sendTo(t, c.url, c.change); errors.Is(err, ses.ErrUnsure) || fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Of what reached SES and was not answered nobody knows.
func TestNoAnswerIsUnsure(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"cut":                 func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"cut within":          func(w http.ResponseWriter, _ *http.Request) { partly(w); panic(http.ErrAbortHandler) },
		"taken, in odd words": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") },
		"too slow":            func(http.ResponseWriter, *http.Request) { time.Sleep(300 * time.Millisecond) },
	} {
		server := httptest.NewServer(answer)
		hasty := func(c *sdk.Config) {
			c.HTTPClient = aws.NewClient(aws.Patience{Answer: 100 * time.Millisecond, Call: time.Second})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := sender(server.URL).Send(ctx, ses.Mail{To: address(t, secret), Text: "x", Subject: "x"})
		if cancel(); !errors.Is(err, ses.ErrUnsure) {
			t.Errorf("%s, and the caller's time is over: %v", name, err)
		}
		if err := sendTo(t, server.URL, hasty); !errors.Is(err, ses.ErrUnsure) || fault.CodeOf(err) != fault.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
}

func partly(w http.ResponseWriter) {
	w.Header().Set("Content-Length", strconv.Itoa(1000))
	_, _ = io.WriteString(w, `{"MessageId":"`)
	w.(http.Flusher).Flush()
}

// An old connection that has died meanwhile is not used: what is sent over it
// would be unsure.
func TestOldConnectionsAreNotUsed(t *testing.T) {
	for name, how := range map[string]faults.Forgetting{"RST": faults.Reset, "FIN": faults.Finish, "black hole": faults.Swallow} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"MessageId":"m"}`) }))
			defer server.Close()
			relay, err := faults.NewRelay(server.URL, 0, how)
			if err != nil {
				t.Fatal(err)
			}
			defer relay.Close()
			s := sender(relay.URL)
			for n := range 3 {
				for range 2 { // a run's mails share a connection
					if err := s.send(t); err != nil {
						t.Fatalf("mail of run %d: %v", n, err)
					}
				}
				relay.Forget()
				time.Sleep(aws.Cautious.Idle + 100*time.Millisecond)
			}
			if how != faults.Finish && relay.Dead() > 0 {
				t.Errorf("%d calls went over dead connections", relay.Dead())
			}
		})
	}
}
