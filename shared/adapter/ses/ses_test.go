package ses_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit/standin"
)

const secret = "Zyx.Tenant+spring@example.com" // its own words must not decide anything

// account starts a stand-in and returns the client for it and its URL.
func account(t testing.TB, cfg standin.Config) (*sesv2.Client, string) {
	t.Helper()
	srv, err := standin.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(srv)
	t.Cleanup(func() { ts.Close(); srv.Close() })
	return client(ts.URL), ts.URL
}

func client(url string) *sesv2.Client {
	return sesv2.New(sesv2.Options{
		BaseEndpoint: &url, Region: "us-east-1", RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
}

func address(t testing.TB, text string) person.Address {
	t.Helper()
	a, err := person.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func listed(t testing.TB, c *sesv2.Client, tenant *string) string {
	t.Helper()
	out, err := c.ListSuppressedDestinations(t.Context(), &sesv2.ListSuppressedDestinationsInput{TenantName: tenant})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, d := range out.SuppressedDestinationSummaries {
		found = append(found, *d.EmailAddress+" "+string(d.Reason))
	}
	return strings.Join(found, ", ")
}

func TestPutAndDelete(t *testing.T) {
	acme := "acme"
	for name, tenant := range map[string]*string{"the account's list": nil, "a tenant's list": &acme} {
		t.Run(name, func(t *testing.T) {
			c, _ := account(t, standin.Config{})
			list := ses.List{Client: c, Tenant: aws.ToString(tenant)}
			for range 2 {
				if err := list.Put(t.Context(), address(t, "Kim+News@MAÑANA.example"), suppression.ListedComplaint); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := listed(t, c, tenant), "kim+news@xn--maana-pta.example COMPLAINT"; got != want {
				t.Errorf("list = %q, want %q", got, want)
			}
			for range 2 {
				if err := list.Delete(t.Context(), address(t, "kim+news@xn--maana-pta.example")); err != nil {
					t.Error(err)
				}
			}
			if got := listed(t, c, tenant); got != "" {
				t.Errorf("list = %q", got)
			}
		})
	}
}

// answer is a fault of the far side: what is sent instead of SES's own answer.
type answer struct {
	status  int
	code    string
	message string
}

func (a answer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("X-Amzn-ErrorType", a.code)
	w.WriteHeader(a.status)
	fmt.Fprintf(w, `{"message":%q}`, a.message)
}

var failures = map[string]struct {
	answer   answer
	list     error
	sendCode fault.Code
}{
	"429":                       {answer{429, "TooManyRequestsException", "Too Many Requests"}, suppression.ErrThrottled, fault.Unavailable},
	"429 of a proxy":            {answer{429, "", ""}, suppression.ErrThrottled, fault.Unavailable},
	"throttling in a 400":       {answer{400, "ThrottlingException", "Rate exceeded"}, suppression.ErrThrottled, fault.Unavailable},
	"a bad address":             {answer{400, "BadRequestException", "Invalid email address " + strings.ToLower(secret) + "."}, suppression.ErrUnlistable, fault.Invalid},
	"a validation text":         {answer{400, "BadRequestException", "Value at 'emailAddress' failed to satisfy constraint"}, suppression.ErrUnlistable, fault.Invalid},
	"a bad tenant":              {answer{400, "BadRequestException", "Tenant acme has no suppression list for email addresses"}, &fault.Error{Code: fault.Internal}, fault.Internal},
	"the sandbox":               {answer{400, "BadRequestException", "You need production access to add an address"}, &fault.Error{Code: fault.Internal}, fault.Internal},
	"an odd 400":                {answer{400, "BadRequestException", "No"}, &fault.Error{Code: fault.Internal}, fault.Internal},
	"no permission":             {answer{403, "AccessDeniedException", "User is not authorized on " + secret}, &fault.Error{Code: fault.Internal}, fault.Internal},
	"an error name that is odd": {answer{400, secret, secret}, &fault.Error{Code: fault.Internal}, fault.Internal},
	"503":                       {answer{503, "ServiceUnavailable", secret}, &fault.Error{Code: fault.Unavailable}, fault.Unavailable},
	"a connection cut":          {answer{}, &fault.Error{Code: fault.Unavailable}, fault.Unavailable},
}

func TestFailures(t *testing.T) {
	for name, c := range failures {
		t.Run(name, func(t *testing.T) {
			ts := httptest.NewServer(c.answer)
			defer ts.Close()
			list, who := ses.List{Client: client(ts.URL)}, address(t, secret)
			for call, err := range map[string]error{"put": list.Put(t.Context(), who, suppression.ListedComplaint), "delete": list.Delete(t.Context(), who)} {
				if !errors.Is(err, c.list) {
					t.Errorf("%s: %v, want %v", call, err, c.list)
				}
				keepsSilent(t, err)
			}
			_, err := ses.Sender{Client: client(ts.URL), From: "desk@example.org"}.Send(t.Context(), ses.Mail{To: who, Text: "x", Subject: "x"})
			if fault.CodeOf(err) != c.sendCode {
				t.Errorf("send: %v, want %s", err, c.sendCode)
			}
			keepsSilent(t, err)
		})
	}
}

// keepsSilent tries to get the address out of an error.
func keepsSilent(t *testing.T, err error) {
	t.Helper()
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Error("failed", "error", err)
	asJSON, _ := json.Marshal(err)
	for e := err; e != nil; e = errors.Unwrap(e) {
		logged.WriteString(fmt.Sprintf("%v %+v %#v %q", e, e, e, e))
	}
	all := strings.ToLower(logged.String() + string(asJSON))
	for _, word := range []string{"zyx", "example.com", "%40"} {
		if strings.Contains(all, word) {
			t.Errorf("%q leaks in %s", word, all)
		}
	}
}

func TestNothingToCallFor(t *testing.T) {
	var calls int
	c, _ := account(t, standin.Config{Faults: func(*http.Request) *standin.Fault { calls++; return nil }})
	for name, who := range map[string]person.Address{"nobody": {}, "a local part outside ASCII": address(t, "mañana@example.com")} {
		t.Run(name, func(t *testing.T) {
			list := ses.List{Client: c}
			if err := list.Put(t.Context(), who, suppression.ListedComplaint); !errors.Is(err, suppression.ErrUnlistable) {
				t.Errorf("put: %v", err)
			}
			if err := list.Delete(t.Context(), who); !errors.Is(err, suppression.ErrUnlistable) {
				t.Errorf("delete: %v", err)
			}
			if _, err := (ses.Sender{Client: c}).Send(t.Context(), ses.Mail{To: who}); fault.CodeOf(err) != fault.Invalid {
				t.Errorf("send: %v", err)
			}
		})
	}
	if calls != 0 {
		t.Errorf("%d calls were made", calls)
	}
}

func TestUnknownTenantIsNotTakenForAnAddress(t *testing.T) {
	c, _ := account(t, standin.Config{Tenants: []string{}})
	err := ses.List{Client: c, Tenant: "acme"}.Put(t.Context(), address(t, secret), suppression.ListedComplaint)
	if fault.CodeOf(err) != fault.Internal {
		t.Errorf("error = %v", err)
	}
}

func TestTimeRunsOut(t *testing.T) {
	c, _ := account(t, standin.Config{Faults: func(*http.Request) *standin.Fault { return &standin.Fault{Delay: 2 * time.Second} }})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	err := ses.List{Client: c}.Delete(ctx, address(t, secret))
	if !errors.Is(err, context.DeadlineExceeded) || fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("error = %v", err)
	}
	keepsSilent(t, err)
}

func TestNoRetryOfOurOwn(t *testing.T) {
	var calls int
	c, _ := account(t, standin.Config{Faults: func(*http.Request) *standin.Fault { calls++; return &standin.Fault{Status: 429} }})
	if err := (ses.List{Client: c}).Put(t.Context(), address(t, secret), suppression.ListedComplaint); !errors.Is(err, suppression.ErrThrottled) || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

func TestSend(t *testing.T) {
	c, url := account(t, standin.Config{ConfigurationSets: []standin.ConfigurationSet{{Name: "transactional", SuppressedReasons: []string{"BOUNCE"}}}})
	who := address(t, "kim@example.com")
	if err := (ses.List{Client: c}).Put(t.Context(), who, suppression.ListedComplaint); err != nil {
		t.Fatal(err)
	}
	id, err := ses.Sender{Client: c, From: "Desk <desk@example.org>", ReplyTo: "info@example.org", ConfigurationSet: "transactional"}.Send(t.Context(), ses.Mail{
		To: who, Subject: "Grüße", Text: "Hallo", HTML: "<p>Hallo", Headers: []ses.Header{{Name: "Auto-Submitted", Value: "auto-generated"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (ses.Sender{Client: c, From: "desk@example.org"}).Send(t.Context(), ses.Mail{To: who, Subject: "Dropped", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	res, err := http.Get(url + "/mailbox.json?to=kim@example.com")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var inbox []standin.Mail
	if err := json.NewDecoder(res.Body).Decode(&inbox); err != nil || len(inbox) != 1 {
		t.Fatalf("inbox = %+v, %v", inbox, err)
	}
	m := inbox[0]
	if m.ID != id || m.Subject != "Grüße" || m.Text != "Hallo" || m.HTML != "<p>Hallo" || m.From != "Desk <desk@example.org>" ||
		m.ConfigurationSet != "transactional" || m.Headers.Get("Auto-Submitted") != "auto-generated" || m.Headers.Get("Reply-To") != "info@example.org" {
		t.Errorf("mail = %+v", m)
	}
}

func TestSendThroughASetThatIsNotThere(t *testing.T) {
	c, _ := account(t, standin.Config{})
	_, err := ses.Sender{Client: c, From: "desk@example.org", ConfigurationSet: "nothing"}.Send(t.Context(), ses.Mail{To: address(t, secret), Text: "x", Subject: "x"})
	if fault.CodeOf(err) != fault.Internal || !strings.Contains(err.Error(), "NotFoundException") {
		t.Errorf("error = %v", err)
	}
}
