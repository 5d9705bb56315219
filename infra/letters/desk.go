package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

const (
	site    = "https://privacy.example"
	officer = "dpo/first"
	another = "dpo/second"
)

// ctx is of a desk that waits for nothing.
var ctx = context.Background()

// ourWords stand for what an officer writes.
var ourWords = map[string]string{
	"en": "[Here stand the officer's own words.]", "es": "[Aquí figura el texto propio de quien responde.]", "de": "[Hier steht der eigene Text der zuständigen Person.]",
}

// play is a desk with empty tables in memory, on which one case is played for one person.
type play struct {
	*request.Service
	lang  string
	place deadline.Jurisdiction
	clock time.Time
	held  []request.KeptBack
	sent  map[outbox.Template]mail.Mail // the last letter of each template
	drain outbox.Drain
	mails mail.Writer
	asked int
}

// KeptBack implements request.Holds.
func (p *play) KeptBack(context.Context, *request.Request) ([]request.KeptBack, error) {
	return p.held, nil
}

// links implements mail.Links with samples.
type links struct{}

func (links) Status(string) (string, error)             { return site + "/requests/status/…", nil }
func (links) Confirm(string, time.Time) (string, error) { return site + "/requests/confirm/…", nil }
func (links) Export(string, time.Time) (string, error)  { return site + "/requests/export/…", nil }

func newPlay(desk *settings.Desk, lang string, place deadline.Jurisdiction, at time.Time) (*play, error) {
	key, err := person.NewKey(strings.Repeat("k", 32))
	if err != nil {
		return nil, err
	}
	rules, err := schedule.New(desk)
	if err != nil {
		return nil, err
	}
	p := &play{lang: lang, place: place, clock: at, sent: map[outbox.Template]mail.Mail{}}
	now := func() time.Time { return p.clock }
	store := testkit.NewRequests(testkit.NewOptOuts())
	store.Counts.Now = now
	p.Service, err = request.New(store, key, desk, now, &testkit.Random{N: 1})
	if err != nil {
		return nil, err
	}
	p.Holds = p
	p.Settings.ExportFor, p.Settings.FourEyes = rules.Duration(schedule.Export), nil // one officer plays all
	p.Settings.Systems = nil                                                         // none of desk.yaml's answers here: scenes that need one name their own
	p.mails = mail.Writer{
		Rights: p.Service, Holds: p, Schedule: rules, Zone: desk.Organisation.Zone(), Links: links{}, FormURL: site + "/requests", Now: now,
	}
	kinds := map[outbox.Template]outbox.Kind{}
	for _, t := range requestmail.Templates {
		kinds[t] = outbox.Kind{Owner: request.Letters{Service: p.Service}, Joined: t == requestmail.Verify}
	}
	p.drain = outbox.Drain{
		Queue: store.OptOuts.Outbox, Kinds: kinds, Mailer: p, Now: now,
		Caps: &quota.Mails{Meter: &testkit.Counts{Now: now}, Key: key, PerMailbox: 1000, PerDay: 1000},
	}
	return p, nil
}

// Mail implements outbox.Mailer: it keeps the letter.
func (p *play) Mail(ctx context.Context, items []outbox.Item, keep func(outbox.Words) error) (string, error) {
	all, err := p.mails.Letters(ctx, items)
	if err != nil {
		return "", err
	}
	p.sent[items[0].Template] = all[0]
	if len(all) > 1 {
		p.sent[listed] = all
	}
	return "ses-1", keep(outbox.Words{Subject: "x", Text: "x"})
}

// post sends what waits, and lets an hour pass.
func (p *play) post(r request.Request, err error) (request.Request, error) {
	if err == nil {
		_, err = p.drain.Run(ctx, func() bool { return false })
	}
	p.clock = p.clock.Add(time.Hour)
	return r, err
}

// intake is a request for kinds. One of the person's own words is read by an officer.
func (p *play) intake(kinds ...intake.Kind) request.Intake {
	address, err := person.Parse("alex@example.com")
	if err != nil {
		panic(err)
	}
	p.asked++
	in := request.Intake{
		Sending: fmt.Sprint(p.asked), Address: address, Kinds: kinds, Name: "Alex", Details: "…", Place: p.place,
		OnBehalfOf: intake.Self, Language: p.lang, Source: intake.FromForm,
	}
	if slices.Contains(kinds, deadline.ChildErasure) {
		in.OnBehalfOf = intake.Parent
	}
	return in
}

func (p *play) open(in request.Intake) (request.Request, error) {
	return p.post(p.Open(ctx, in))
}

// opened is a request that was confirmed. What it had to prove has come.
func (p *play) opened(in request.Intake) (request.Request, error) {
	r, err := p.open(in)
	if err != nil || r.State.Closed() {
		return r, err
	}
	r, _, err = p.Confirm(ctx, r.ID, r.Words())
	if r, err = p.post(r, err); err == nil && r.Waiting != nil {
		r, err = p.post(p.Answer(ctx, r.ID, officer, p.clock))
	}
	return r, err
}

func (p *play) words() string { return ourWords[p.lang] }
