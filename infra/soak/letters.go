package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	letterrows "privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit/faults"
)

// post is the letters' part of a round: people ask for what is theirs, change
// their minds and are answered, while all that fails fails. It has a table and
// a mailbox of its own.
type post struct {
	*course
	*ledger
	rights *request.Service
	outbox outbox.Drain
	doing  *op
	ids    []string // of the requests that anybody knows of
}

func newPost(ctx context.Context, r run, seed uint64) (*post, error) {
	p := &post{doing: &op{}}
	p.ledger = newLedger(p)
	var err error
	if p.course, err = newCourse(ctx, r, seed, 2, r.tables, nil); err != nil {
		return nil, err
	}
	p.plan = &faults.Plan{
		Seed: seed, Clock: p.clock, Often: 0.12,
		Kill: func(*faults.Call) { p.doing.dead = true }, MayAct: func(*faults.Call) bool { return false },
	}
	if err := p.service(seed); err != nil {
		return nil, err
	}
	if r.breakPost != nil {
		r.breakPost(p)
	}
	return p, nil
}

// store is the desk's, through the proxy.
func (p *post) store() *requests.Store {
	db := p.dynamoDB()
	table := func(logicalID string) dynamo.Table { return dynamo.Table{DB: db, Name: p.tables[logicalID]} }
	return &requests.Store{Table: table("RequestsTable"), OptOuts: table("OptOutsTable"), Counters: &counters.Store{Table: table("CountersTable"), Now: p.clock.Now}}
}

func (p *post) service(seed uint64) error {
	desk, err := settings.Load()
	if err != nil {
		return err
	}
	store := p.store()
	if p.rights, err = request.New(store, p.key, desk, p.clock.Now, rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)})); err != nil {
		return err
	}
	p.rights.Settings.ExportFor, p.rights.Settings.FourEyes = 5*24*time.Hour, nil // decide decides at once
	caps := &quota.Mails{Meter: store.Counters, Key: p.key, PerMailbox: 3, PerDay: 1000}
	kinds := map[outbox.Template]outbox.Kind{}
	for _, t := range requestmail.Templates {
		kinds[t] = outbox.Kind{Owner: request.Letters{Service: p.rights}, Joined: true}
	}
	p.outbox = outbox.Drain{
		Queue: &letterrows.Store{OptOuts: store.OptOuts, Requests: store.Table}, Kinds: kinds, Caps: caps, Unknown: p.alarm,
		Mailer: carrier{p, ses.NewClient(p.ses())}, Now: p.clock.Now,
	}
	return nil
}

// run plays this part of the round.
func (p *post) run(ctx context.Context) (steps int) {
	p.proxy.Decide(p.outcome)
	return p.play(2*checkEvery, p.act, func() { p.drainAndCheck(ctx) }, func() bool { return len(p.lost) > 0 })
}

func (p *post) outcome(c *faults.Call) faults.Outcome {
	if c.Operation == sendEmail {
		for _, l := range lettersOf(c) {
			p.handed[l]++
		}
	}
	if p.doing.dead {
		return faults.Outcome{Lost: true}
	}
	f := p.plan.Outcome(c)
	if f.After && f.Refused.Status != 0 && c.Operation == sendEmail {
		p.countFalseRefusal(c)
	}
	p.trace("  %s: %s: lost %v, stale %v, refused %d, meanwhile %v, after %v", p.doing.kind, c.Operation, f.Lost, f.Stale, f.Refused.Status, f.Meanwhile != nil, f.After)
	return f
}

// do does something as one process, which may be killed.
func (p *post) do(kind string, f func() error) error {
	p.trace("%s %s", stamp(p.clock.Now()), kind)
	p.doing = &op{kind: kind}
	defer func() { p.doing = &op{} }()
	return f()
}

// send lets the outbox work, as a stream record or the schedule does.
func (p *post) send(ctx context.Context) error {
	return p.do("send", func() error {
		_, err := p.outbox.Run(ctx, func() bool { return p.doing.dead })
		return err
	})
}

// carrier hands letters to SES: a mail lists those that it holds, one a line.
type carrier struct {
	p      *post
	client *sesv2.Client
}

// Mail implements outbox.Mailer.
func (c carrier) Mail(ctx context.Context, items []outbox.Item, _ func(outbox.Words) error) (string, error) {
	var text strings.Builder
	for _, i := range items {
		text.WriteString(letterOf(i.Letter).String() + "\n")
	}
	first := letterOf(items[0].Letter)
	before := c.p.handed[first]
	id, err := ses.Sender{Client: c.client, From: "desk@example.com"}.Send(ctx, ses.Mail{
		To: items[0].Subject.To, Subject: "Letters", Text: text.String(),
	})
	if errors.Is(err, ses.ErrUnsure) {
		if err = outbox.ErrUnsure; c.p.handed[first] == before {
			c.p.reportLoss("%v: sent over a connection that was dead", first)
		}
	}
	return id, err
}

const sendEmail = "POST outbound-emails"

// letter names a letter: its request, and the row in its file.
type letter struct{ id, row string }

func letterOf(n outbox.Letter) letter {
	return letter{n.SubjectID, fmt.Sprintf("mail#%04d#%s", n.Seq, n.Template)}
}

// String is the line of a letter in a mail.
func (l letter) String() string { return l.id + " " + l.row }

// kind is the template of a letter.
func (l letter) kind() string { return l.row[strings.LastIndex(l.row, "#")+1:] }

// lettersIn reads the lines of a mail.
func lettersIn(text string) (all []letter) {
	for line := range strings.Lines(text) {
		if id, row, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			all = append(all, letter{id, row})
		}
	}
	return all
}

// lettersOf reads a call to SES.
func lettersOf(c *faults.Call) []letter {
	var call struct {
		Content struct {
			Simple struct {
				Body struct{ Text struct{ Data string } }
			}
		}
	}
	_ = json.Unmarshal(c.Body, &call)
	return lettersIn(call.Content.Simple.Body.Text.Data)
}
