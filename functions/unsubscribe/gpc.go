package main

import (
	"net/http"

	"privacydesk/shared/adapter/web"
)

// gpcSupport says that this site abides by Global Privacy Control, and when
// that was said first (https://www.w3.org/TR/gpc/, "GPC Support Resource").
// Package rights keeps it: there the signal is an opt-out of sale.
var gpcSupport = struct {
	GPC        bool   `json:"gpc"`
	LastUpdate string `json:"lastUpdate"`
}{true, "2026-11-28"}

// showGPC serves the GPC support resource. Anybody's script may read it.
func (h *handler) showGPC(w http.ResponseWriter, _ *http.Request) {
	web.AllowAnyOrigin(w)
	w.Header().Set("Cache-Control", "public, max-age=86400")
	web.WriteJSON(w, http.StatusOK, gpcSupport)
}
