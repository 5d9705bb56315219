package sample

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/waiting"
)

// officers write in their own words.
var (
	question = map[string]string{
		"en": "Is this about the address that you gave when you registered for our webinar in May, or about another one?",
		"es": "¿Se refiere a la dirección que indicó al inscribirse en nuestro seminario web de mayo, o a otra?",
		"de": "Geht es um die Adresse, mit der Sie sich im Mai zu unserem Webinar angemeldet haben, oder um eine andere?",
	}
	explanation = map[string]string{
		"en": "We have deleted your profile and all marketing data.\nTwo invoices from 2024 remain, because tax law makes us keep them.",
		"es": "Hemos eliminado su perfil y todos los datos publicitarios.\nQuedan dos facturas de 2024, porque la ley fiscal nos obliga a conservarlas.",
		"de": "Wir haben Ihr Profil und alle Werbedaten gelöscht.\nZwei Rechnungen aus dem Jahr 2024 bleiben, weil das Steuerrecht uns dazu verpflichtet.",
	}
)

func event(at time.Time, kind lifecycle.Event, template ...string) audit.Entry {
	e := audit.Entry{At: at, Kind: string(kind)}
	if len(template) > 0 {
		e.Facts = map[string]string{"template": template[0]}
	}
	return e
}

func status(lang string, state lifecycle.State, events ...audit.Entry) page.RequestStatus {
	q := about(state, deadline.Access, deadline.Erasure)
	q.OnBehalfOf, q.Name, q.Place = intake.Self, "María López", california
	return page.RequestStatus{
		Action: statusPath, Due: due, DueWhy: reasons(lang), ReceiptURL: receiptPath,
		Kept: requestlog.Kept{Until: civil.Date(2028, time.December, 2), Log: civil.Date(2036, time.December, 2)},
		File: request.File{Request: q, Events: append([]audit.Entry{
			event(received, "received"), event(received, "verification_asked"), event(received, "mailed", "verify"), event(verified, "noted"),
		}, events...)},
	}
}

var happened = []audit.Entry{event(verified, "verified"), event(verified, "mailed", "acknowledge")}

func statusPages(lang string) []Sample {
	unconfirmed := status(lang, lifecycle.Unverified)
	unconfirmed.Due, unconfirmed.DueWhy, unconfirmed.ReceiptURL = time.Time{}, nil, ""
	unconfirmed.File.Request.Kinds, unconfirmed.File.Request.Name = []intake.Kind{deadline.Objection, deadline.OptOutOfSale}, ""
	open := status(lang, lifecycle.Open, append(happened, event(verified.Add(sampleLength), "extended"))...)
	q := &open.File.Request
	q.Extension, q.LinkedTo, q.MailFailedAt, q.Details = &deadline.Grant{}, earlier, verified, "My old address.\nAnd my new one."
	samples := []Sample{
		{"request-status-unconfirmed", http.StatusOK, unconfirmed},
		{"request-status-open", http.StatusOK, open},
	}
	return append(append(samples, waitingPages(lang)...), answerPages(lang)...)
}

func waitingPages(lang string) []Sample {
	wait := func(w waiting.Waiting, then string) page.RequestStatus {
		s := status(lang, lifecycle.WaitingForPerson, append(happened, event(verified.Add(sampleLength), "asked"))...)
		s.File.Request.Waiting, s.Wait = &w, waiting.Time{By: month.UTC(), Then: then, End: (month + 15).UTC()}
		return s
	}
	asked := waiting.Waiting{Cause: deadline.Clarification, Question: question[lang], ClockStands: true}
	runsOn := asked
	runsOn.ClockStands = false
	upload := func(what attachment.For, state attachment.State, set func(*page.Upload)) page.RequestStatus {
		s := wait(asked, settings.Resume)
		s.Upload = &page.Upload{File: attachment.File{For: what, State: state}}
		set(s.Upload)
		return s
	}
	send := func(u *page.Upload) {
		u.SendTo("https://files.s3.eu-central-1.amazonaws.com/")
		u.With("key", "A7K3M")
		u.With("success_action_redirect", "https://privacy.example.com/requests/done/AAECAwQFBgcICQoLDA0ODw?lang="+lang)
		u.With("policy", "eyJleHBpcmF0aW9uIjoi")
	}
	return []Sample{
		{"request-status-upload", http.StatusOK, upload(attachment.Words, attachment.Expected, send)},
		{"request-status-arrived", http.StatusOK, upload(attachment.Words, attachment.Stored, func(*page.Upload) {})},
		{"request-status-proof", http.StatusOK, upload(attachment.Proof, attachment.Stored, func(*page.Upload) {})},
		{"request-status-missing", http.StatusOK, upload(attachment.Words, attachment.Expected, func(u *page.Upload) { send(u); u.Sent = true })},
		{"request-status-not-taken", http.StatusUnprocessableEntity, upload(attachment.Words, attachment.Expected, func(u *page.Upload) { send(u); u.Refused = true })},
		{"request-status-evidence", http.StatusOK, wait(waiting.Waiting{
			Cause: deadline.Identity, Proofs: []intake.Proof{intake.WrittenAuthority, intake.PersonsIdentity}, ClockStands: true}, "")},
		{"request-status-question", http.StatusOK, wait(asked, settings.Resume)},
		{"request-status-runs-on", http.StatusOK, wait(runsOn, waiting.RunsOn)},
		{"request-status-fee", http.StatusOK, wait(waiting.Waiting{
			Cause: deadline.Fee, Fee: &waiting.Fee{Amount: "12.50", Currency: "USD", Because: decision.Excessive}, Question: question[lang], ClockStands: true}, settings.Lapse)},
	}
}

// answered is a request with its answer. One that is disputed is for an erasure, another for access.
func answered(lang string, state lifecycle.State, kind intake.Kind, grounds ...decision.Given) page.RequestStatus {
	at := verified.Add(sampleLength)
	s := status(lang, state, append(happened, event(at, lifecycle.Event(state)), event(at, "mailed", "decision"))...)
	s.Due, s.DueWhy, s.File.Request.Kinds = time.Time{}, nil, []intake.Kind{kind}
	one := decision.Answer{Kind: kind, Outcome: decision.Outcome(state), Grounds: grounds}
	if len(grounds) > 0 {
		one.Explanation = explanation[lang]
	}
	s.File.Request.Decision = &decision.Decision{At: at, Outcome: one.Outcome, Answers: []decision.Answer{one}}
	return s
}

func answerPages(lang string) []Sample {
	germany := deadline.Jurisdiction{Country: "DE"}
	done := answered(lang, lifecycle.Fulfilled, deadline.Access)
	done.ExportURL, done.File.Request.ExportUntil = exportPath, fetched.End(time.UTC)
	partly := answered(lang, lifecycle.PartlyFulfilled, deadline.Erasure, decision.Given{Ground: decision.LegalObligation, Clause: "Cal. Civ. Code 1798.105(d)(8)"})
	held := answered(lang, lifecycle.PartlyFulfilled, deadline.Erasure, decision.Given{Ground: decision.LegalClaims, Clause: "Art. 17(3)(e) GDPR"})
	held.File.Request.Place, held.File.Request.EraseFrom, held.File.Request.HeldBack = germany, verified.Add(sampleLength), true
	refused := answered(lang, lifecycle.Refused, deadline.Correction,
		decision.Given{Ground: decision.RepeatedRequest, Clause: "Art. 12(5)(b) GDPR"}, decision.Given{Ground: decision.DisputedAccuracy})
	refused.File.Request.Place, refused.File.Request.AppealOf = germany, earlier
	refused.File.Request.Statement = "I was never a customer of yours.\nPlease note it."
	incorrect := answered(lang, lifecycle.Refused, deadline.Correction, decision.Given{Ground: "no_data_found", Clause: "11 CCR 7024"})
	incorrect.Reasons, incorrect.File.Request.Place = "x", deadline.Jurisdiction{Country: "BR"}
	incorrect.Errors = []fault.FieldError{{Field: page.FieldStatement, Reason: person.Missing}, {Field: page.FieldReasons, Reason: person.TooLong}}
	second := refused
	second.Refused = request.ErrStatement
	withdrawn := status(lang, lifecycle.Withdrawn, event(verified, "withdrawn"))
	withdrawn.Due, withdrawn.DueWhy, withdrawn.ReceiptURL = time.Time{}, nil, ""
	expired := withdrawn
	expired.File.Request.State = lifecycle.Expired
	joined := status(lang, lifecycle.Joined, event(verified, "joined"))
	joined.Due, joined.DueWhy, joined.ReceiptURL, joined.File.Request.LinkedTo = time.Time{}, nil, "", earlier
	complaint := answered(lang, lifecycle.Refused, deadline.Complaint, decision.Given{Ground: decision.NotUpheld})
	complaint.File.Request.Place = deadline.Jurisdiction{Country: "GB"}
	reduced := answered(lang, lifecycle.Refused, deadline.Access, decision.Given{Ground: "no_data_found", Clause: "Art. 15(1) GDPR"})
	q := &reduced.File.Request
	q.ReducedAt, q.Address, q.Name, q.Place = verified.AddDate(2, 1, 0), person.Address{}, "", germany
	reduced.File.Events = append(reduced.File.Events, event(q.ReducedAt, "reduced"))
	carrying := answered(lang, lifecycle.CarryingOut, deadline.Correction)
	carrying.Due, carrying.File.Request.Decision.Outcome, carrying.File.Request.Decision.Answers[0].Outcome = verified.AddDate(0, 1, 0), decision.Grant, decision.Grant
	carrying.File.Systems = []ledger.Entry{
		{System: "crm", Task: ledger.Correction, State: ledger.Told, Required: true},
		{System: "news", Task: ledger.Correction, State: ledger.Exempt, Required: true, Outcome: ledger.Outcome{Ground: "§ 257 HGB"}},
	}
	return []Sample{
		{"request-status-carrying-out", http.StatusOK, carrying},
		{"request-status-reduced", http.StatusOK, reduced},
		{"request-status-done", http.StatusOK, done}, {"request-status-partly", http.StatusOK, partly},
		{"request-status-held", http.StatusOK, held}, {"request-status-conflict", http.StatusConflict, second},
		{"request-status-refused", http.StatusOK, refused}, {"request-status-correct", http.StatusUnprocessableEntity, incorrect},
		{"request-status-complaint", http.StatusOK, complaint},
		{"request-status-withdrawn", http.StatusOK, withdrawn}, {"request-status-joined", http.StatusOK, joined}, {"request-status-expired", http.StatusOK, expired},
	}
}
