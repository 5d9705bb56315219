package standin

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

type suppressionView struct {
	Query string
	Lists []suppressionRows
	Said  string
	Now   time.Time
}

type suppressionRows struct {
	Tenant  string
	Total   int
	Entries []entry
}

// suppressionPage shows the lists as the SES console would.
func (s *Server) suppressionPage(w http.ResponseWriter, r *http.Request) {
	view := suppressionView{Query: r.FormValue("q"), Said: r.FormValue("said"), Now: s.cfg.Now()}
	s.mu.Lock()
	s.settleImports(view.Now)
	s.st.list("")
	for _, tenant := range slices.Sorted(maps.Keys(s.st.Lists)) {
		view.Lists = append(view.Lists, s.st.Lists[tenant].rows(tenant, view.Query))
	}
	s.mu.Unlock()
	render(w, http.StatusOK, "suppression.html", view)
}

func (l *list) rows(tenant, query string) suppressionRows {
	query = strings.ToLower(query)
	found, _ := l.page("", rowsShown, func(e entry) bool { return strings.Contains(strings.ToLower(e.Address), query) })
	return suppressionRows{tenant, len(l.entries), found}
}

// suppressionAct is a colleague at work in the console: it changes the list behind
// everybody's back.
func (s *Server) suppressionAct(w http.ResponseWriter, r *http.Request) {
	address := strings.TrimSpace(r.FormValue("address"))
	reason, said := r.FormValue("reason"), ""
	s.mu.Lock()
	l, err := s.list(r.FormValue("tenant"))
	switch {
	case err != nil:
	case r.PathValue("act") == "remove":
		l.remove(address)
		said = "Removed."
	case r.PathValue("act") == "add":
		if err = errors.Join(checkAddress(address), oneOf("reason", reason, suppressionReasons...)); err == nil {
			l.put(entry{Address: address, Reason: reason, Updated: s.cfg.Now()})
			said = "Added."
		}
	}
	s.mu.Unlock()
	s.changed()
	if err != nil {
		said = "SES does not take that address."
	}
	http.Redirect(w, r, "/suppression?said="+url.QueryEscape(said), http.StatusSeeOther)
}
