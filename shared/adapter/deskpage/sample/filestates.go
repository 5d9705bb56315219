package sample

import (
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

func unconfirmed() deskpage.File {
	s := began(deadline.Erasure)
	s.Request.AskedAt = ago(10)
	s.letter(10, requestmail.Verify, outbox.Sent, "Bitte bestätigen Sie Ihr Anliegen", "Guten Tag, …")
	f := s.screen(
		casework.Act{Code: "verify", Possible: true, Usual: true, Outcome: casework.Outcome{State: lifecycle.Open, DueAt: ago(-20), Mails: []outbox.Template{requestmail.Acknowledge}, Did: true}},
		casework.Act{Code: "decide", Of: "refused", Why: because("time_given", "cause", "identity", "asked", "no")}, casework.Act{Code: "expire", Why: because("can_confirm", "until", "2026-12-16")},
		casework.Act{Code: "extend", Of: "complexity", Why: because("state", "state", "awaiting_verification", "act", "extended")},
		casework.Act{Code: "resend", Possible: true, Outcome: casework.Outcome{Request: s.Request, State: lifecycle.Unverified, Mails: []outbox.Template{requestmail.Verify}, Did: true}},
		casework.Act{Code: "spam", Possible: true, Outcome: casework.Outcome{State: lifecycle.Expired, Did: true}},
		casework.Act{Code: "note", Possible: true, Outcome: casework.Outcome{State: lifecycle.Unverified, Did: true}},
	)
	f.Row.New = true
	return f
}

func keptMail() deskpage.File {
	s := began()
	q := &s.Request
	q.KindsUnsure, q.Source, q.Place, q.Name, q.Look = true, intake.FromMail, deadline.Jurisdiction{}, "", &lifecycle.Look{Why: lifecycle.LookKept, Since: ago(10)}
	s.by(10, audit.BySystem, lifecycle.EventKept, nil)
	return s.screen(casework.Act{Code: "verify", Possible: true, Usual: true, Outcome: casework.Outcome{State: lifecycle.Open, DueAt: ago(-20), Mails: []outbox.Template{requestmail.Acknowledge}, Did: true}})
}

func overdue() deskpage.File {
	s := confirmed(deadline.Access)
	q := &s.Request
	q.ReceivedAt, q.ClockFrom, q.Repeated, q.LinkedTo, q.MailFailedAt = ago(33), ago(33), true, "PD-0HWB-RT72-K9PE-M1J4", ago(2)
	q.Look = &lifecycle.Look{Why: lifecycle.LookReply, Since: ago(1)}
	s.letter(2, requestmail.Extended, outbox.Refused, "", "").by(2, audit.BySystem, lifecycle.EventMailFailed, facts("template", "extended", "result", "refused"))
	s.by(1, audit.ByPerson, lifecycle.EventReplied, facts("mail", "reply"), "subject", "Wo bleibt Ihre Antwort?")
	f := s.screen()
	f.Acts = append(toAnswer(q.DueAt), casework.Act{Code: "seen", Possible: true, Outcome: casework.Outcome{State: lifecycle.Open, Before: q.DueAt, DueAt: q.DueAt, Did: true}})
	f.Row.Late, f.Row.Left = 2, 0
	f.Holds = []request.KeptBack{{Hold: "H-3", Of: "person", Reason: "Klage vor dem Landgericht", Keeps: "erasure"}}
	return f
}

func waits() deskpage.File {
	s := confirmed(deadline.ChildErasure)
	q := &s.Request
	q.OnBehalfOf, q.State = intake.Parent, lifecycle.WaitingForPerson
	q.Waiting = &waiting.Waiting{Cause: deadline.Identity, Proofs: []intake.Proof{intake.ParentalAuthority, intake.ChildsIdentity}, Question: "Unter welcher Adresse hat Ihr Kind das Konto angelegt?", Until: ago(-18), ClockStands: true}
	q.Pauses = []deadline.Pause{{Cause: deadline.Identity, From: ago(3)}}
	s.officer(3, Anna, lifecycle.EventAsked, facts("cause", "identity", "evidence", "parental_authority childs_identity", "clock_stopped", "yes"), "question", q.Waiting.Question)
	s.letter(3, requestmail.Waiting, outbox.Sent, "Ihr Anliegen: Wir brauchen etwas von Ihnen", "Guten Tag, …")
	f := s.screen()
	due := f.File.Request.DueAt
	f.Acts = []casework.Act{
		{Code: "answer", Possible: true, Usual: true, Outcome: casework.Outcome{State: lifecycle.Open, Before: due, DueAt: due, Did: true}},
		{Code: "decide", Of: "fulfilled", Why: because("answer_first", "state", "waiting_for_person")}, {Code: "decide", Of: "refused", Why: because("time_given", "cause", "identity", "until", "2026-12-15")},
		{Code: "ask", Of: "clarification", Why: because("answer_first")}, {Code: "expire", Why: because("can_answer", "from", "2026-12-16")},
	}
	return f
}

func withDraft(w *draft.Draft) deskpage.File {
	s := confirmed(deadline.Access)
	s.Request.Draft = w
	s.officer(1, Anna, lifecycle.EventDrafted, facts("empty", "no"))
	switch {
	case w.ToSign():
		s.officer(0, Bruno, lifecycle.EventSignatureAsked, facts("act", "decide", "needs", "refusal"))
	case w.OnItsWay():
		s.officer(0, Anna, lifecycle.EventScheduled, facts("send_at", "2026-11-27T10:08:00.000Z"))
	case w.Stopped != nil:
		s.by(0, audit.BySystem, lifecycle.EventNotSent, facts("why", "hold"))
		s.Request.Look = &lifecycle.Look{Why: lifecycle.LookUnsent, Since: ago(0)}
	}
	f := s.screen()
	f.Acts = toAnswer(f.File.Request.DueAt)
	return f
}

func appeal() deskpage.File {
	s := confirmed(deadline.Access)
	s.Request.AppealOf, s.Request.AnsweredBy, s.Request.Source = "PD-0HWB-RT72-K9PE-M1J4", Anna, intake.FromAppeal
	return s.screen(casework.Act{Code: "decide", Of: "fulfilled", Why: because("another_officer", "request", "PD-0HWB-RT72-K9PE-M1J4")}, casework.Act{Code: "note", Possible: true})
}

func answered() deskpage.File {
	s := confirmed(deadline.Access, deadline.Erasure)
	q := &s.Request
	q.State, q.ClosedAt, q.ExportUntil, q.Fetched, q.EraseFrom, q.HeldBack, q.Statement = lifecycle.PartlyFulfilled, ago(1), ago(-13), 1, ago(-13), true, "Damit bin ich nicht einverstanden."
	q.Decision = &decision.Decision{Outcome: decision.Partly, At: ago(1), By: Bruno, Answers: []decision.Answer{
		{Kind: deadline.Access, Outcome: decision.Grant},
		{Kind: deadline.Erasure, Outcome: decision.Partly, Grounds: []decision.Given{{Ground: decision.LegalObligation, Clause: "Art. 17(3)(b) GDPR"}}, Explanation: "Rechnungen müssen wir acht Jahre aufbewahren."},
	}}
	s.officer(1, Bruno, lifecycle.EventPartlyFulfilled, facts("access", "fulfilled", "erasure", "partly_fulfilled", "grounds_erasure", "legal_obligation"))
	s.officer(1, Bruno, lifecycle.EventEraseOrdered, facts("from", "2026-12-10T23:59:59.000Z", "scopes", "email"))
	s.letter(1, requestmail.Decision, outbox.Sent, "Ihr Anliegen "+reference+": unsere Antwort", "Guten Tag,\n\nAuskunft: Wir geben dem statt.\n\nLöschung: Wir geben dem teilweise statt.")
	s.by(1, audit.BySystem, lifecycle.EventMailed, facts("template", "decision", "result", "sent"))
	s.by(0, audit.ByPerson, lifecycle.EventDisagreed, nil, "statement", q.Statement)
	f := s.screen(
		casework.Act{Code: "reopen", Possible: true, Outcome: casework.Outcome{State: lifecycle.Open, DueAt: ago(-20), Mails: []outbox.Template{requestmail.Reopened}, Did: true}},
		casework.Act{Code: "note", Possible: true, Outcome: casework.Outcome{State: lifecycle.PartlyFulfilled, Did: true}}, casework.Act{Code: "erase", Why: because("done")},
	)
	f.Kept = requestlog.Kept{Until: today + 1094, Log: today + 2190}
	return f
}

func byItself() deskpage.File {
	s := began(deadline.OptOutOfSale)
	q := &s.Request
	q.State, q.ClosedAt, q.GPC, q.Decision, q.Details = lifecycle.Fulfilled, ago(10), true, &decision.Decision{Outcome: decision.Grant, At: ago(10)}, ""
	s.by(10, audit.BySystem, lifecycle.EventOptedOut, facts("scopes", "sale")).by(10, audit.BySystem, lifecycle.EventFulfilled, nil)
	return s.screen(casework.Act{Code: "note", Possible: true})
}

func reduced() deskpage.File {
	s := confirmed(deadline.Erasure)
	q := &s.Request
	q.State, q.ClosedAt, q.ReducedAt = lifecycle.Fulfilled, ago(1100), ago(4)
	q.Address, q.Name, q.Details, q.Ref, q.Assignee = person.Address{}, "", "", "", ""
	q.Decision = &decision.Decision{Outcome: decision.Grant, At: ago(1100), Answers: []decision.Answer{{Kind: deadline.Erasure, Outcome: decision.Grant}}}
	s.Letters = nil
	for i, e := range s.Events {
		s.Events[i] = audit.Blank(e)
	}
	s.by(4, audit.BySystem, lifecycle.EventReduced, nil)
	f := s.screen()
	f.Kept = requestlog.Kept{Log: today + 1090}
	return f
}

// long is a file of many entries.
func long() deskpage.File {
	s := confirmed(deadline.Access, deadline.Erasure)
	for n := 0; len(s.Events) < 100; n++ {
		switch n % 4 {
		case 0:
			s.officer(6, Anna, lifecycle.EventNoted, nil, "note", "Noch nichts vom Archiv gehört, morgen wieder nachfragen.")
		case 1:
			s.by(6, audit.BySystem, lifecycle.EventMailed, facts("template", "waiting", "result", "sent"))
			s.letter(6, requestmail.Waiting, outbox.Sent, "Ihr Anliegen "+reference, "Guten Tag,\n\nwir brauchen etwas von Ihnen.")
		case 2:
			s.officer(6, Bruno, lifecycle.EventLooked, nil)
		case 3:
			s.officer(6, Bruno, lifecycle.EventAnswered, facts("came", "2026-11-21T00:00:00.000Z"))
		}
	}
	f := s.screen()
	f.Acts = toAnswer(f.File.Request.DueAt)
	return f
}
