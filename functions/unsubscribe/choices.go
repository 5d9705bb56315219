package main

import (
	"errors"
	"net/http"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
)

// giveChoices gives a system the part of the feed that its sealed address is for. What has changed since comes with
// a later part.
func (h *handler) giveChoices(w http.ResponseWriter, r *http.Request) {
	b, err := h.batch(r)
	switch {
	case errors.Is(err, link.ErrExpired):
		web.Refuse(w, fault.New(fault.Expired, "This address has expired."))
	case errors.Is(err, link.ErrDamaged):
		web.Refuse(w, fault.New(fault.Damaged, "This address is damaged or not complete."))
	case err != nil:
		h.Fail(w, r, err)
	default:
		web.WriteJSON(w, http.StatusOK, map[string]any{"system": b.System.ID, "changes": rowsOf(b.Changes)})
	}
}

func (h *handler) batch(r *http.Request) (feed.Batch, error) {
	claims, err := h.Ring.Open(link.Choices, r.PathValue("link"), h.Now())
	if err != nil {
		return feed.Batch{}, err
	}
	after, err1 := feed.ParsePosition(claims.After)
	to, err2 := feed.ParsePosition(claims.To)
	if err := errors.Join(err1, err2); err != nil {
		return feed.Batch{}, err
	}
	system, found := h.Desk.System(claims.System)
	if !found { // it is told nothing any more
		return feed.Batch{System: ledger.System{ID: claims.System}}, nil
	}
	return h.changes.Batch(r.Context(), system, after, to)
}
