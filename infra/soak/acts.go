package main

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/feedback"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/testkit/faults"
)

// act is one row of the table of what people, SES and the desk do.
type act struct {
	name   string
	weight int
	do     func(*world, *rand.Rand)
}

var acts []act

func init() { // the desk's own acts lead to people's, which lead back here
	acts = []act{
		{"leave by a form", 14, leave(optout.FromForm, "email")},
		{"leave everything", 5, leave(optout.FromForm, "email", "sms", "phone", "post")},
		{"one-click", 12, leave(optout.FromOneClick, "email")},
		{"one-click, a topic", 8, leave(optout.FromOneClick, "email/newsletter")},
		{"leave topics", 4, leave(optout.FromForm, "email/newsletter", "email/offers")},
		{"leave by the preferences", 6, choose(optout.Out)},
		{"pause", 10, choose(optout.Paused)},
		{"ask to come back", 12, choose(optout.In)},
		{"press undo", 10, (*world).pressUndo},
		{"press confirm", 14, (*world).pressConfirm},
		{"SES says something", 16, (*world).sesSays},
		{"SES's events arrive", 16, (*world).hear},
		{"who may be mailed", 6, (*world).check},
		{"mail the links", 10, func(w *world, _ *rand.Rand) { w.mailLinks() }},
		{"tell SES", 40, func(w *world, r *rand.Rand) { w.tellSES(r) }},
		{"time passes", 10, (*world).timePasses},
	}
}

func (w *world) act(random *rand.Rand) {
	total := 0
	for _, a := range acts {
		total += a.weight
	}
	at := random.IntN(total)
	for _, a := range acts {
		if at -= a.weight; at < 0 {
			a.do(w, random)
			return
		}
	}
}

// actMeanwhile is what others do while a call is under way: somebody does
// something, mostly the one whom the call is about, and then another run may
// tell SES of it before the call arrives.
func (w *world) actMeanwhile(random *rand.Rand) {
	if random.IntN(4) > 0 {
		w.focus = w.subject
		defer func() { w.focus = person.Address{} }()
	}
	if w.focus.IsZero() {
		w.act(random)
	} else {
		changesOfMind[random.IntN(len(changesOfMind))](w, random)
	}
	if random.IntN(2) == 0 {
		w.drainAtOnce(random)
	}
}

// changesOfMind are what somebody does to whom SES is about to be told of.
var changesOfMind = []func(*world, *rand.Rand){
	leave(optout.FromOneClick, "email"), leave(optout.FromForm, "email"), choose(optout.Paused), (*world).pressUndo, comeBack, comeBack, comeBack,
}

// comeBack is all that it takes, at once.
func comeBack(w *world, random *rand.Rand) {
	choose(optout.In)(w, random)
	w.mailLinks()
	w.pressConfirm(random)
}

func (w *world) somebody(random *rand.Rand) person.Address {
	a := w.people[random.IntN(len(w.people))]
	if !w.focus.IsZero() {
		return w.focus
	}
	return a
}

func (w *world) row(a person.Address, scope optout.Scope) faults.Row {
	return faults.Row{Ref: string(w.key.Ref(a)), Scope: string(scope)}
}

// leave opts somebody out, and again if they are told that it failed: mail
// clients do that. What was accepted must have been seen to be written.
func leave(source optout.Source, scopes ...optout.Scope) func(*world, *rand.Rand) {
	return func(w *world, random *rand.Rand) {
		a, erase := w.somebody(random), source == optout.FromForm && random.IntN(5) == 0
		for range 1 + random.IntN(2) {
			o := &op{kind: string(source)}
			var r optout.Record
			err := w.do(o, func() (err error) {
				r, err = w.service().Record(context.Background(), optout.Request{Address: a, Scopes: scopes, Source: source, EraseWanted: erase})
				return err
			})
			if err != nil {
				continue
			}
			w.accept(o, a, scopes...)
			if len(scopes) == 1 && w.service().Undoable(r) {
				w.undo = append(w.undo, link{a, map[optout.Scope]int{r.Scope: r.Version}, w.clock.Now().Add(optout.UndoFor)})
			}
			return
		}
	}
}

func (w *world) accept(o *op, a person.Address, scopes ...optout.Scope) {
	for _, scope := range scopes {
		w.accepted++
		if row := w.row(a, scope); !slices.Contains(o.left, row) {
			w.lose("%v: an opt-out (%s) was accepted, and not written", row, o.kind)
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
	for scope, version := range l.versions {
		_ = w.do(w.lifting("undo", l), func() error {
			_, err := w.service().Undo(context.Background(), l.address, scope, version)
			return err
		})
	}
}

func (w *world) pressConfirm(random *rand.Rand) {
	l, good := w.press(w.confirm, random)
	if !good {
		return
	}
	_ = w.do(w.lifting("confirm", l), func() error {
		return w.service().ConfirmOptIn(context.Background(), l.address, l.versions)
	})
}

// letters mails confirmation links into people's hands, mostly.
type letters struct {
	w      *world
	random *rand.Rand
}

// Invite implements optout.Inviter.
func (m letters) Invite(_ context.Context, a optout.Ask) error {
	if m.random != nil && m.random.IntN(6) == 0 {
		return fault.New(fault.Unavailable, "no mail today")
	}
	m.w.confirm = append(m.w.confirm, link{a.Address, a.Versions, a.AskedAt.Add(optout.ConfirmWithin)})
	return nil
}

func (w *world) mailLinks() {
	_ = w.do(&op{kind: "mail the links"}, func() error {
		v := &optout.Invitations{Queue: w.raw, Inviter: letters{w, nil}, Now: w.clock.Now}
		_, err := v.Drain(context.Background())
		return err
	})
}

// said is what SES says, each weighing the same.
var said = []string{
	`{"eventType":"Bounce","mail":{"messageId":"m"},"bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Bounce","mail":{"messageId":"m"},"bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull","bouncedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Complaint","mail":{"messageId":"m"},"complaint":{"complaintFeedbackType":"abuse","complainedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Complaint","mail":{"messageId":"m"},"complaint":{"complaintFeedbackType":"abuse","complainedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Complaint","mail":{"messageId":"m"},"complaint":{"complaintFeedbackType":"not-spam","complainedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
	`{"eventType":"Complaint","mail":{"messageId":"m"},"complaint":{"complaintFeedbackType":"not-spam","complainedRecipients":[{"emailAddress":%a}],"timestamp":%t}}`,
}

// sesSays sends an event on its way; sometimes twice.
func (w *world) sesSays(random *rand.Rand) {
	a, what := w.somebody(random), random.IntN(len(said))
	if what == 0 && random.IntN(3) > 0 { // dead mailboxes would soon be all
		what = 1
	}
	now := w.clock.Now().Truncate(time.Millisecond)
	address, _ := json.Marshal(a.Reveal())
	event := fill(said[what], string(address), strconv.Quote(stamp(now)))
	f, err := feedback.Read([]byte(event), now)
	if err != nil {
		w.lose("an event of SES cannot be read: %v", err)
		return
	}
	w.say(f)
	w.trace("  SES says %s of %s at %s", f.Effect, a.Reveal(), stamp(now))
	if f.Effect == feedback.NotSpam {
		w.sesUnlists(a) // it does so by itself, whoever had put the entry
	}
	w.mail = append(w.mail, delivery{now, f})
	if random.IntN(4) == 0 {
		w.plan.Count("doubled event")
		w.mail = append(w.mail, delivery{now, f})
	}
}

// hear hands over some events in any order, none before its time. What fails
// comes again.
func (w *world) hear(random *rand.Rand) {
	random.Shuffle(len(w.mail), func(i, j int) { w.mail[i], w.mail[j] = w.mail[j], w.mail[i] })
	n := min(len(w.mail), 1+random.IntN(5))
	batch := slices.Clone(w.mail[:n])
	w.mail = slices.Delete(w.mail, 0, n)
	if n > 1 {
		w.plan.Count("reordered events")
	}
	w.deliver(batch)
}

func (w *world) deliver(batch []delivery) {
	var ripe []delivery
	var news [][]optout.News
	for _, d := range batch {
		if d.at.After(w.clock.Now()) {
			w.mail = append(w.mail, d)
			continue
		}
		ripe, news = append(ripe, d), append(news, d.event.News)
	}
	_ = w.do(&op{kind: "hear SES"}, func() error {
		for i, err := range w.listener().Hear(context.Background(), news) {
			if err != nil {
				w.mail = append(w.mail, ripe[i])
			}
		}
		return nil
	})
}

// check asks who may be mailed. If nothing has changed meanwhile the answer
// must be the table's.
func (w *world) check(random *rand.Rand) {
	seen, now := w.choices(), w.clock.Now()
	verdicts, err := w.verdicts()
	if err != nil || seen != w.choices() || !now.Equal(w.clock.Now()) {
		return
	}
	for i, v := range verdicts {
		if want := w.suppressed(w.people[i], stamp(now)); v.Suppressed != want {
			w.lose("person %d is suppressed: %v, and the check says %v", i, want, v.Suppressed)
		}
	}
}

func (w *world) verdicts() (verdicts []optout.Verdict, err error) {
	err = w.do(&op{kind: "check"}, func() error {
		verdicts, err = w.service().Check(context.Background(), w.people, optout.Email, "")
		return err
	})
	return verdicts, err
}

// tellSES wakes the projector, as a stream record or the schedule does. Most
// records of the stream get lost.
func (w *world) tellSES(random *rand.Rand) {
	if random.IntN(3) == 0 {
		w.plan.Count("lost stream record")
		return
	}
	w.drainAtOnce(random)
}

// drainAtOnce tells SES, unless a run is under way: the function's reserved
// concurrency is one. Two at once, and an answer of SES lost between them,
// leave drift until the next walk through the list (seed 90001 with -two).
func (w *world) drainAtOnce(random *rand.Rand) {
	if !w.two && len(w.doing) > 0 && w.now().kind == "tell SES" {
		return
	}
	o := &op{kind: "tell SES"}
	_ = w.do(o, func() error {
		p := w.projector(len(w.doing) > 1)
		_, err := p.Drain(context.Background(), w.clock.Now().Add(time.Duration(1+random.IntN(45))*time.Second))
		return err
	})
	if o.dead && len(w.doing) == 0 {
		w.warm = nil
	}
}

// timePasses moves the clock: mostly on, by seconds or weeks.
func (w *world) timePasses(random *rand.Rand) {
	most := []time.Duration{time.Second, time.Minute, time.Minute, time.Minute, 10 * time.Minute, time.Hour, 24 * time.Hour, 20 * 24 * time.Hour}[random.IntN(8)]
	w.plan.Count("clock jump")
	if random.IntN(8) == 0 {
		most = -time.Minute
	}
	if len(w.doing) > 0 { // no call is under way for days
		most = min(most, 10*time.Second)
	}
	w.clock.Move(time.Duration(random.Float64() * float64(most)).Truncate(time.Millisecond))
}
