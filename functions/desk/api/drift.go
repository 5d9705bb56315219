package api

import (
	"context"
	"net/http"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/suppression"
)

// Drifts has the reports of the walks through SES's suppression list.
type Drifts interface {
	// Drifts returns the latest, newest first.
	Drifts(ctx context.Context, most int) ([]suppression.Drift, error)
}

// driftsShown is a month of daily walks.
const driftsShown = 31

// drift shows how far SES's list and the table have differed, and what was
// done about it. People are named by reference.
func (h *Door) drift(w http.ResponseWriter, r *http.Request) {
	found, err := h.Drifts.Drifts(r.Context(), driftsShown)
	if err != nil {
		refuse(w, r, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"drift": found})
}
