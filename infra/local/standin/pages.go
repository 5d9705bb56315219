package standin

import "net/http"

func (s *Server) routePages(mux *http.ServeMux) {
	mux.HandleFunc("GET /mailbox.json", s.mailboxJSON)
	mux.HandleFunc("DELETE /mailbox", s.emptyMailbox)
}

// mailboxJSON is the mailbox for tests: newest first, ?to= picks a recipient.
func (s *Server) mailboxJSON(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, s.mails(func(m Mail) bool {
		to := r.URL.Query().Get("to")
		return to == "" || m.addressed(to)
	}))
}

// mails returns the mails that keep accepts, newest first.
func (s *Server) mails(keep func(Mail) bool) []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Mail{}
	for i := len(s.st.Mails) - 1; i >= 0; i-- {
		if keep(s.st.Mails[i]) {
			out = append(out, s.st.Mails[i])
		}
	}
	return out
}

func (s *Server) emptyMailbox(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	s.st.Mails = nil
	s.mu.Unlock()
	s.changed()
	w.WriteHeader(http.StatusNoContent)
}
