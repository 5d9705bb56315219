package systems

import (
	_ "embed"
	"html/template"
	"net/http"
	"slices"
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Parse(pageHTML))

// Page shows what came, and lets a developer choose how the systems answer.
func (s *Server) Page(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		if chosen := Manner(r.FormValue("manner")); slices.Contains(Manners, chosen) {
			s.Behave(chosen)
		}
		s.put(r)
		http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
		return
	}
	calls := s.Calls()
	slices.Reverse(calls)
	manner, _ := s.now("")
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	_ = page.Execute(w, map[string]any{"Calls": calls, "Manner": manner, "Manners": Manners, "Products": s.Products})
}
