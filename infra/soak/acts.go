package main

import (
	"math/rand/v2"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
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
		{"press a link's button", 12, leave(optout.FromLink, "email")},
		{"press a topic's", 6, leave(optout.FromLink, "email/newsletter")},
		{"one-click", 12, leave(optout.FromOneClick, "email")},
		{"one-click, a topic", 8, leave(optout.FromOneClick, "email/newsletter")},
		{"leave topics", 4, leave(optout.FromForm, "email/newsletter", "email/offers")},
		{"leave by the preferences", 6, choose(optout.Out)},
		{"pause", 10, choose(optout.Paused)},
		{"ask to come back", 12, choose(optout.In)},
		{"press undo", 10, (*world).pressUndo},
		{"press confirm", 14, (*world).pressConfirm},
		{"SES reports something", 16, (*world).sesReports},
		{"SES's events arrive", 16, (*world).applyEvents},
		{"who may be mailed", 6, (*world).check},
		{"mail the links", 10, func(w *world, _ *rand.Rand) { w.mailLinks() }},
		{"sync", 40, func(w *world, r *rand.Rand) { w.startSync(r) }},
		{"time passes", 10, (*world).timePasses},
		{"import a list", 6, (*world).importList},
		{"erase", 5, (*world).erase},
		{"the console", 6, (*world).console},
		{"reconcile", 6, (*world).reconcile},
	}
}

func (w *world) act(random *rand.Rand) {
	pick(random, acts, func(a act) int { return a.weight }).do(w, random)
}

// actMeanwhile is what others do while a call is under way: somebody does
// something, mostly the one whom the call is about, and then another run may
// sync it before the call arrives.
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

// changesOfMind are what somebody does whose choice is about to be synced.
var changesOfMind = []func(*world, *rand.Rand){
	leave(optout.FromOneClick, "email"), leave(optout.FromLink, "email"), leave(optout.FromForm, "email"), choose(optout.Paused), (*world).pressUndo, comeBack, comeBack, comeBack,
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
