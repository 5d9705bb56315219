package main

import (
	"net/http"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/rights"
	"privacydesk/shared/web"
)

type summary struct {
	Reference  string        `json:"reference"`
	Kinds      []rights.Kind `json:"kinds"`
	State      rights.State  `json:"state"`
	ReceivedAt time.Time     `json:"received_at"`
	DueAt      time.Time     `json:"due_at"`
	// WaitsUntil is how long the person has to answer while our clock stands
	// still: DueAt is then the earliest that it can come to be.
	WaitsUntil time.Time `json:"waits_until,omitzero"`
}

const (
	defaultHorizon = 45 * 24 * time.Hour
	maxListed      = 500 // of those that are verified, and of those that are not
)

// horizon is how far the list looks: what waits for its person is in it.
func (h *handler) horizon() time.Duration {
	most := defaultHorizon
	for _, w := range h.rights.Settings.Waiting {
		most = max(most, time.Duration(w.Days+2)*24*time.Hour)
	}
	return most
}

// list tells what is due by ?by= (RFC 3339), or within 45 days, what is next
// first: the end of the time to confirm, of the time to answer us, or ours;
// "more" says that there is more than is listed. Anybody can send requests
// that nobody confirms: however many, they hide none that somebody has.
func (h *handler) list(w http.ResponseWriter, r *http.Request) {
	by := h.now().Add(h.horizon())
	if text := r.URL.Query().Get("by"); text != "" {
		var err error
		if by, err = time.Parse(time.RFC3339, text); err != nil {
			refuse(w, r, fault.Field("by", "invalid", "by must be a time such as 2026-12-24T00:00:00Z"))
			return
		}
	}
	list, more, listed := []summary{}, false, map[bool]int{}
	for s, err := range rights.Soonest(r.Context(), h.agenda, by) {
		if err != nil {
			refuse(w, r, err)
			return
		}
		unverified := s.State == rights.Unverified
		if listed[unverified] == maxListed {
			more = true
			continue
		}
		listed[unverified]++
		item := summary{s.ID, s.Kinds, s.State, s.ReceivedAt.UTC(), s.DueAt.UTC(), time.Time{}}
		if !s.Watched.Equal(s.DueAt) {
			item.WaitsUntil = s.Watched.UTC()
		}
		list = append(list, item)
	}
	web.WriteJSON(w, http.StatusOK, map[string]any{"requests": list, "more": more})
}
