package inbox

import (
	"slices"

	"privacydesk/shared/domain/person"
)

// facts are all that a decision looks at.
type facts struct {
	box     string
	origin  origin
	sign    string
	unsafe  string // "virus", "spam" where the mail system found that, else ""
	own     bool   // the desk itself has written it
	author  author
	subject string
	intents Intents
	cited   []string // references of requests, in the subject
	thread  []string // those of the letters that the mail answers

	link             Link
	token, inSubject bool
}

func (r *Reader) facts(box string, m Message) facts {
	f := facts{box: box, subject: m.Subject(), author: r.author(m), cited: references(m.Subject()), thread: threaded(m)}
	f.origin, f.sign = m.origin()
	f.intents = IntentsOf(f.subject)
	switch {
	case m.Virus == Fail:
		f.unsafe = "virus"
	case m.Spam == Fail:
		f.unsafe = "spam"
	}
	f.own = f.author.standing == nobody && (m.from(r.own) || m.sender(r.own))
	if box == boxUnsubscribe {
		f.link, f.inSubject, f.token = r.token(m)
	}
	return f
}

// rule is one row of the decision: what follows where it holds.
type rule struct {
	name  string
	holds func(facts) bool
	then  func(facts) Decision
}

// rules are the decision, looked through from the top; the last one holds for
// all that is left.
//
// Three lines run through it. A token says whose intent it is, whoever brings
// it. Signs of a machine decide whether a mail is answered; only what is
// nobody's intent (a report, an answer in somebody's absence, our own letter)
// has no effect. And what cannot be decided is kept for an officer to look at.
var rules = []rule{
	{"token", func(f facts) bool { return f.token && (f.inSubject || f.origin != byReporting) }, leaveByLink},
	{"automatic", func(f facts) bool { return f.origin == byReporting || f.origin == byAnswering }, nothing},
	{"our own", func(f facts) bool { return f.own }, nothing},

	// Nobody asks for a proof of who opts out by the form either; here it keeps
	// spam in others' names from opting them out.
	{"author", func(f facts) bool { return f.box == boxUnsubscribe && f.unsafe == "" && f.speaks() }, leave},
	{"reference", func(f facts) bool { return len(f.cited) > 0 }, reply},
	// A subject that asks for something of its own begins a matter of its own.
	{"thread", func(f facts) bool { return len(f.thread) > 0 && len(f.intents.Sure) == 0 }, replyInThread},
	{"no author", func(f facts) bool { return f.author.standing == nobody }, nothing},
	{"unsafe", func(f facts) bool { return f.unsafe != "" && f.intents.None() }, nothing},
	{"unsafe, but a wish", func(f facts) bool { return f.unsafe != "" }, keep},
	{"disowned", func(f facts) bool { return f.author.standing == disowned }, keep},
	{"author unclear", func(f facts) bool { return f.author.standing == named }, keep},
	{"perhaps automatic", func(f facts) bool { return f.origin != byPerson }, keep},
	{"author", func(facts) bool { return true }, ask},
}

// speaks reports whether the mail counts as its author's own word.
func (f facts) speaks() bool { return f.author.standing >= unchecked }

func decide(f facts) Decision {
	i := slices.IndexFunc(rules, func(r rule) bool { return r.holds(f) })
	d := rules[i].then(f)
	switch d.Why = rules[i].name; d.Why {
	case "automatic":
		d.Why += ": " + f.sign
	case "unsafe":
		d.Why = f.unsafe
	case "reference", "thread": // whether there is such a request, nobody here knows
		if f.cited == nil {
			f.thread = nil
		}
		f.cited = nil
		other := decide(f)
		d.Otherwise = &other
	}
	return d
}

func nothing(facts) Decision { return Decision{Act: Nothing} }

func leaveByLink(f facts) Decision { return Decision{Act: OptOut, Link: f.link} }

func leave(f facts) Decision { return Decision{Act: OptOut, Link: to(f.author.address)} }

// ask opens a request, which the author is asked to confirm.
func ask(f facts) Decision {
	d := Decision{Act: Request, Link: to(f.author.address), Subject: f.subject, Intents: f.intents, Proven: f.author.standing == proven}
	if f.box == boxUnsubscribe {
		d.Intents = Intents{Maybe: []Intent{Object}} // whoever writes there wants to leave; that they do is not shown
	}
	d.AtOnce = f.box == boxPrivacy && f.unsafe == "" && f.speaks()
	return d
}

// keep opens a request of which nobody is told but the officer.
func keep(f facts) Decision {
	d := ask(f)
	d.Kept = true
	return d
}

func reply(f facts) Decision {
	return Decision{Act: Reply, Link: to(f.author.address), Subject: f.subject, References: f.cited, Proven: f.author.standing == proven}
}

func replyInThread(f facts) Decision {
	f.cited = f.thread
	return reply(f)
}

func to(a person.Address) Link { return Link{Address: a} }
