package api

import (
	"net/http"

	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
)

// deed is an act on what another system must do.
func (a *act) deed(does ledger.Act) ledger.Deed {
	return ledger.Deed{Act: does, System: a.System, Task: a.Task, State: a.State, Outcome: ledger.Outcome{Records: a.Records, Ground: a.Ground, Why: a.Why}, By: a.Officer}
}

// settle is the operation of an act on what another system must do.
func settle(does ledger.Act) func(*request.Service, *http.Request, string, act) (request.Request, error) {
	return func(s *request.Service, r *http.Request, id string, a act) (request.Request, error) {
		return s.Ledger(r.Context(), id, a.deed(does))
	}
}
