package sample

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/requestmail"
)

const reference = "PD-7K3M-9QXT-40BZ-1HNE"

// due and later are the date of the samples' request, and the one that it can move to.
var (
	due   = time.Date(2026, time.December, 28, 23, 59, 59, 0, time.UTC)
	later = time.Date(2027, time.February, 26, 23, 59, 59, 0, time.UTC)
)

// of is the form of an act on the samples' request.
func of(act, of string, change func(*deskpage.Act)) deskpage.Act {
	a := deskpage.Act{Reference: reference, Act: act, Of: of, Seq: 7, Kinds: []intake.Kind{deadline.Access, deadline.Erasure}, Language: "de"}
	if change != nil {
		change(&a)
	}
	return a
}

// does is what an act does to the date.
func does(c deskpage.Course, mails ...outbox.Template) func(*deskpage.Act) {
	return func(a *deskpage.Act) {
		c.Mails = mails
		a.Course = &c
	}
}

func acts(string) []Sample {
	stays := deskpage.Course{State: lifecycle.Open, Before: due, DueAt: due}
	waits := deskpage.Course{State: lifecycle.WaitingForPerson, Before: due, DueAt: due, Until: later, Stands: true, Lapses: true}
	var all []Sample
	add := func(name string, status int, a deskpage.Act) {
		all = append(all, Sample{Name: "act-" + name, Status: status, Path: deskpage.ActPath(a.Reference, a.Act), Screen: a})
	}
	add("note", 0, of("note", "", nil))
	add("assign", 0, of("assign", "", func(a *deskpage.Act) {
		a.Choices = []deskpage.Choice{{Value: Anna, Text: "Anna Weber"}, {Value: Bruno, Text: "Bruno Díaz"}, {Value: "nobody"}}
		a.Typed = deskpage.Typed{"to": {Anna}}
	}))
	add("verify", 0, of("verify", "", func(a *deskpage.Act) {
		a.Kinds, a.Unsure = nil, true
		a.Course = &deskpage.Course{State: lifecycle.Open, DueAt: due, Mails: []outbox.Template{requestmail.Acknowledge}}
	}))
	add("ask-identity", 0, of("ask", "identity", does(waits, requestmail.Waiting)))
	runs := waits
	runs.Stands, runs.Lapses = false, false
	add("ask-clarification", 0, of("ask", "clarification", does(runs, requestmail.Waiting)))
	add("ask-fee-wrong", http.StatusUnprocessableEntity, of("ask", "fee", func(a *deskpage.Act) {
		a.Typed = deskpage.Typed{"amount": {"zwölf"}, "currency": {"EUR"}, "because": {"excessive"}}
		a.Faults = []deskpage.Fault{{Field: "amount", Reason: "invalid", Message: "a fee must have an amount"}, {Field: "question", Reason: "missing", Message: "question must tell"}}
	}))
	add("ask-fee-signed", 0, of("ask", "fee", does(deskpage.Course{State: lifecycle.Open, Before: due, DueAt: due, Signed: true})))
	add("answer", 0, of("answer", "", does(stays)))
	add("extend", 0, of("extend", "", func(a *deskpage.Act) {
		a.Choices = []deskpage.Choice{{Value: "complexity", DueAt: later}, {Value: "number", DueAt: later}}
	}))
	add("extend-impossible", 0, of("extend", "", func(a *deskpage.Act) {
		a.Closed, a.Refused = true, &deskpage.Refusal{Code: "extended_before", Message: "PD-7K3M"}
	}))
	facts := deskpage.Typed{
		"kinds": {"access", "erasure"}, "country": {"US"}, "region": {"US-CA"}, "name": {"Zoë Brandt"}, "on_behalf_of": {"self"}, "language": {"es"},
	}
	add("amend", 0, of("amend", "", func(a *deskpage.Act) { a.Typed = facts }))
	add("amend-shown", 0, of("amend", "", func(a *deskpage.Act) {
		a.Typed, a.Shown = facts, "5d41402abc4b2a76"
		a.Changes = []deskpage.Change{
			{What: "kinds", Before: []string{"access"}, After: []string{"access", "erasure"}}, {What: "place", After: []string{"US-CA"}},
			{What: "language", Before: []string{"de"}, After: []string{"es"}},
		}
		a.Course = &deskpage.Course{State: lifecycle.Open, Before: due, DueAt: later, Mails: []outbox.Template{requestmail.Amended}}
	}))
	add("join", 0, of("join", "", func(*deskpage.Act) {}))
	add("join-shown", 0, of("join", "", func(a *deskpage.Act) {
		a.Typed, a.Shown = deskpage.Typed{"into": {"PD-0HWB-RT72-K9PE-M1J4"}}, "5d41402abc4b2a76"
		a.Changes = []deskpage.Change{
			{What: "kinds", Before: []string{"access"}, After: []string{"access", "erasure"}}, {What: "due_at", Before: []string{"2026-12-22T22:59:59.000Z"}, After: []string{"2026-12-22T22:59:59.000Z"}},
		}
		a.Course = &deskpage.Course{State: lifecycle.Joined, Before: due, Mails: []outbox.Template{requestmail.Joined}}
	}))
	add("reopen", 0, of("reopen", "", does(deskpage.Course{State: lifecycle.Open, DueAt: due}, requestmail.Reopened)))
	add("expire", 0, of("expire", "", does(deskpage.Course{State: lifecycle.Expired, Before: due}, requestmail.Expired)))
	add("spam", 0, of("spam", "", does(deskpage.Course{State: lifecycle.Expired, Before: due})))
	tasks := []deskpage.Choice{{Value: "erasure/crm"}, {Value: "erasure/newsletter"}}
	add("system", 0, of("system", "", func(a *deskpage.Act) { a.Choices = tasks }))
	add("system-wrong", http.StatusUnprocessableEntity, of("system", "", func(a *deskpage.Act) {
		a.Choices, a.Typed = tasks, deskpage.Typed{"which": {"erasure/crm"}, "outcome": {"done"}, "records": {"drei"}}
		a.Faults = []deskpage.Fault{{Field: "records", Reason: "invalid", Message: "records must be a number"}, {Field: "why", Reason: "missing", Message: "why must say"}}
	}))
	add("tell", 0, of("tell", "", func(a *deskpage.Act) { a.Choices = tasks }))
	add("withdraw", 0, of("withdraw", "", does(deskpage.Course{State: lifecycle.Withdrawn, Before: due}, requestmail.Withdrawn)))
	add("seen", 0, of("seen", "", does(stays)))
	add("disagree", 0, of("disagree", "", does(deskpage.Course{State: lifecycle.Refused})))
	add("mail", 0, of("mail", "", func(a *deskpage.Act) {
		a.Choices = []deskpage.Choice{{Value: "waiting"}, {Value: "extended"}}
	}))
	add("resend", 0, of("resend", "", does(deskpage.Course{State: lifecycle.Unverified, Before: due, DueAt: due}, requestmail.Verify)))
	add("erase", 0, of("erase", "", func(a *deskpage.Act) {
		does(deskpage.Course{State: lifecycle.Fulfilled})(a)
		a.LoginFrom = deskpage.LoginPath(deskpage.ActPath(reference, "erase"), true)
	}))
	add("note-stale", http.StatusConflict, of("note", "", func(a *deskpage.Act) {
		a.Typed = deskpage.Typed{"note": {"Die Rechnung liegt bei der Buchhaltung."}}
		a.Since = []deskpage.Happened{{At: Now.Add(-3 * time.Minute), Kind: "asked", Who: "Bruno Díaz", Note: "Welche Rechnung meinen Sie?"}}
	}))
	return all
}
