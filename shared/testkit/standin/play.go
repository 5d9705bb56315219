package standin

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// recipientActs are what a recipient, or their mail system, may do with a mail that
// has arrived; the page has a button for each.
var recipientActs = map[string]struct {
	outcome outcome
	said    string
}{
	"complaint": {abuse, "Reported as spam. SES has put the recipient on its suppression list."},
	"bounce":    {hardBounce, "Bounced. SES has put the recipient on its suppression list."},
	"not-spam":  {notSpam, "Marked as not spam. SES has taken complaints of the recipient off its list."},
}

// playRecipient raises the event of an act and does to the list what SES does.
func (s *Server) playRecipient(w http.ResponseWriter, r *http.Request) {
	act, known := recipientActs[r.PathValue("act")]
	m, found := s.mail(r.PathValue("id"))
	if !known || !found {
		render(w, http.StatusNotFound, "gone.html", nil)
		return
	}
	s.mu.Lock()
	set := s.sets[m.ConfigurationSet]
	events := s.feedback(m, set, m.Recipients, act.outcome)
	s.mu.Unlock()
	s.changed()
	s.publish(events[len(events)-1:]) // the delivery was told when the mail arrived
	backToMail(w, r, act.said)
}

// pressUnsubscribe does what a mail client does when its unsubscribe button is
// pressed: one POST, no cookies, no redirect (RFC 8058).
func (s *Server) pressUnsubscribe(w http.ResponseWriter, r *http.Request) {
	m, found := s.mail(r.PathValue("id"))
	link := oneClick(m)
	if !found || link == "" {
		render(w, http.StatusNotFound, "gone.html", nil)
		return
	}
	backToMail(w, r, s.postOneClick(r, link))
}

func (s *Server) postOneClick(r *http.Request, link string) string {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, link, strings.NewReader(oneClickBody))
	if err != nil {
		return "The link is no web address."
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := *s.cfg.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return "The site did not answer."
	}
	defer res.Body.Close()
	words, _ := io.ReadAll(io.LimitReader(res.Body, 300))
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") {
		words = nil
	}
	return strings.TrimSpace(fmt.Sprintf("The site answered %s. %s", res.Status, words))
}

func backToMail(w http.ResponseWriter, r *http.Request, said string) {
	to := "/mailbox/" + url.PathEscape(r.PathValue("id")) + "?said=" + url.QueryEscape(said)
	http.Redirect(w, r, to, http.StatusSeeOther)
}
