package sample

import (
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/vendor"
)

// owners are what the owners of other systems are mailed.
func owners() []Sample {
	contracts := settings.System{ID: "contracts", Vendor: "salesforce", Required: true, Name: settings.Words{
		"en": "the contract files of our sales team", "es": "los contratos de nuestro equipo de ventas", "de": "die Vertragsakten unseres Vertriebs",
	}}
	crm := settings.System{ID: "crm", Name: settings.Words{"en": "Customer database", "es": "Base de datos de clientes", "de": "Kundendatenbank"}}
	task := func(s settings.System, of ledger.Task, reference string, days int, asked bool) mail.OwnerTask {
		steps, _ := vendor.Named("salesforce")
		return mail.OwnerTask{Vendor: map[string]*vendor.Vendor{"contracts": &steps}[s.ID], TaskURL: site + "/systems/AAECAwQFBgcICQoLDA0ODw", Now: decided, Notice: ledger.Notice{System: s, Task: of, Request: reference, DueAt: decided.Add(time.Duration(days) * 24 * time.Hour), Asked: asked}}
	}
	return []Sample{
		{"owner-task", task(contracts, ledger.Erasure, reference, 10, false)},
		{"owner-task-access", task(crm, ledger.Access, reference, 7, false)},
		{"owner-reminder", task(crm, ledger.Correction, reference, 2, true)},
		{"owner-reminder-late", task(contracts, ledger.Restriction, reference, -1, true)},
		{"owner-week", mail.OwnerWeek{More: 1, Tasks: []mail.OwnerTask{
			task(crm, ledger.Objection, earlier, -3, true), task(contracts, ledger.Erasure, reference, 4, true),
		}}},
	}
}
