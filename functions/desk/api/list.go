package api

import (
	"maps"
	"net/http"
	"net/url"
	"time"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

type summary struct {
	Reference  string          `json:"reference"`
	Kinds      []intake.Kind   `json:"kinds"`
	State      lifecycle.State `json:"state"`
	ReceivedAt time.Time       `json:"received_at"`
	DueAt      time.Time       `json:"due_at"`
	// WaitsUntil is how long the person has to answer while our clock stands
	// still: DueAt is then the earliest that it can come to be.
	WaitsUntil time.Time `json:"waits_until,omitzero"`
	Look       *look     `json:"look,omitempty"`
}

// look is why the officer must look at a request: see lifecycle.Look.
type look struct {
	Why   lifecycle.LookWhy `json:"why"`
	Since time.Time         `json:"since"`
}

func lookOf(l *lifecycle.Look) *look {
	if l == nil {
		return nil
	}
	return &look{l.Why, l.Since.UTC()}
}

const maxListed = 500 // on a page: of those that are verified, and of those that are not

// always is later than any date that a request can have.
var always = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// list tells what is not closed, by ?by= (RFC 3339) or all of it, what is next
// first: what the officer must look at since a mail came, closed or not; the
// end of the time to confirm, of the time to answer us, or ours.
// When "more" says that there is more, ?after= goes on where "next" says, with
// the same ?by=. Anybody can send requests that nobody confirms: however many,
// they hide none that somebody has.
func (h *Door) list(w http.ResponseWriter, r *http.Request) {
	by, since, err := asked(r.URL.Query())
	if err != nil {
		refuse(w, r, err)
		return
	}
	list, more, listed, end := []summary{}, false, map[bool]int{}, maps.Clone(since)
	page := rest{h.Agenda, since, map[string]lifecycle.Watch{}}
	for s, err := range agenda.Soonest(r.Context(), page, by) {
		if err != nil {
			refuse(w, r, err)
			return
		}
		unverified := s.State == lifecycle.Unverified
		if listed[unverified] == maxListed {
			more = true
			continue
		}
		listed[unverified]++
		end[page.found[s.ID]] = placeOf(s)
		list = append(list, summarised(s))
	}
	out := map[string]any{"requests": list, "more": more}
	if more {
		out["next"] = end.String()
	}
	web.WriteJSON(w, http.StatusOK, out)
}

func asked(query url.Values) (by time.Time, since places, err error) {
	by = always
	if text := query.Get("by"); text != "" {
		if by, err = time.Parse(time.RFC3339, text); err != nil {
			return by, since, fault.Field("by", "invalid", "by must be a time such as 2026-12-24T00:00:00Z")
		}
	}
	since, err = readPlaces(query.Get("after"))
	return by, since, err
}

func summarised(s request.Summary) summary {
	item := summary{Reference: s.ID, Kinds: append([]intake.Kind{}, s.Kinds...), State: s.State, ReceivedAt: s.ReceivedAt.UTC(), DueAt: s.DueAt.UTC(), Look: lookOf(s.Look)}
	if s.Look == nil && !s.Watched.Equal(s.DueAt) {
		item.WaitsUntil = s.Watched.UTC()
	}
	return item
}
