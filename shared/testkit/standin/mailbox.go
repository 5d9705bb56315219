package standin

import (
	"net/http"
	"time"
)

type mailboxView struct {
	Query string
	Total int
	Mails []Mail
	Now   time.Time
}

const rowsShown = 200

func (s *Server) mailboxView(r *http.Request) mailboxView {
	view := mailboxView{Query: r.FormValue("q"), Now: s.cfg.Now()}
	view.Mails = s.mails(func(m Mail) bool {
		view.Total++
		return m.contains(view.Query)
	})
	view.Mails = view.Mails[:min(rowsShown, len(view.Mails))]
	return view
}

func (s *Server) mailboxPage(w http.ResponseWriter, r *http.Request) {
	render(w, http.StatusOK, "mailbox.html", s.mailboxView(r))
}

// mailboxRows is the changing part of the page; its script asks for it.
func (s *Server) mailboxRows(w http.ResponseWriter, r *http.Request) {
	render(w, http.StatusOK, "rows", s.mailboxView(r))
}

// Receive keeps a mail that was written to the desk, so that the mailbox shows
// both sides of a conversation.
func (s *Server) Receive(m Mail) {
	now := s.cfg.Now()
	m.ID, m.SentAt, m.Inbound = newMessageID(now), now, true
	s.mu.Lock()
	s.st.addMail(m)
	s.mu.Unlock()
	s.changed()
}

// mailboxJSON is what was sent, for tests: newest first, ?to= picks a recipient.
func (s *Server) mailboxJSON(w http.ResponseWriter, r *http.Request) {
	to := r.FormValue("to")
	writeJSON(w, http.StatusOK, s.mails(func(m Mail) bool { return !m.Inbound && (to == "" || m.addressed(to)) }))
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

func (s *Server) emptyMailbox(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.st.Mails = nil
	s.mu.Unlock()
	s.changed()
	if r.Method == http.MethodPost {
		http.Redirect(w, r, "/mailbox", http.StatusSeeOther)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
