package sample

import (
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/settings"
)

// systems are those that the organisation tells.
func systems() []settings.System {
	return []settings.System{
		{ID: "crm", Name: settings.Words{"en": "our customer database", "es": "nuestra base de datos de clientes", "de": "unsere Kundendatenbank"}, Owner: "crm@biosero.example", Told: []string{"erasure", "correction", "access"}, Way: "webhook", AnswerDays: 7, Required: true},
		{ID: "newsletter", Name: settings.Words{"en": "our newsletter service", "es": "nuestro servicio de boletines", "de": "unser Newsletter-Dienst"}, Owner: "marketing@biosero.example", Told: []string{"erasure", "opt_out", "opt_in"}, Way: "mailchimp", AnswerDays: 1, Required: true},
		{ID: "contracts", Name: settings.Words{"en": "our contract files", "es": "nuestros contratos", "de": "unsere Vertragsakten"}, Owner: "sales@biosero.example", Told: []string{"erasure", "restriction", "objection"}, Way: "task", AnswerDays: 10},
	}
}

// carryingOut is an answered request that waits for other systems, each as far as one can be.
func carryingOut() deskpage.File {
	s := confirmed(deadline.Erasure)
	q := &s.Request
	q.State = lifecycle.CarryingOut
	q.Decision = &decision.Decision{Outcome: decision.Grant, At: ago(3), By: Bruno, Answers: []decision.Answer{{Kind: deadline.Erasure, Outcome: decision.Grant}}}
	s.Systems = []ledger.Entry{
		{Request: reference, System: "crm", Task: ledger.Erasure, State: ledger.Done, Required: true, OpenedAt: ago(3), DueAt: ago(-4), ToldAt: ago(3), EndedAt: ago(2), Outcome: ledger.Outcome{Records: 3}},
		{Request: reference, System: "newsletter", Task: ledger.Erasure, State: ledger.Due, Required: true, OpenedAt: ago(3), DueAt: ago(2), TellAt: Now.Add(2 * time.Hour), Attempts: 4},
		{Request: reference, System: "contracts", Task: ledger.Erasure, State: ledger.Told, OpenedAt: ago(3), DueAt: ago(-7), ToldAt: ago(3), RemindedAt: ago(1)},
		{Request: reference, System: "contracts", Task: ledger.Objection, State: ledger.Exempt, OpenedAt: ago(3), DueAt: ago(-7), ToldAt: ago(3), EndedAt: ago(1), Outcome: ledger.Outcome{Ground: "Der Vertrag läuft bis 2031.", Why: "Kundennummer 4711"}},
		{Request: reference, System: "warehouse", Task: ledger.Erasure, State: ledger.Failed, OpenedAt: ago(3), DueAt: ago(-4), EndedAt: ago(0), Outcome: ledger.Outcome{Ground: ledger.Refuses, Why: "Anruf beim Betreiber"}, By: Anna},
	}
	return s.screen(
		casework.Act{Code: "system", Possible: true, Outcome: casework.Outcome{State: lifecycle.CarryingOut, Before: due, DueAt: due, Did: true}},
		casework.Act{Code: "tell", Possible: true, Outcome: casework.Outcome{State: lifecycle.CarryingOut, Before: due, DueAt: due, Did: true}},
	)
}
