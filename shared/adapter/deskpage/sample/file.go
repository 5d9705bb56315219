package sample

import (
	"bytes"
	"slices"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/staff"
)

// A story is a file in the making.
type story struct{ request.File }

func began(kinds ...intake.Kind) *story {
	s := &story{}
	maria, err := person.Parse("maria@example.com")
	if err != nil {
		panic(err)
	}
	s.Request = request.Request{
		ID: reference, Ref: "k1-4f1d2c3b5a69", Kinds: kinds, State: lifecycle.Unverified, Address: maria, Name: "María Gómez", Details: "Bitte schicken Sie mir alles,\nwas Sie über mich haben.", Place: germany,
		OnBehalfOf: intake.Self, Language: "de", Source: intake.FromForm, ReceivedAt: ago(10), ClockFrom: ago(10), VerifyBy: ago(-20), DueAt: ago(-20), Head: audit.Genesis(reference),
	}
	s.by(10, audit.ByPerson, lifecycle.EventReceived, facts("kinds", joined(kinds), "source", "form"), "address", "maria@example.com", "details", s.Request.Details)
	s.by(10, audit.BySystem, lifecycle.EventVerificationAsked, nil)
	return s
}

func joined(kinds []intake.Kind) (text string) {
	for i, k := range kinds {
		if i > 0 {
			text += " "
		}
		text += string(k)
	}
	return text
}

func facts(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// by appends an entry of some days ago. The private values follow by name and value.
func (s *story) by(days int, actor string, event lifecycle.Event, facts map[string]string, private ...string) *story {
	e := audit.Entry{At: ago(days).Add(time.Duration(len(s.Events)) * time.Minute), Kind: string(event), Actor: actor, Facts: facts, Private: map[string]audit.Private{}}
	for i := 0; i+1 < len(private); i += 2 {
		e.Private[private[i]] = audit.Personal(private[i+1])
	}
	entry, err := audit.Append(s.Request.Head, e, bytes.NewReader(make([]byte, 1024)))
	if err != nil {
		panic(err)
	}
	s.Events, s.Request.Head = append(s.Events, entry), entry.Head()
	return s
}

// officer appends what somebody at the desk did.
func (s *story) officer(days int, who string, event lifecycle.Event, facts map[string]string, private ...string) *story {
	return s.by(days, audit.ByOfficer, event, facts, append(private, audit.FactOfficer, who)...)
}

func (s *story) letter(days int, template outbox.Template, state outbox.State, subject, text string) *story {
	l := outbox.Letter{SubjectID: reference, Seq: s.Request.Head.Seq, Template: template, QueuedAt: ago(days), DueAt: ago(days), State: state, Words: outbox.Words{Subject: subject, Text: text}}
	if !l.UnderWay() {
		l.SentAt = ago(days)
	}
	s.Letters = append(s.Letters, l)
	return s
}

// confirmed is a request that the person confirmed, and that is to be answered.
func confirmed(kinds ...intake.Kind) *story {
	s := began(kinds...)
	s.letter(10, requestmail.Verify, outbox.Sent, "Bitte bestätigen Sie Ihr Anliegen", "Guten Tag,\n\nöffnen Sie den Link, um Ihr Anliegen zu bestätigen:\n\nhttps://desk.example/requests/confirm/…")
	s.by(10, audit.BySystem, lifecycle.EventMailed, facts("template", "verify", "result", "sent"))
	s.by(9, audit.ByPerson, lifecycle.EventVerified, facts("saw_entry", "1"))
	s.Request.State, s.Request.VerifiedAt, s.Request.DueRule = lifecycle.Open, ago(9), "gdpr/respond"
	s.letter(9, requestmail.Acknowledge, outbox.Sent, "Ihr Anliegen "+reference+": Wir arbeiten daran", "Guten Tag,\n\nSie erhalten unsere Antwort bis zum 17. Dezember 2026.")
	s.by(9, audit.BySystem, lifecycle.EventMailed, facts("template", "acknowledge", "result", "sent"))
	s.officer(8, Anna, lifecycle.EventLooked, nil).officer(8, Anna, lifecycle.EventAssigned, facts("assigned", "yes"), "assignee", Anna)
	s.officer(7, Bruno, lifecycle.EventLooked, nil).officer(7, Bruno, lifecycle.EventRevealed, nil)
	s.officer(7, Bruno, lifecycle.EventNoted, nil, "note", "Kundennummer 4711. Die Personalabteilung sucht noch.")
	s.officer(0, Anna, lifecycle.EventLooked, nil)
	s.Request.Assignee, s.Request.Touched = Anna, true
	return s
}

// dates are those of the law that the desk knows.
func (s *story) dates() []deadline.Deadline {
	engine, err := deadline.New(deadline.Default(), time.UTC, "weekends")
	if err != nil {
		panic(err)
	}
	q := &s.Request
	all, err := engine.Deadlines(deadline.Case{Kinds: q.Kinds, Place: q.Place, ReceivedAt: q.ClockFrom, Appeal: q.AppealOf != "", Pauses: q.Pauses, Extension: q.Extension})
	if err != nil {
		panic(err)
	}
	return all
}

// screen is the file as it is looked at.
func (s *story) screen(acts ...casework.Act) deskpage.File {
	q := &s.Request
	f := deskpage.File{File: s.File, Today: today, Acts: acts, Row: casework.Row{
		Reference: q.ID, Person: q.Address.String(), Kinds: q.Kinds, Unsure: q.KindsUnsure, State: q.State, Place: q.Place, OnBehalfOf: q.OnBehalfOf, ReceivedAt: q.ReceivedAt, ClosedAt: q.ClosedAt,
		AppealOf: q.AppealOf, Assignee: q.Assignee, Repeated: q.Repeated, Extended: q.Extension != nil, LetterFailed: !q.MailFailedAt.IsZero(), Look: q.Look, Reduced: q.Reduced(),
	}}
	switch {
	case q.State == lifecycle.Unverified:
		f.Row.Due, f.Row.Left = civil.Through(q.VerifyBy, time.UTC), 14
	case !q.State.Closed():
		f.Dates = s.dates()
		first := f.Dates[slices.IndexFunc(f.Dates, func(d deadline.Deadline) bool { return d.Purpose != deadline.Acknowledge })]
		f.Row.Due, f.Row.Left, q.DueAt, q.DueRule = civil.Of(first.Due, time.UTC), 14, first.Due, first.Rule
		f.File.Request.DueAt, f.File.Request.DueRule = first.Due, first.Rule
		if q.Waiting != nil {
			f.Row.Paused, f.Row.Until = q.Waiting.ClockStands, civil.Of(q.Waiting.Until, time.UTC)
		}
	}
	return f
}

func because(code string, pairs ...string) fault.Because {
	return fault.Because{Code: code, Facts: facts(pairs...)}
}

// toAnswer are the acts of a request that is to be answered.
func toAnswer(due time.Time) []casework.Act {
	same := casework.Outcome{State: lifecycle.Open, Before: due, DueAt: due, Did: true}
	mails := func(o casework.Outcome, m ...outbox.Template) casework.Outcome { o.Mails = m; return o }
	stands := casework.Outcome{State: lifecycle.WaitingForPerson, Before: due, DueAt: due.AddDate(0, 0, 1), Stands: true, Mails: []outbox.Template{requestmail.Waiting}, Did: true}
	later := casework.Outcome{State: lifecycle.Open, Before: due, DueAt: due.AddDate(0, 2, 0), Mails: []outbox.Template{requestmail.Extended}, Did: true}
	return []casework.Act{
		{Code: "verify", Why: because("state", "state", "open", "act", "verified")},
		{Code: "draft", Possible: true, Usual: true, Outcome: same}, {Code: "send", Of: "now", Why: because("no_draft")}, {Code: "callback", Why: because("done")}, {Code: "sign", Why: because("nothing_to_sign")},
		{Code: "decide", Of: "fulfilled", Possible: true, Outcome: mails(casework.Outcome{State: lifecycle.Fulfilled, Before: due, Did: true}, requestmail.Decision)},
		{Code: "decide", Of: "partly_fulfilled", Possible: true, Outcome: mails(casework.Outcome{State: lifecycle.PartlyFulfilled, Before: due, Did: true}, requestmail.Decision)},
		{Code: "decide", Of: "refused", Why: because("time_given", "cause", "identity", "asked", "no")},
		{Code: "ask", Of: "identity", Possible: true, Outcome: stands}, {Code: "ask", Of: "clarification", Possible: true, Outcome: stands},
		{Code: "ask", Of: "fee", Why: because("fee_not_repeated")},
		{Code: "extend", Of: "complexity", Possible: true, Outcome: later}, {Code: "extend", Of: "interference", Why: because("law_no_reason")},
		{Code: "amend", Possible: true, Outcome: same}, {Code: "erase", Why: because("erasure_not_asked")}, {Code: "expire", Why: because("state", "state", "open", "act", "expired")},
		{Code: "mail", Of: "acknowledge", Why: because("mail_sent")}, {Code: "withdraw", Possible: true, Outcome: mails(casework.Outcome{State: lifecycle.Withdrawn, Before: due, Did: true}, requestmail.Withdrawn)},
		{Code: "seen", Why: because("done")}, {Code: "note", Possible: true, Outcome: same}, {Code: "assign", Possible: true, Outcome: same},
	}
}

func files(string) []Sample {
	open := func() deskpage.File {
		f := confirmed(deadline.Access, deadline.Erasure).screen()
		f.Acts = toAnswer(f.File.Request.DueAt)
		f.Others = []casework.Row{{Reference: "PD-2M0D-B6YR-KX8S-J4NE", Kinds: []intake.Kind{deadline.Correction}, State: lifecycle.Fulfilled, ReceivedAt: ago(400)}}
		return f
	}
	revealed := open()
	revealed.Until = Now.Add(15 * time.Minute)
	broken := open()
	broken.Broken = &audit.Broken{Seq: 4, Why: audit.Altered}
	return []Sample{
		{Name: "file", Screen: open()},
		{Name: "file-revealed", Screen: revealed},
		{Name: "file-as-viewer", Role: staff.Viewer, Screen: confirmed(deadline.Access).screen()},
		{Name: "file-unconfirmed", Screen: unconfirmed()},
		{Name: "file-kept-mail", Screen: keptMail()},
		{Name: "file-overdue", Screen: overdue()},
		{Name: "file-waiting", Screen: waits()},
		{Name: "file-draft", Screen: withDraft(&draft.Draft{By: Anna, At: ago(1), Answers: []decision.Answer{{Kind: deadline.Access}}})},
		{Name: "file-on-its-way", Screen: withDraft(&draft.Draft{Way: &draft.Way{Act: draft.Decide, By: Anna, Seq: 9, SendAt: Now.Add(8 * time.Minute)}})},
		{Name: "file-to-sign", Screen: withDraft(&draft.Draft{Way: &draft.Way{Act: draft.Decide, By: Bruno, Seq: 9}})},
		{Name: "file-to-sign-own", Screen: withDraft(&draft.Draft{Way: &draft.Way{Act: draft.Decide, By: Anna, Seq: 9}})},
		{Name: "file-stopped", Screen: withDraft(&draft.Draft{By: Anna, At: ago(1), Answers: []decision.Answer{{Kind: deadline.Access}}, Stopped: &draft.Stopped{At: ago(0), Why: draft.Hold}})},
		{Name: "file-appeal", Screen: appeal()},
		{Name: "file-answered", Screen: answered()},
		{Name: "file-carrying-out", Role: staff.Admin, Screen: carryingOut()},
		{Name: "file-documents", Screen: withDocuments()},
		{Name: "file-files", Screen: withFiles()},
		{Name: "file-by-itself", Screen: byItself()},
		{Name: "file-reduced", Screen: reduced()},
		{Name: "file-broken", Screen: broken},
		{Name: "file-100-entries", Screen: long()},
	}
}
