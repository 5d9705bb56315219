package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	letterrows "privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit/faults"
)

// leave opts somebody out, and again if that fails: mail
// clients do that. What was accepted must have been seen to be written.
func leave(source optout.Source, scopes ...optout.Scope) func(*world, *rand.Rand) {
	return func(w *world, random *rand.Rand) {
		a, erase := w.somebody(random), source == optout.FromForm && random.IntN(5) == 0
		nonce := ""
		if source == optout.FromLink {
			nonce = views[random.IntN(len(views))]
		}
		for range 1 + random.IntN(2) {
			o := &op{kind: string(source), erase: erase}
			var r optout.Record
			err := w.do(o, func() (err error) {
				r, err = w.service().Record(context.Background(), optout.Request{Address: a, Scopes: scopes, Source: source, ErasureRequested: erase, Nonce: nonce})
				return err
			})
			if err != nil {
				continue
			}
			w.accept(o, a, scopes...)
			if w.service().Undoable(r, nonce) {
				w.undo = append(w.undo, link{address: a, scope: r.Scope, madeBy: r.MadeBy, until: w.clock.Now().Add(optout.UndoFor)})
			}
			return
		}
	}
}

// views are the nonces of the pages that are open.
var views = []string{strings.Repeat("a", 22), strings.Repeat("b", 22), strings.Repeat("c", 22)}

func (w *world) accept(o *op, a person.Address, scopes ...optout.Scope) {
	for _, scope := range scopes {
		w.accepted++
		if row := w.row(a, scope); !slices.Contains(o.left, row) {
			w.reportLoss("%v: an opt-out (%s) was accepted, and not written", row, o.kind)
		}
	}
}

// choosable are the scopes that people choose among, e-mail more often.
var choosable = []optout.Scope{"email", "email", "email/newsletter", "sms"}

func choose(to optout.State) func(*world, *rand.Rand) {
	return func(w *world, random *rand.Rand) {
		a, scope := w.somebody(random), choosable[random.IntN(len(choosable))]
		o := &op{kind: "preferences"}
		choice := optout.Choice{Scope: scope, To: to, PauseDays: []int{30, 60, 90}[random.IntN(3)]}
		err := w.do(o, func() error {
			_, err := w.service().Choose(context.Background(), a, "en", []optout.Choice{choice})
			return err
		})
		if err == nil && to == optout.Out {
			w.accept(o, a, scope)
		}
	}
}

// press takes a link at random; it may be an old one, and is not spent.
func (w *world) press(links []link, random *rand.Rand) (link, bool) {
	if !w.focus.IsZero() {
		links = slices.DeleteFunc(slices.Clone(links), func(l link) bool { return l.address != w.focus })
	}
	if len(links) == 0 {
		return link{}, false
	}
	l := links[max(0, len(links)-1-random.IntN(4))]
	return l, w.clock.Now().Before(l.until)
}

func (w *world) lifting(kind string, l link) *op {
	o := &op{kind: kind, lifts: map[faults.Row]int{}}
	for scope, version := range l.versions {
		o.lifts[w.row(l.address, scope)] = version
	}
	return o
}

func (w *world) pressUndo(random *rand.Rand) {
	l, good := w.press(w.undo, random)
	if !good {
		return
	}
	o := w.lifting("undo", l)
	o.undo = l.madeBy
	_ = w.do(o, func() error {
		err := w.service().Undo(context.Background(), l.address, "en", l.madeBy, l.scope)
		return err
	})
}

func (w *world) pressConfirm(random *rand.Rand) {
	l, good := w.press(w.confirm, random)
	if !good {
		return
	}
	_ = w.do(w.lifting("confirm", l), func() error {
		return w.service().ConfirmOptIn(context.Background(), l.address, "en", l.versions)
	})
}

// letters mails confirmation links into people's hands, mostly.
type letters struct {
	w      *world
	random *rand.Rand
}

// Mail implements outbox.Mailer.
func (m letters) Mail(_ context.Context, items []outbox.Item, _ func(outbox.Words) error) (string, error) {
	if m.random != nil && m.random.IntN(6) == 0 {
		return "", fault.New(fault.Unavailable, "no mail today")
	}
	if c := items[0].Subject.About.(optout.OptInConfirmation); !c.Confirmed {
		m.w.confirm = append(m.w.confirm, link{address: c.Address, versions: c.Versions, until: c.QueuedAt.Add(optin.ConfirmWithin)})
	}
	return "ses-1", nil
}

// unmetered finds room for every mail.
type unmetered struct{}

func (unmetered) Take(context.Context, ...quota.Limit) error { return nil }

func (unmetered) Count(context.Context, quota.Limit) (int, time.Time, error) {
	return 0, time.Time{}, nil
}

func (w *world) mailLinks() {
	_ = w.do(&op{kind: "mail the links"}, func() error {
		rows := &letterrows.Store{OptOuts: w.raw.Table}
		kind := outbox.Kind{Owner: optin.Confirmations{Store: w.raw, Ender: rows, Now: w.clock.Now}, Repeats: true}
		d := outbox.Drain{
			Queue: rows, Kinds: map[outbox.Template]outbox.Kind{optin.MailOptIn: kind, optin.MailOptedIn: kind},
			Mailer: letters{w, nil}, Caps: &quota.Mails{Meter: unmetered{}, Key: w.service().Key, PerMailbox: 1}, Now: w.clock.Now,
		}
		_, err := d.Run(context.Background(), func() bool { return false })
		return err
	})
}
