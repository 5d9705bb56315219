package main

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
)

// changeRow is one change of the feed: what holds now.
type changeRow struct {
	Address  string       `json:"address"`
	Scope    optout.Scope `json:"scope"`
	State    optout.State `json:"state"`
	Since    *time.Time   `json:"since,omitempty"`
	Until    *time.Time   `json:"until,omitempty"`
	Reason   string       `json:"reason,omitempty"`
	ErasedAt *time.Time   `json:"erased_at,omitempty"`
}

// giveChanges gives the feed out, page by page. The cursor is sealed: it names a
// record, and stands in URLs.
func (h *handler) giveChanges(w http.ResponseWriter, r *http.Request) {
	cursors := link.Box{Ring: h.Ring, Purpose: link.FeedCursor}
	after, err := openCursor(cursors, r.URL.Query().Get("after"))
	if err != nil {
		web.Refuse(w, err)
		return
	}
	page, err := h.changes.Page(r.Context(), after)
	next := ""
	if err == nil && !page.Next.IsZero() {
		next, err = cursors.Seal([]byte(page.Next.String()))
	}
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"changes": rowsOf(page.Changes), "after": next, "more": page.More})
}

func rowsOf(changes []feed.Change) []changeRow {
	rows := make([]changeRow, len(changes))
	for i, c := range changes {
		rows[i] = changeRow{c.Address.Reveal(), c.Scope, c.State, instant(c.Since), instant(c.Until), c.Reason, instant(c.ErasedAt)}
	}
	return rows
}

func openCursor(cursors link.Box, text string) (feed.Position, error) {
	if text == "" {
		return feed.Position{}, nil
	}
	plain, err := cursors.Open(text)
	if err != nil || len(plain) == 0 {
		return feed.Position{}, feed.ErrPosition
	}
	return feed.ParsePosition(string(plain))
}
