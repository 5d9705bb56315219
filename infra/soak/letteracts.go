package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

type letterAct struct {
	name   string
	weight int
	letter outbox.Template
	do     func(*post, string) error
}

// letterActs are what people and the officer do with a request, how often, and
// which letter follows from it.
var letterActs = []letterAct{
	{"confirm", 18, requestmail.Acknowledge, (*post).confirm},
	{"resend", 6, requestmail.Verify, (*post).resend},
	{"ask", 8, requestmail.Waiting, func(p *post, id string) error {
		return second(p.rights.Ask(context.Background(), id, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "Which one?"}))
	}},
	{"answer", 8, "", func(p *post, id string) error {
		return second(p.rights.Answer(context.Background(), id, "dpo", time.Time{}))
	}},
	{"extend", 5, requestmail.Extended, func(p *post, id string) error {
		return second(p.rights.Extend(context.Background(), id, "dpo", deadline.Complexity, "It is much."))
	}},
	{"decide", 10, requestmail.Decision, func(p *post, id string) error {
		return second(p.rights.Decide(context.Background(), id, "dpo", decision.Answer{Outcome: decision.Grant}))
	}},
	{"withdraw", 4, requestmail.Withdrawn, (*post).withdraw},
	{"expire", 6, requestmail.Expired, func(p *post, id string) error {
		return second(p.rights.Expire(context.Background(), id, audit.BySystem))
	}},
	{"mail again", 8, "", (*post).mailAgain},
}

func second(_ request.Request, err error) error { return err }

// act has somebody ask, or do something with a request, or the notifier work,
// or time pass.
func (p *post) act() {
	switch what := p.random.IntN(100); {
	case what < 14 || len(p.ids) == 0:
		p.open()
	case what < 44:
		_ = p.send(context.Background())
	case what < 54:
		most := []time.Duration{time.Second, time.Minute, 10 * time.Minute, time.Hour, 24 * time.Hour, 8 * 24 * time.Hour}[p.random.IntN(6)]
		p.clock.Move(time.Duration(p.random.Float64() * float64(most)).Truncate(time.Millisecond))
	default:
		p.handle()
	}
}

// open asks for something, and again if that fails. What was confirmed is
// promised; what failed may be there all the same.
func (p *post) open() {
	address, err := person.Parse(fmt.Sprintf("q%d@example.com", p.random.IntN(4)))
	if err != nil {
		p.reportLoss("%v", err)
		return
	}
	kind, letter := deadline.Access, requestmail.Verify
	switch p.random.IntN(4) {
	case 0:
		kind = deadline.Erasure
	case 1:
		kind, letter = deadline.OptOutOfSale, requestmail.OptedOut
	}
	place := []deadline.Jurisdiction{{Country: "DE"}, {Country: "US", Region: "CA"}}[p.random.IntN(2)]
	for range 2 {
		var r request.Request
		err := p.do("open", func() (err error) {
			r, err = p.rights.Open(context.Background(), request.Intake{Address: address, Kinds: []intake.Kind{kind}, Place: place, Language: "en", Source: intake.FromForm})
			return err
		})
		if err == nil && !slices.Contains(p.ids, r.ID) { // else it is the same as before, with one letter for both
			p.ids = append(p.ids, r.ID)
			p.promise(r.ID, letter)
		}
		if err == nil {
			return
		}
	}
}

// handle does something with one of the last requests.
func (p *post) handle() {
	id := p.ids[max(0, len(p.ids)-1-p.random.IntN(6))]
	a := pick(p.random, letterActs, func(a letterAct) int { return a.weight })
	if err := p.do(a.name, func() error { return a.do(p, id) }); err == nil && a.letter != "" {
		p.promise(id, a.letter)
	}
}

// confirm confirms the words as they are.
func (p *post) confirm(id string) error {
	r, err := p.rights.Store.Load(context.Background(), id)
	if err != nil {
		return err
	}
	_, already, err := p.rights.Confirm(context.Background(), id, r.Words())
	if already {
		return errNoLetter
	}
	return err
}

// resend asks for the first mail once more; while one waits, that is the one.
func (p *post) resend(id string) error {
	f, err := p.rights.Store.File(context.Background(), id)
	if err != nil {
		return err
	}
	_, err = p.rights.Resend(context.Background(), id, audit.ByPerson)
	for _, n := range f.Letters {
		if err == nil && n.Template == requestmail.Verify && (n.State == outbox.Pending || n.State == outbox.Sending) {
			return errNoLetter
		}
	}
	return err
}

func (p *post) withdraw(id string) error {
	r, err := p.rights.Store.Load(context.Background(), id)
	if err == nil && r.State == lifecycle.Withdrawn {
		return errNoLetter // a second time is the first
	}
	if err != nil {
		return err
	}
	return second(p.rights.Withdraw(context.Background(), id, audit.ByPerson))
}

// mailAgain is the officer who sends what is unknown once more, as the alarm's
// page says.
func (p *post) mailAgain(id string) error {
	f, err := p.rights.Store.File(context.Background(), id)
	if err != nil {
		return err
	}
	for _, n := range f.Letters {
		if n.State != outbox.Unknown || n.Template == requestmail.Verify {
			continue
		}
		if _, err := p.rights.MailAgain(context.Background(), id, "dpo", n.Template); err == nil {
			p.promise(id, n.Template)
		}
	}
	return nil
}
