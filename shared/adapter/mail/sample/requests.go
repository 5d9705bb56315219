package sample

import (
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/waiting"
)

const (
	site      = "https://privacy.biosero.example"
	statusURL = site + "/requests/status/AAECAwQFBgcICQoLDA0ODw"
	reference = "PD-7K3M-9QXT-40BZ-1HNE"
	earlier   = "PD-2C4D-8RWF-61KA-5TVM"
)

var (
	received = time.Date(2026, time.November, 22, 10, 0, 0, 0, time.UTC)
	due      = received.AddDate(0, 1, 0)
	decided  = received.AddDate(0, 0, 10)
	week     = civil.Of(received, time.UTC) + 7
	month    = civil.Of(received, time.UTC) + 30
	fetched  = civil.Of(decided, time.UTC) + 5

	gone  = requestlog.Kept{Until: month}
	whole = requestlog.Kept{Until: civil.Of(decided, time.UTC).AddMonths(24), Log: civil.Of(decided, time.UTC).AddMonths(120)}
)

// words are what package deadline and an officer would say in the language of the mail.
type words struct {
	why                   []string
	question, explanation string
}

func in(lang string) words {
	return map[string]words{
		"en": {[]string{
			"Art. 12(3) GDPR: answer within 1 month of receipt.",
			"The last day is 22 December 2026."},
			"Is this about the address that you gave when you registered for our webinar in May, or about another one?",
			"We have deleted your profile and all marketing data.\nTwo invoices from 2024 remain, because tax law makes us keep them.",
		},
		"es": {[]string{
			"Plazo (art. 12.3 RGPD): responder en 1 mes desde la recepción.",
			"El último día es el 22 de diciembre de 2026."},
			"¿Se refiere a la dirección que indicó al inscribirse en nuestro seminario web de mayo, o a otra?",
			"Hemos eliminado su perfil y todos los datos publicitarios.\nQuedan dos facturas de 2024, porque la ley fiscal nos obliga a conservarlas.",
		},
		"de": {[]string{
			"Art. 12 Abs. 3 DSGVO: Die Frist für die Antwort beträgt 1 Monat ab Eingang.",
			"Der letzte Tag ist der 22. Dezember 2026."},
			"Geht es um die Adresse, mit der Sie sich im Mai zu unserem Webinar angemeldet haben, oder um eine andere?",
			"Wir haben Ihr Profil und alle Werbedaten gelöscht.\nZwei Rechnungen aus dem Jahr 2024 bleiben, weil das Steuerrecht uns dazu verpflichtet.",
		},
	}[lang]
}

const confirmURL = site + "/requests/confirm/AAECAwQFBgcICQoLDA0ODw"

// about is a letter about a request for some kinds.
func about(template outbox.Template, kinds ...intake.Kind) mail.RequestLetter {
	return mail.RequestLetter{
		Template: template, FormURL: site + "/requests", StatusURL: statusURL, Kept: whole,
		Request: request.Request{ID: reference, Kinds: kinds, OnBehalfOf: intake.Self, ReceivedAt: received, Place: deadline.Jurisdiction{Country: "US", Region: "CA"}},
	}
}

func (w words) intake() []Sample {
	verify := func(id string, at time.Duration, kinds ...intake.Kind) mail.RequestLetter {
		l := about(requestmail.Verify, kinds...)
		l.Request.ID, l.Request.ReceivedAt, l.Confirm, l.StatusURL = id, received.Add(at), mail.Link{URL: confirmURL, Until: week}, ""
		return l
	}
	asked := verify(reference, 0, deadline.Access, deadline.Erasure)
	out := verify(reference, 0, deadline.Erasure, deadline.Objection)
	left := verify(reference, 3*time.Minute, deadline.Erasure)
	left.Request.Source = intake.FromUnsubscribe
	unsure := verify("PD-1F6K-3VGT-72MA-8CXN", 3*time.Minute)
	unsure.Request.KindsUnsure = true
	sold := about(requestmail.OptedOut, deadline.OptOutOfSale)
	sold.Request.ID, sold.Request.ReceivedAt = "PD-4T0X-1SBN-83QE-9JYD", received.Add(4*time.Minute)
	closed := about(requestmail.Expired, deadline.Access)
	closed.Request.ID, closed.Request.ReceivedAt, closed.Request.State = "PD-9B2H-6MZC-55WA-0PRK", received.AddDate(0, 0, -7), lifecycle.Expired
	objected, signal := about(requestmail.OptedOut, deadline.Objection), about(requestmail.OptedOut, deadline.OptOutOfSale)
	objected.StatusURL, signal.Request.GPC = "", true
	first := asked
	first.Request.ID = earlier
	unsureAlone := unsure
	unsureAlone.Request.ID = reference
	return append([]Sample{
		{"verify-request", asked}, {"verify-request-opted-out", out}, {"verify-request-unsubscribed", left}, {"verify-request-unsure", unsureAlone},
		{"verify-complaint", verify(reference, 0, deadline.Complaint)},
		{"requests-listed", mail.RequestsListed{first, left, unsure, sold, closed}},
		{"opted-out", objected}, {"opted-out-gpc", signal},
	}, w.acknowledged()...)
}

func (w words) acknowledged() []Sample {
	l := about(requestmail.Acknowledge, deadline.Access, deadline.Erasure)
	l.Due, l.Request.LinkedTo = mail.Due{At: due, Why: w.why}, earlier
	agent, appeal, known := l, l, l
	agent.Request.OnBehalfOf, agent.Request.LinkedTo = intake.Agent, ""
	agent.Request.Waiting = &waiting.Waiting{Cause: deadline.Identity, Proofs: []intake.Proof{intake.WrittenAuthority, intake.PersonsIdentity}}
	appeal.Request.AppealOf, appeal.Request.LinkedTo, appeal.Due.Why = earlier, "", nil
	known.Known, known.Request.LinkedTo, known.Request.Checked = true, "", []intake.Check{intake.CallBack, intake.Document}
	return []Sample{
		{"request-acknowledged", l}, {"request-acknowledged-agent", agent}, {"appeal-acknowledged", appeal}, {"request-acknowledged-known", known},
	}
}

// waiting is a letter that waits for its person, a month, and what follows then.
func waits(w waiting.Waiting, then string, kinds ...intake.Kind) mail.RequestLetter {
	l := about(requestmail.Waiting, kinds...)
	l.Request.Waiting, l.Wait = &w, waiting.Time{By: month.UTC(), Then: then}
	if then == waiting.RunsOn {
		l.Wait.End = (month + 15).UTC()
	}
	return l
}

func (w words) course() []Sample {
	both := []intake.Kind{deadline.Access, deadline.Erasure}
	extended, withdrawn := about(requestmail.Extended, both...), about(requestmail.Withdrawn, deadline.Access, deadline.OptOutOfSale)
	extended.Due, extended.Request.Extension = mail.Due{At: due.AddDate(0, 2, 0), Why: w.why}, &deadline.Grant{Reason: deadline.Complexity}
	expired, unanswered := about(requestmail.Expired, both...), about(requestmail.Expired, both...)
	expired.Kept, unanswered.Request.VerifiedAt = gone, received
	question := waiting.Waiting{Cause: deadline.Clarification, Question: w.question, ClockStands: true}
	runsOn := waiting.Waiting{Cause: deadline.Clarification, Question: w.question}
	proof := waiting.Waiting{Cause: deadline.Identity, ClockStands: true, Proofs: []intake.Proof{intake.ParentalAuthority, intake.ChildsIdentity}}
	fee := waiting.Waiting{Cause: deadline.Fee, Fee: &waiting.Fee{Amount: "12.50", Currency: "USD", Because: decision.RepeatedRequest}, Question: w.question, ClockStands: true}
	return []Sample{
		{"request-waiting-evidence", waits(proof, settings.Lapse, deadline.ChildErasure)},
		{"request-waiting-question", waits(question, settings.Resume, both...)},
		{"request-waiting-fee", waits(fee, "", both...)},
		{"request-waiting-open", waits(runsOn, waiting.RunsOn, both...)},
		{"request-extended", extended}, {"request-withdrawn", withdrawn},
		{"request-expired", expired}, {"request-expired-unanswered", unanswered},
	}
}

// answered is a letter with a decision, ten days after the request came.
func answered(place deadline.Jurisdiction, state lifecycle.State, answers ...decision.Answer) mail.RequestLetter {
	l := about(requestmail.Decision)
	for _, a := range answers {
		l.Request.Kinds = append(l.Request.Kinds, a.Kind)
	}
	l.Request.Place, l.Request.State = place, state
	l.Request.Decision = &decision.Decision{At: decided, Outcome: decision.Outcome(state), Answers: answers}
	return l
}

// system is what became of a task of another system.
func system(id string, task ledger.Task, state ledger.State, ground string) ledger.Entry {
	return ledger.Entry{System: id, Task: task, State: state, Required: id != "warehouse", Outcome: ledger.Outcome{Ground: ground}}
}

func granted(k intake.Kind) decision.Answer { return decision.Answer{Kind: k, Outcome: decision.Grant} }

func (w words) denied(o decision.Outcome, k intake.Kind, ground decision.Ground, clause string) decision.Answer {
	return decision.Answer{Kind: k, Outcome: o, Grounds: []decision.Given{{Ground: ground, Clause: clause}}, Explanation: w.explanation}
}

var (
	germany    = deadline.Jurisdiction{Country: "DE"}
	california = deadline.Jurisdiction{Country: "US", Region: "CA"}
	britain    = deadline.Jurisdiction{Country: "GB"}
	virginia   = deadline.Jurisdiction{Country: "US", Region: "VA"}
)

func (w words) answers() []Sample {
	export := mail.Link{URL: site + "/requests/export/AAECAwQFBgcICQoLDA0ODw", Until: fetched}
	done := answered(california, lifecycle.Fulfilled, granted(deadline.Access))
	erased := answered(california, lifecycle.Fulfilled, granted(deadline.Erasure))
	later := answered(california, lifecycle.Fulfilled, granted(deadline.Access), granted(deadline.Erasure))
	done.Export, later.Export = export, export
	erased.Request.EraseFrom, erased.Erased, erased.Kept.Until = decided, true, 0
	later.Request.EraseFrom, later.Request.ExportUntil, later.Kept.Until = fetched.End(time.UTC), fetched.End(time.UTC), fetched
	object := answered(germany, lifecycle.PartlyFulfilled, w.denied(decision.Refuse, deadline.Access, decision.Excessive, "Art. 12(5) GDPR"), granted(deadline.Erasure))
	object.Request.EraseFrom, object.Request.ObjectUntil, object.Kept.Until, object.Backup = month.End(time.UTC), month.End(time.UTC), month, month+31
	other := object
	other.Request.ObjectUntil = time.Time{}
	erased.Backup, later.Backup = month, month+5
	obliged := w.denied(decision.Partly, deadline.Erasure, decision.LegalObligation, "Cal. Civ. Code 1798.105(d)(8)")
	kept := w.denied(decision.Partly, deadline.Erasure, decision.LegalClaims, "Art. 17(3)(e) GDPR")
	held, since := answered(germany, lifecycle.PartlyFulfilled, kept), erased
	held.Request.EraseFrom, held.Request.HeldBack, held.Erased, held.Kept = decided, true, true, requestlog.Kept{}
	since.Held = true
	beside, longer := erased, later
	beside.Request.Delayed, beside.Kept, beside.Backup = true, requestlog.Kept{}, 0
	longer.Request.Delayed, longer.Kept, longer.Backup = true, requestlog.Kept{}, 0
	unlawful := w.denied(decision.Refuse, deadline.Erasure, decision.LegalObligation, "Art. 17(3)(b) GDPR")
	review, appeal := answered(germany, lifecycle.Refused, unlawful), answered(virginia, lifecycle.Refused, w.denied(decision.Refuse, deadline.Erasure, decision.LegalObligation, "Va. Code 59.1-582(A)(1)"))
	review.Request.AppealOf, appeal.Request.AppealOf = earlier, earlier
	refused := answered(germany, lifecycle.Refused, w.denied(decision.Refuse, deadline.Correction, decision.DisputedAccuracy, "Art. 16 GDPR"))
	refused.Request.Statement = "I do not agree."
	mixed := answered(germany, lifecycle.PartlyFulfilled, granted(deadline.Access), unlawful, w.denied(decision.Refuse, deadline.Objection, decision.CompellingGrounds, "Art. 21(1) GDPR"),
		w.denied(decision.Refuse, deadline.Restriction, decision.NoCase, "Art. 18(1) GDPR"))
	mixed.Export = export
	together := about(requestmail.Joined, deadline.Correction, deadline.Objection)
	together.Request.State, together.Request.LinkedTo, together.Request.DueAt = lifecycle.Joined, earlier, due
	elsewhere := together
	elsewhere.Request.LinkedTo = ""
	follows, again := erased, about(requestmail.Reopened, deadline.Access, deadline.Erasure)
	follows.Template, again.Due = requestmail.Erasing, mail.Due{At: due, Why: w.why}
	amended := about(requestmail.Amended, deadline.Access, deadline.Erasure)
	amended.Due, amended.Request.OnBehalfOf = mail.Due{At: due, Why: w.why}, intake.Parent
	amended.Before = request.Before{
		Changed: []string{"kinds", "name", "place", "on_behalf_of"}, DueAt: due.AddDate(0, 0, 15),
		Words: request.Words{Kinds: []intake.Kind{deadline.Access}, Place: germany, OnBehalfOf: intake.Self},
	}
	british := answered(britain, lifecycle.Refused, w.denied(decision.Refuse, deadline.Correction, decision.DisputedAccuracy, "Art. 16 UK GDPR"))
	complaint := answered(britain, lifecycle.Refused, w.denied(decision.Refuse, deadline.Complaint, decision.NotUpheld, ""))
	fault := answered(britain, lifecycle.PartlyFulfilled, w.denied(decision.Partly, deadline.Complaint, decision.NotUpheld, ""))
	carrying, carried := answered(germany, lifecycle.CarryingOut, granted(deadline.Erasure), granted(deadline.Correction)), erased
	carrying.Request.Decision.Outcome, carrying.Request.Outstanding, carrying.Request.EraseFrom, carrying.Erased, carrying.Kept = decision.Grant, 2, decided, true, requestlog.Kept{}
	carrying.Request.Tasks = []ledger.Entry{
		system("crm", ledger.Erasure, ledger.Due, ""), system("news", ledger.Erasure, ledger.NotFound, ""), system("crm", ledger.Correction, ledger.Told, ""), system("contracts", ledger.Correction, ledger.Done, ""),
	}
	carried.Template, carried.Request.Place = requestmail.CarriedOut, germany
	crm := system("crm", ledger.Erasure, ledger.Done, "")
	crm.Records = 14
	carried.Request.Tasks = []ledger.Entry{crm, system("news", ledger.Erasure, ledger.NotFound, ""), system("warehouse", ledger.Erasure, ledger.Failed, ledger.NoAnswer)}
	carriedPartly := carried
	carriedPartly.Request.State, carriedPartly.Request.EraseFrom, carriedPartly.Request.ObjectUntil, carriedPartly.Erased, carriedPartly.Kept.Until = lifecycle.PartlyFulfilled, month.End(time.UTC), month.End(time.UTC), false, month
	carriedPartly.Request.Tasks = append(carried.Request.Tasks[:2:2], system("contracts", ledger.Erasure, ledger.Exempt, w.explanation))
	parts := answered(germany, lifecycle.Fulfilled, granted(deadline.Access))
	parts.Export = export
	parts.Request.Tasks = []ledger.Entry{
		system("crm", ledger.Access, ledger.Done, ""), system("news", ledger.Access, ledger.NotFound, ""), system("contracts", ledger.Access, ledger.Done, ""),
		system("warehouse", ledger.Access, ledger.Exempt, ledger.CalledOff),
	}
	parts.Request.Files = []attachment.File{
		{For: attachment.Answer, State: attachment.Stored}, {For: attachment.Answer, State: attachment.Stored, System: "crm"}, {For: attachment.Answer, State: attachment.Stored, System: "crm"}, {For: attachment.Answer, State: attachment.Replaced, System: "contracts"},
	}
	partsPartly := parts
	partsPartly.Request.State, partsPartly.Request.Place, partsPartly.Request.ObjectUntil = lifecycle.PartlyFulfilled, virginia, month.End(time.UTC)
	partsPartly.Request.Files = parts.Request.Files[1:2]
	partsPartly.Request.Tasks = []ledger.Entry{system("crm", ledger.Access, ledger.Done, ""), system("contracts", ledger.Access, ledger.Exempt, "claims"), system("warehouse", ledger.Access, ledger.Failed, ledger.NoAnswer)}
	return []Sample{
		{"decision-access-parts", parts}, {"decision-access-part-missing", partsPartly},
		{"decision-carrying-out", carrying}, {"carried-out", carried}, {"carried-out-partly", carriedPartly},
		{"decision-refused-uk", british}, {"decision-complaint", complaint}, {"decision-complaint-partly", fault},
		{"decision-fulfilled", done}, {"decision-erased", erased}, {"decision-erased-later", later}, {"decision-erased-object", object}, {"decision-erased-other", other},
		{"decision-partly", answered(california, lifecycle.PartlyFulfilled, obliged)}, {"decision-refused", refused},
		{"decision-by-kind", mixed}, {"decision-erased-beside", beside}, {"decision-erased-longer", longer}, {"decision-held", held}, {"decision-held-since", since},
		{"decision-review", review}, {"decision-appeal", appeal}, {"erasing", follows}, {"request-reopened", again}, {"request-joined", together}, {"request-joined-elsewhere", elsewhere}, {"request-amended", amended},
	}
}
