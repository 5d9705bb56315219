package sample

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/requestmail"
)

func enters(string) []Sample {
	typed := deskpage.Typed{
		"address": {"zoe@example.com"}, "received_on": {"2026-11-25"}, "kinds": {"access", "opt_out_of_sale"}, "country": {"DE"}, "name": {"Zoë Brandt"},
		"details": {"Bitte alles seit 2019."}, "on_behalf_of": {"self"}, "language": {"de"},
	}
	wrong := deskpage.Typed{"address": {"zoe@"}, "received_on": {"2027-11-25"}, "on_behalf_of": {"self"}, "language": {"de"}, "country": {"DE"}, "region": {"US-CA"}}
	path := deskpage.PathEnter
	return []Sample{
		{Name: "enter-empty", Path: path, Screen: deskpage.Enter{Typed: deskpage.Typed{"received_on": {"2026-11-27"}, "on_behalf_of": {"self"}, "language": {"en"}}}},
		{Name: "enter-wrong", Path: path, Status: http.StatusUnprocessableEntity, Screen: deskpage.Enter{Typed: wrong, Faults: []deskpage.Fault{
			{Field: "address", Reason: "domain"}, {Field: "received_on", Reason: "future"}, {Field: "kinds", Reason: "missing"}, {Field: "country", Reason: "unknown"},
		}}},
		{Name: "enter-shown", Path: path, Screen: deskpage.Enter{
			Typed: typed, Shown: "5d41402abc4b2a76", DueAt: due, OptOuts: []optout.Scope{optout.Sale.Scope()}, Mails: []outbox.Template{requestmail.Verify},
			Why: []deadline.Part{{Key: "law.from", Values: []deadline.Value{{Name: "date", Date: time.Date(2026, time.November, 25, 0, 0, 0, 0, time.UTC)}}}},
			Earlier: []deskpage.Earlier{
				{Reference: "PD-2B4C-6D8E-0F1G-3H5J", Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Fulfilled, ReceivedAt: time.Date(2026, time.March, 3, 9, 0, 0, 0, time.UTC)},
			},
		}},
		{Name: "enter-opt-out", Path: path, Screen: deskpage.Enter{
			Typed: typed, Shown: "5d41402abc4b2a77", OptOuts: []optout.Scope{optout.Sale.Scope()}, Mails: []outbox.Template{requestmail.OptedOut},
		}},
	}
}
