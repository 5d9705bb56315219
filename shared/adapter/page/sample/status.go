package sample

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
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

func status(lang, state string, history ...page.Happening) page.RequestStatus {
	return page.RequestStatus{
		Action: statusPath, Reference: reference, Address: masked, Kinds: []string{"access", "erasure"},
		OnBehalfOf: page.ValueSelf, Country: "US", Region: "CA", Name: "María López", ReceivedAt: received, State: state,
		Due: due, DueWhy: reasons(lang), MayWithdraw: true, Receipt: receipt,
		History: append([]page.Happening{
			{At: received, Event: "received"}, {At: received, Event: "verification_asked"},
			{At: received, Event: "mailed", Mail: "verify"}, {At: verified, Event: "noted"},
		}, history...),
	}
}

var happened = []page.Happening{{At: verified, Event: "verified"}, {At: verified, Event: "mailed", Mail: "acknowledge"}}

func statusPages(lang string) []Sample {
	unconfirmed := status(lang, "awaiting_verification")
	unconfirmed.Due, unconfirmed.DueWhy, unconfirmed.ConfirmBy = time.Time{}, nil, week
	unconfirmed.OptedOut, unconfirmed.Name, unconfirmed.Receipt = []string{"email", "sale"}, "", ""
	open := status(lang, "open", append(happened, page.Happening{At: verified.Add(sampleLength), Event: "extended"})...)
	open.Extended, open.LinkedTo, open.MailFailed, open.Details = true, earlier, true, "My old address.\nAnd my new one."
	samples := []Sample{
		{"request-status-unconfirmed", http.StatusOK, unconfirmed},
		{"request-status-open", http.StatusOK, open},
	}
	return append(append(samples, waitingPages(lang)...), answerPages(lang)...)
}

func waitingPages(lang string) []Sample {
	wait := func(w page.Waiting) page.RequestStatus {
		s := status(lang, "waiting_for_person", append(happened, page.Happening{At: verified.Add(sampleLength), Event: "asked"})...)
		s.Waiting = &w
		return s
	}
	return []Sample{
		{"request-status-evidence", http.StatusOK, wait(page.Waiting{
			Cause: "identity", Evidence: []string{"written_authority", "persons_identity"}, ClockStopped: true})},
		{"request-status-question", http.StatusOK, wait(page.Waiting{Cause: "clarification", Question: question[lang], ClockStopped: true, AnswerBy: month, Then: "resume"})},
		{"request-status-runs-on", http.StatusOK, wait(page.Waiting{Cause: "clarification", Question: question[lang],
			AnswerBy: month, Then: "open", End: month + 15})},
		{"request-status-fee", http.StatusOK, wait(page.Waiting{Cause: "fee", Fee: "12.50 USD", ClockStopped: true, AnswerBy: month, Then: "lapse"})},
	}
}

func answered(lang, outcome, authority string, grounds ...page.Ground) page.RequestStatus {
	at := verified.Add(sampleLength)
	s := status(lang, outcome, append(happened, page.Happening{At: at, Event: outcome}, page.Happening{At: at, Event: "mailed", Mail: "decision"})...)
	s.Due, s.DueWhy, s.MayWithdraw = time.Time{}, nil, false
	s.Decision = &page.Decision{At: at, Outcome: outcome, Grounds: grounds, Authority: authority}
	return s
}

func answerPages(lang string) []Sample {
	done := answered(lang, "fulfilled", "us-ca")
	done.Export = &page.Export{URL: exportPath, Until: fetched}
	partly := answered(lang, "partly_fulfilled", "us-ca", page.Ground{Code: "legal_obligation", Clause: "Cal. Civ. Code 1798.105(d)(8)"})
	partly.Decision.Explanation, partly.MayDisagree, partly.MayRestrict, partly.MayAppeal = explanation[lang], true, true, true
	refused := answered(lang, "refused", "eu", page.Ground{Code: "repeated", Clause: "Art. 12(5)(b) GDPR"}, page.Ground{Code: "disputed_accuracy"})
	refused.Country, refused.Region, refused.AppealOf = "DE", "", earlier
	refused.Statement = "I was never a customer of yours.\nPlease note it."
	mend := answered(lang, "refused", "other", page.Ground{Code: "no_data_found", Clause: "11 CCR 7024"})
	mend.MayDisagree, mend.MayAppeal, mend.Reasons = true, true, "x"
	mend.Errors = []fault.FieldError{{Field: page.FieldStatement, Reason: person.Missing}, {Field: page.FieldReasons, Reason: person.TooLong}}
	second := refused
	second.Refused = page.RefusedStatement
	withdrawn := status(lang, "withdrawn", page.Happening{At: verified, Event: "withdrawn"})
	withdrawn.Due, withdrawn.DueWhy, withdrawn.MayWithdraw, withdrawn.Receipt = time.Time{}, nil, false, ""
	expired := withdrawn
	expired.State = "expired"
	reduced := answered(lang, "refused", "eu", page.Ground{Code: "no_data_found", Clause: "Art. 15(1) GDPR"})
	reduced.DisposedAt = verified.AddDate(2, 1, 0)
	reduced.Address, reduced.Name, reduced.Country, reduced.Region = "", "", "DE", ""
	reduced.History = append(reduced.History, page.Happening{At: reduced.DisposedAt, Event: "reduced"})
	return []Sample{
		{"request-status-reduced", http.StatusOK, reduced},
		{"request-status-done", http.StatusOK, done}, {"request-status-partly", http.StatusOK, partly},
		{"request-status-conflict", http.StatusConflict, second},
		{"request-status-refused", http.StatusOK, refused}, {"request-status-mend", http.StatusUnprocessableEntity, mend},
		{"request-status-withdrawn", http.StatusOK, withdrawn}, {"request-status-expired", http.StatusOK, expired},
	}
}
