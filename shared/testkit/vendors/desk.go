package vendors

import (
	"bytes"
	"context"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	Way    ledger.Way
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
func (d *Desk) Tell(tb testing.TB) ledger.Entry {
	tb.Helper()
	drain := ledger.Drain{
		Book: d, Systems: []ledger.System{d.System}, Ways: map[string]ledger.Way{d.System.Way: d.Way}, Now: d.Now,
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

// notice is what a way is told now.
func (d *Desk) notice() ledger.Notice {
	return ledger.Notice{ID: d.Entry.ID(), System: d.System, Task: d.Entry.Task, Request: d.Entry.Request, Mark: d.Entry.Mark, Asked: d.Entry.State == ledger.Told,
		Person: func(context.Context) (ledger.Person, error) { return d.Person, nil }}
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
