package sample

import (
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/civil"
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

	gone  = mail.Kept{Until: month}
	whole = mail.Kept{Until: civil.Of(decided, time.UTC).AddMonths(24), Log: civil.Of(decided, time.UTC).AddMonths(120)}
)

// words are what package law and an officer would say in the language of the mail.
type words struct {
	why                   []string
	question, explanation string
}

func in(lang string) words {
	return map[string]words{
		"en": {[]string{
			"Art. 12(3) GDPR: answer within 1 month of receipt.",
			"It ends with 22 December 2026 (America/Los_Angeles)."},
			"Is this about the address that you gave when you registered for our webinar in May, or about another one?",
			"We have deleted your profile and all marketing data.\nTwo invoices from 2024 remain, because tax law makes us keep them.",
		},
		"es": {[]string{
			"Art. 12(3) GDPR: responder en un plazo de 1 mes desde la recepción.",
			"El plazo termina al final del 22 de diciembre de 2026 (America/Los_Angeles)."},
			"¿Se refiere a la dirección que indicó al inscribirse en nuestro seminario web de mayo, o a otra?",
			"Hemos eliminado su perfil y todos los datos publicitarios.\nQuedan dos facturas de 2024, porque la ley fiscal nos obliga a conservarlas.",
		},
		"de": {[]string{
			"Art. 12(3) GDPR: Antwort innerhalb von 1 Monat ab Eingang.",
			"Die Frist endet mit dem 22. Dezember 2026 (America/Los_Angeles)."},
			"Geht es um die Adresse, mit der Sie sich im Mai zu unserem Webinar angemeldet haben, oder um eine andere?",
			"Wir haben Ihr Profil und alle Werbedaten gelöscht.\nZwei Rechnungen aus dem Jahr 2024 bleiben, weil das Steuerrecht uns dazu verpflichtet.",
		},
	}[lang]
}

func (w words) intake() []Sample {
	both := []string{"access", "erasure"}
	acknowledged := mail.RequestAcknowledged{
		Reference: reference, Kinds: both, OnBehalfOf: "self", ReceivedAt: received, Due: due, DueWhy: w.why,
		LinkedTo: earlier, StatusURL: statusURL,
	}
	agent, appeal, known := acknowledged, acknowledged, acknowledged
	agent.OnBehalfOf, agent.Evidence, agent.LinkedTo = "agent", []string{"written_authority", "persons_identity"}, ""
	appeal.AppealOf, appeal.LinkedTo = earlier, ""
	known.Known, known.LinkedTo = true, ""
	return []Sample{
		{"verify-request", mail.VerifyRequest{
			Reference: reference, Kinds: both, Link: site + "/requests/confirm/AAECAwQFBgcICQoLDA0ODw", Expires: week}},
		{"verify-request-opted-out", mail.VerifyRequest{
			Reference: reference, Kinds: []string{"erasure", "objection"}, OptedOut: []string{"email", "phone", "post", "sms"},
			Link: site + "/requests/confirm/AAECAwQFBgcICQoLDA0ODw", Expires: week}},
		{"verify-request-unsubscribed", mail.VerifyRequest{
			Reference: reference, Kinds: []string{"erasure"}, Unsubscribed: true,
			Link: site + "/requests/confirm/AAECAwQFBgcICQoLDA0ODw", Expires: week}},
		{"verify-request-unsure", mail.VerifyRequest{
			Reference: reference, Unsure: true, Link: site + "/requests/confirm/AAECAwQFBgcICQoLDA0ODw", Expires: week}},
		{"requests-listed", mail.RequestsListed{Requests: []mail.ListedRequest{
			{Reference: earlier, Kinds: both, ReceivedAt: received, ConfirmURL: site + "/requests/confirm/AAECAwQFBgcICQoLDA0ODw", Expires: week},
			{Reference: reference, Kinds: []string{"erasure"}, ReceivedAt: received.Add(3 * time.Minute), Unsubscribed: true,
				ConfirmURL: site + "/requests/confirm/AAECAwQFBgcICQoLDA0ODw", Expires: week},
			{Reference: "PD-1F6K-3VGT-72MA-8CXN", ReceivedAt: received.Add(3 * time.Minute), ConfirmURL: site + "/requests/confirm/AAECAwQFBgcICQoLDA0ODw", Expires: week},
			{Reference: "PD-4T0X-1SBN-83QE-9JYD", Kinds: []string{"opt_out_of_sale"}, ReceivedAt: received.Add(4 * time.Minute), OptedOut: []string{"sale"}, StatusURL: statusURL},
			{Reference: "PD-9B2H-6MZC-55WA-0PRK", Kinds: []string{"access"}, ReceivedAt: received.AddDate(0, 0, -7), Closed: true, StatusURL: statusURL}}}},
		{"request-acknowledged", acknowledged}, {"request-acknowledged-agent", agent}, {"appeal-acknowledged", appeal},
		{"request-acknowledged-known", known},
		{"opted-out", mail.OptedOutConfirmed{
			Reference: reference, Kinds: []string{"objection"}, OptedOut: []string{"email", "phone", "post", "sms"}, EffectiveAt: received}},
		{"opted-out-gpc", mail.OptedOutConfirmed{
			Reference: reference, Kinds: []string{"opt_out_of_sale"}, OptedOut: []string{"sale"}, EffectiveAt: received, GPC: true,
			Kept: whole, StatusURL: statusURL}},
	}
}

func (w words) course() []Sample {
	both := []string{"access", "erasure"}
	return []Sample{
		{"request-waiting-evidence", mail.RequestWaiting{
			Reference: reference, Kinds: []string{"child_erasure"}, Cause: "identity", ClockStopped: true,
			AnswerBy: mail.AnswerBy{At: month, Then: "lapse"},
			Evidence: []string{"parental_authority", "childs_identity"}, StatusURL: statusURL}},
		{"request-waiting-question", mail.RequestWaiting{
			Reference: reference, Kinds: both, Cause: "clarification", Question: w.question, ClockStopped: true,
			AnswerBy: mail.AnswerBy{At: month, Then: "resume"}, StatusURL: statusURL}},
		{"request-waiting-fee", mail.RequestWaiting{
			Reference: reference, Kinds: both, Cause: "fee", Fee: "12.50 USD", ClockStopped: true, StatusURL: statusURL}},
		{"request-waiting-open", mail.RequestWaiting{
			Reference: reference, Kinds: both, Cause: "clarification", Question: w.question,
			AnswerBy: mail.AnswerBy{At: month, Then: "open", End: month + 15}, StatusURL: statusURL}},
		{"request-extended", mail.RequestExtended{
			Reference: reference, Kinds: both, Reason: "complexity", Due: due.AddDate(0, 2, 0), DueWhy: w.why, StatusURL: statusURL}},
		{"request-withdrawn", mail.RequestWithdrawn{
			Reference: reference, Kinds: both, OptedOut: []string{"email", "sale"}, Kept: whole, StatusURL: statusURL}},
		{"request-expired", mail.RequestExpired{
			Reference: reference, Kinds: both, FormURL: site + "/requests", Kept: gone, StatusURL: statusURL}},
		{"request-expired-unanswered", mail.RequestExpired{
			Reference: reference, Kinds: both, Verified: true, FormURL: site + "/requests", Kept: whole, StatusURL: statusURL}},
	}
}

func (w words) answers() []Sample {
	done := mail.RequestDecision{
		Reference: reference, Kinds: []string{"access"}, ReceivedAt: received, DecidedAt: decided, Outcome: "fulfilled",
		ExportURL: site + "/requests/export/AAECAwQFBgcICQoLDA0ODw", ExportUntil: fetched, Kept: whole, StatusURL: statusURL,
	}
	erased, both := done, done
	erased.Kinds, erased.ExportURL, erased.ExportUntil = []string{"erasure"}, "", 0
	erased.Erases, erased.Kept.Until = true, 0
	both.Kinds, both.Erases, both.EraseFrom, both.Kept.Until = []string{"access", "erasure"}, true, fetched.End(time.UTC), fetched
	partly := mail.RequestDecision{
		Reference: reference, Kinds: []string{"erasure"}, ReceivedAt: received, DecidedAt: decided, Outcome: "partly_fulfilled",
		Grounds:     []mail.Ground{{Code: "legal_obligation", Clause: "Cal. Civ. Code 1798.105(d)(8)"}},
		Explanation: w.explanation, Authority: "us-ca", RestrictURL: site + "/requests?kind=restriction",
		Disputable: true, Appealable: true, Kept: whole, StatusURL: statusURL,
	}
	refused := partly
	refused.Outcome, refused.Kinds, refused.Explanation, refused.Authority = "refused", []string{"correction"}, "", "eu"
	refused.Grounds = []mail.Ground{{Code: "repeated", Clause: "Art. 12(5)(b) GDPR"}, {Code: "disputed_accuracy", Clause: "Art. 16, 18(1)(a) GDPR"}}
	refused.Disagreed, refused.Appealable = true, false
	appeal := partly
	appeal.AppealOf, appeal.Outcome, appeal.Appealable, appeal.RestrictURL = earlier, "refused", false, ""
	return []Sample{
		{"decision-fulfilled", done}, {"decision-erased", erased}, {"decision-erased-later", both}, {"decision-partly", partly}, {"decision-refused", refused}, {"decision-appeal", appeal},
	}
}
