package vendors

import (
	"bytes"
	"context"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/adapter/product"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Desk has one entry of the ledger, and tells one product of it, by the drain that all systems are told by.
type Desk struct {
	Entry  ledger.Entry
	System ledger.System
	Person ledger.Person
	Log    bytes.Buffer

	clock time.Time
	api   product.API
}

// NewDesk makes a desk that tells a product of an erasure; the secret is what it sends as its key.
func NewDesk(tb testing.TB, way, secret, email string) *Desk {
	tb.Helper()
	address, err := person.Parse(email)
	if err != nil {
		tb.Fatal(err)
	}
	d := &Desk{clock: time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC), Person: ledger.Person{Email: address}}
	d.System = ledger.System{ID: "tool", Way: way, URL: "https://api.vendor.example", Secret: "tool", AnswerDays: 45, Required: true, Needs: []string{"email"}}
	d.Entry = ledger.Entry{Request: "PD-7", System: "tool", Task: ledger.Erasure, State: ledger.Due, Required: true, TellAt: d.clock, DueAt: d.clock.AddDate(0, 0, 45)}
	d.api = product.API{
		Now: d.Now, Log: slog.New(slog.NewTextHandler(&d.Log, nil)),
		Secret: func(_ context.Context, name string) (string, error) { return secret + "\n", nil },
	}
	return d
}

// Now is the desk's time, and the product's.
func (d *Desk) Now() time.Time { return d.clock }

// Wait lets time pass.
func (d *Desk) Wait(t time.Duration) { d.clock = d.clock.Add(t) }

// Product is one of the servers.
type Product interface {
	http.Handler
	Settle()
}

// settled returns when the product has ended a call, so that a test may look at its records.
type settled struct {
	outbound.Caller
	p Product
}

// Do implements outbound.Caller.
func (s settled) Do(ctx context.Context, c outbound.Call) (outbound.Answer, error) {
	defer s.p.Settle()
	return s.Caller.Do(ctx, c)
}

// API is how a product is called.
func (d *Desk) API(tb testing.TB, p Product) product.API {
	tb.Helper()
	server := httptest.NewServer(p)
	tb.Cleanup(server.Close)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	client, err := outbound.New([]string{"api.vendor.example"}, server.Listener.Addr().String(), d.Now)
	if err != nil {
		tb.Fatal(err)
	}
	d.api.Caller = settled{client, p}
	return d.api
}

// Tell makes one run, as each minute does, and reports the entry as it is then.
func (d *Desk) Tell(tb testing.TB, way ledger.Way) ledger.Entry {
	tb.Helper()
	drain := ledger.Drain{
		Book: d, Systems: []ledger.System{d.System}, Ways: map[string]ledger.Way{d.System.Way: way}, Now: d.Now,
		Failed: func(_ context.Context, _ ledger.Entry, because error) {
			d.api.Log.Error("system not told", "error", because)
		},
		Whom: func(context.Context, ledger.Entry, ledger.System) (ledger.Person, error) { return d.Person, nil },
		Do: func(_ context.Context, _ string, deed ledger.Deed) error {
			_, err := d.Entry.Do(d.clock, deed, d.System)
			return err
		},
	}
	if _, err := drain.Run(tb.Context(), func() bool { return false }); err != nil {
		tb.Error(err)
	}
	if who := d.Person.Email; !who.IsZero() && Names(d.Log.String(), who.Reveal()) {
		tb.Errorf("the log names the person: %s", d.Log.String())
	}
	return d.Entry
}

// Due implements ledger.Book.
func (d *Desk) Due(_ context.Context, now time.Time) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		if !d.Entry.TellAt.IsZero() && !d.Entry.TellAt.After(now) {
			yield(d.Entry, nil)
		}
	}
}

// Try implements ledger.Book.
func (d *Desk) Try(_ context.Context, was, is ledger.Entry) error {
	if d.Entry != was {
		return fault.New(fault.Conflict, "the entry is not as it was")
	}
	d.Entry = is
	return nil
}

// Notice is what a way is told now.
func (d *Desk) Notice() ledger.Notice {
	return ledger.Notice{ID: d.Entry.ID(), System: d.System, Task: d.Entry.Task, Request: d.Entry.Request, Mark: d.Entry.Mark, Asked: d.Entry.State == ledger.Told,
		Person: func(context.Context) (ledger.Person, error) { return d.Person, nil }}
}

// Troubles are what any product can answer, and what is made of it.
var Troubles = map[string]struct {
	Answer func(http.ResponseWriter)
	Code   fault.Code
	Says   string
}{
	"a wrong key": {status(http.StatusUnauthorized), fault.Forbidden, `the key in the secret "tool" is wrong`},
	"no right":    {status(http.StatusForbidden), fault.Forbidden, `the key in the secret "tool" is wrong, or may not do this`},
	"busy":        {busy("93"), fault.TooMany, "it answered 429"},
	"down":        {status(http.StatusServiceUnavailable), fault.Unavailable, "it answered 503"},
	"broken":      {status(http.StatusInternalServerError), fault.Unavailable, "it answered 500"},
	"a redirect":  {status(http.StatusFound), fault.Unavailable, "it answered 302"},
	"garbage":     {func(w http.ResponseWriter) { _, _ = w.Write([]byte("<h1>zaphod@example.com</h1>")) }, fault.Unavailable, "it answered 200 with what is not its JSON"},
	"hangs up":    {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, fault.Unavailable, "no answer"},
}

func status(code int) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { Answer(w, code, map[string]string{"detail": "zaphod@example.com"}) }
}

func busy(seconds string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", seconds)
		w.WriteHeader(http.StatusTooManyRequests)
	}
}

// Batch makes a batch of choices: "zaphod@example.com email/newsletter out".
func (d *Desk) Batch(tb testing.TB, choices ...string) feed.Batch {
	tb.Helper()
	b := feed.Batch{ID: "choices.tool.1", System: d.System}
	for _, text := range choices {
		words := strings.Fields(text)
		address, err := person.Parse(words[0])
		if err != nil {
			tb.Fatal(err)
		}
		b.Changes = append(b.Changes, feed.Change{Address: address, Scope: optout.Scope(words[1]), State: optout.State(words[2])})
	}
	return b
}

// InTrouble has a product answer each trouble, and checks what the way makes of it: it is tried again, with the reason
// and with nobody's data in it; then the erasure goes on as if nothing had been.
func InTrouble(t *testing.T, s *Server, tell func(context.Context) error, now func() time.Time) {
	t.Helper()
	for name, trouble := range Troubles {
		s.Instead = func(w http.ResponseWriter, _ *http.Request) bool { trouble.Answer(w); return true }
		err := tell(t.Context())
		if fault.CodeOf(err) != trouble.Code || !strings.Contains(err.Error(), trouble.Says) {
			t.Errorf("%s: %v", name, err)
		}
		if at := fault.RetryAt(err); (name == "busy") != at.Equal(now().Add(93*time.Second)) {
			t.Errorf("%s: again at %s", name, at)
		}
		if err == nil || Names(err.Error(), "zaphod@example.com") {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Instead = nil
}

// Names reports whether a text holds an address, or what an address is made to.
func Names(text, email string) bool {
	return slices.ContainsFunc([]string{email, strings.ToLower(email), Hash(email), strings.ReplaceAll(email, "@", "%40"), strings.Split(email, "@")[0]}, func(s string) bool {
		return strings.Contains(strings.ToLower(text), strings.ToLower(s))
	})
}
