package main

import (
	"context"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/eventbus"
	"privacydesk/shared/adapter/hubspot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mailchimp"
	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/adapter/product"
	"privacydesk/shared/adapter/webhook"
	"privacydesk/shared/adapter/zendesk"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// ways are how systems are told, and what they share.
type ways struct {
	client  *outbound.Client
	signer  *audit.Signer
	ring    *link.KeyRing
	baseURL string
	now     func() time.Time
	keys    string // the secret with the keys of all systems; "": the stack names none
	read    func(ctx context.Context, ids ...string) ([]aws.Secret, error)
	bus     eventbus.Bus
	load    func(ctx context.Context, request string) (request.Request, error)
	log     *slog.Logger

	mu     sync.Mutex
	kept   aws.Secret
	readAt time.Time
}

// hosts are those that may be called: desk.yaml's.
func hosts(systems []ledger.System) []string {
	var out []string
	for _, s := range systems {
		if u, err := url.Parse(s.URL); err == nil && u.Host != "" {
			out = append(out, u.Host)
		}
	}
	return out
}

func (w *ways) ofTasks() map[string]ledger.Way {
	return map[string]ledger.Way{
		"webhook": w.webhook(), "event": w.event(), ledger.OwnerWay: ledger.Owners{Now: w.now},
		"hubspot": &hubspot.Way{API: w.product()}, "mailchimp": &mailchimp.Way{API: w.product()}, "zendesk": &zendesk.Way{API: w.product()},
	}
}

func (w *ways) ofChoices() map[string]feed.Way {
	return map[string]feed.Way{
		"webhook": w.webhook(), "event": w.event(), "hubspot": &hubspot.Way{API: w.product()}, "mailchimp": &mailchimp.Way{API: w.product()},
	}
}

func (w *ways) product() product.API {
	return product.API{Caller: w.client, Secret: w.secret, Now: w.now, Log: w.log}
}

func (w *ways) event() *eventbus.Way {
	return &eventbus.Way{Bus: w.bus, Now: w.now, Whose: func(ctx context.Context, id string) (person.Ref, error) {
		r, err := w.load(ctx, id)
		return r.Ref, err
	}}
}

func (w *ways) webhook() *webhook.Way {
	return &webhook.Way{
		Caller: w.client, Signer: w.signer, Source: w.baseURL, Now: w.now,
		Address: w.address, ChoicesAt: w.choicesAt, Secret: w.secret,
	}
}

// openFor is how long a sealed address can be used after the answer was due, or was asked for late.
const openFor = 90 * 24 * time.Hour

// address seals the address at which a system fetches whom its task is about, and answers.
func (w *ways) address(n ledger.Notice) (string, error) {
	until := w.now()
	if n.DueAt.After(until) {
		until = n.DueAt
	}
	return w.seal("/systems/", link.System, link.Claims{Request: n.Request, System: n.System.ID, Task: string(n.Task), Notice: n.ID, ExpiresAt: until.Add(openFor)})
}

// choicesAt seals the address at which a system fetches what people have chosen.
func (w *ways) choicesAt(b feed.Batch) (string, error) {
	return w.seal("/choices/", link.Choices, link.Claims{System: b.System.ID, After: b.After.String(), To: b.To.String(), ExpiresAt: w.now().Add(openFor)})
}

func (w *ways) seal(path string, p link.Purpose, c link.Claims) (string, error) {
	token, err := w.ring.Seal(p, c)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "seal an address")
	}
	return w.baseURL + path + token, nil
}

// keepFor is how long the keys are kept in memory: a key that was changed counts soon.
const keepFor = time.Minute

// secret reads one system's key out of the secret that holds them all.
func (w *ways) secret(ctx context.Context, name string) (string, error) {
	if w.keys == "" {
		return "", fault.New(fault.Internal, "desk.yaml names the secret %q, and the stack has no SystemsSecretArn", name)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := w.now(); now.Sub(w.readAt).Abs() > keepFor {
		all, err := w.read(ctx, w.keys)
		if err != nil {
			return "", err
		}
		w.kept, w.readAt = all[0], now
	}
	text := w.kept.Field(name)
	if text == "" {
		return "", fault.New(fault.Internal, "the secret that SystemsSecretArn names has no %q, which desk.yaml names", name)
	}
	return text, nil
}
