package standin

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

type eventsView struct {
	Query  string
	Total  int
	Events []BusEvent
	Now    time.Time
}

// At is when it happened, by the sender's word.
func (e BusEvent) At() time.Time {
	at, _ := time.Parse(time.RFC3339, e.Time) // written by event
	return at
}

// Pretty is the detail with a line for each member.
func (e BusEvent) Pretty() string {
	var out bytes.Buffer
	if json.Indent(&out, e.Detail, "", "  ") != nil {
		return string(e.Detail)
	}
	return out.String()
}

func (e BusEvent) contains(query string) bool {
	return strings.Contains(strings.ToLower(e.Source+" "+e.DetailType+" "+string(e.Detail)), strings.ToLower(query))
}

// eventsPage shows what was put on the default bus: what other systems can learn.
func (s *Server) eventsPage(w http.ResponseWriter, r *http.Request) {
	view := eventsView{Query: r.FormValue("q"), Now: s.cfg.Now()}
	view.Events = s.busEvents(func(e BusEvent) bool {
		view.Total++
		return e.contains(view.Query)
	})
	view.Events = view.Events[:min(rowsShown, len(view.Events))]
	render(w, http.StatusOK, "events.html", view)
}

// eventsJSON is the bus for tests: newest first, as a rule would hand them on.
func (s *Server) eventsJSON(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.busEvents(func(BusEvent) bool { return true }))
}

// busEvents returns the events that keep accepts, newest first.
func (s *Server) busEvents(keep func(BusEvent) bool) []BusEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []BusEvent{}
	for i := len(s.st.BusEvents) - 1; i >= 0; i-- {
		if keep(s.st.BusEvents[i]) {
			out = append(out, s.st.BusEvents[i])
		}
	}
	return out
}
