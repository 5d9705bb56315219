package standin

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// bench is a stand-in behind a real listener, the SDK's own client for it, a clock
// and the events it raised.
type bench struct {
	*sesv2.Client
	srv   *Server
	url   string
	clock *clock
	mu    sync.Mutex
	seen  []Event
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func start(t testing.TB, cfg Config) *bench {
	t.Helper()
	b := &bench{clock: &clock{at: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)}}
	if cfg.Now == nil {
		cfg.Now = b.clock.now
	}
	cfg.OnEvent = func(e Event) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.seen = append(b.seen, e)
	}
	srv, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewServer(srv)
	t.Cleanup(func() {
		ts.Close()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	b.srv, b.url = srv, ts.URL
	b.Client = sesv2.New(sesv2.Options{
		BaseEndpoint: aws.String(ts.URL), Region: "us-east-1", RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
	return b
}

func (b *bench) events() []Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Event(nil), b.seen...)
}

func (b *bench) put(t testing.TB, address string, reason types.SuppressionListReason, tenant ...string) {
	t.Helper()
	in := &sesv2.PutSuppressedDestinationInput{EmailAddress: &address, Reason: reason}
	if len(tenant) > 0 {
		in.TenantName = &tenant[0]
	}
	if _, err := b.PutSuppressedDestination(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) addresses(t testing.TB, in *sesv2.ListSuppressedDestinationsInput) []string {
	t.Helper()
	var out []string
	pages := sesv2.NewListSuppressedDestinationsPaginator(b.Client, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.SuppressedDestinationSummaries {
			out = append(out, aws.ToString(d.EmailAddress))
		}
	}
	return out
}

func TestStateSurvivesARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data", "standin.json")
	first, err := New(Config{StateFile: file})
	if err != nil {
		t.Fatal(err)
	}
	first.st.list("").put(entry{Address: "Foo@example.com", Reason: "COMPLAINT"})
	first.st.list("acme").put(entry{Address: "foo@example.com", Reason: "BOUNCE"})
	first.st.addMail(Mail{ID: "1", Headers: Headers{{"A", "1"}, {"B", "2"}, {"A", "3"}}})
	first.st.Objects["b/k"] = object{Content: []byte("x")}
	first.changed()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := start(t, Config{StateFile: file})
	if got := second.addresses(t, &sesv2.ListSuppressedDestinationsInput{}); len(got) != 1 || got[0] != "Foo@example.com" {
		t.Errorf("account list = %v", got)
	}
	if got := second.addresses(t, &sesv2.ListSuppressedDestinationsInput{TenantName: aws.String("acme")}); len(got) != 1 {
		t.Errorf("tenant list = %v", got)
	}
	mails := second.srv.mails(func(Mail) bool { return true })
	if len(mails) != 1 || len(mails[0].Headers) != 3 || mails[0].Headers.Get("b") != "2" {
		t.Errorf("mails = %+v", mails)
	}
}

func TestDamagedStateIsSaid(t *testing.T) {
	file := filepath.Join(t.TempDir(), "standin.json")
	writeFile(t, file, "{not json")
	if _, err := New(Config{StateFile: file}); err == nil {
		t.Fatal("a damaged state file was taken")
	}
}

func TestStateIsWrittenSoonAfterAChange(t *testing.T) {
	file := filepath.Join(t.TempDir(), "standin.json")
	b := start(t, Config{StateFile: file})
	b.put(t, "a@example.com", types.SuppressionListReasonBounce)
	deadline := time.Now().Add(5 * time.Second)
	for {
		if st, err := load(file); err == nil && len(st.list("").all()) == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the state was not written within 5 s")
		}
		time.Sleep(20 * time.Millisecond)
	}
}
