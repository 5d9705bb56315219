package api

import (
	"log/slog"
	"net/http"
	"time"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// worksAgain says that a mailbox works again, after a bounce.
type worksAgain struct {
	Address string    `json:"address"`
	Reason  string    `json:"reason"`
	Officer string    `json:"officer"`
	Since   time.Time `json:"since"` // of the report that you have seen; a later one is not lifted
}

// liftBounce lifts a bounce, and tells what stops marketing there all the same.
func (h *Door) liftBounce(w http.ResponseWriter, r *http.Request) {
	var said worksAgain
	err := web.ReadJSON(r, &said)
	if err == nil {
		err = intake.Clean("reason", &said.Reason, intake.MaxOfficerText)
	}
	var mailbox person.Address
	if err == nil {
		mailbox, err = web.Address("address", said.Address)
	}
	if err == nil {
		said.Officer, err = h.who(r, said.Officer)
	}
	var still []optout.Scope
	if err == nil {
		still, err = h.OptOuts.LiftBounce(r.Context(), mailbox, said.Officer, said.Reason, said.Since)
	}
	if err != nil {
		refuse(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "bounce lifted")
	web.WriteJSON(w, http.StatusOK, map[string]any{"status": "lifted", "still_stopped_by": append([]optout.Scope{}, still...)})
}
