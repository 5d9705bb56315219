package standin

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

type mailView struct {
	Mail
	View     string // html, text or headers
	Links    []string
	OneClick string // where the mail client's own button posts to; empty without one
	Said     string // what came of the last button
	Now      time.Time
}

func (s *Server) mailPage(w http.ResponseWriter, r *http.Request) {
	m, ok := s.mail(r.PathValue("id"))
	if !ok {
		render(w, http.StatusNotFound, "gone.html", nil)
		return
	}
	view := mailView{Mail: m, View: r.FormValue("view"), Said: r.FormValue("said"), Now: s.cfg.Now()}
	view.Links = unsubscribeLinks(m.Headers.Get("List-Unsubscribe"))
	view.OneClick = oneClick(m)
	if view.View == "" {
		view.View = firstView(m)
	}
	render(w, http.StatusOK, "mail.html", view)
}

func firstView(m Mail) string {
	if m.HTML == "" {
		return "text"
	}
	return "html"
}

func (s *Server) mail(id string) (Mail, bool) {
	found := s.mails(func(m Mail) bool { return m.ID == id })
	if len(found) == 0 {
		return Mail{}, false
	}
	return found[0], true
}

const mailCSP = "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline' http: https:; font-src http: https: data:; form-action http: https:; frame-ancestors 'self'"

var headTag = regexp.MustCompile(`(?i)<head[^>]*>`)

// mailHTML is the mail's own HTML at a URL of its own, for a frame in which nothing
// runs. Links open outside it.
func (s *Server) mailHTML(w http.ResponseWriter, r *http.Request) {
	m, ok := s.mail(r.PathValue("id"))
	if !ok {
		render(w, http.StatusNotFound, "gone.html", nil)
		return
	}
	const base = `<base target="_blank">`
	out := "<!doctype html>" + base + m.HTML
	if at := headTag.FindStringIndex(m.HTML); at != nil {
		out = m.HTML[:at[1]] + base + m.HTML[at[1]:]
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", mailCSP)
	w.Header().Set("Referrer-Policy", "no-referrer")
	io.WriteString(w, out)
}

// unsubscribeLinks takes the URIs out of a List-Unsubscribe field (RFC 2369).
func unsubscribeLinks(field string) []string {
	var out []string
	for part := range strings.SplitSeq(field, ",") {
		part = strings.TrimSpace(part)
		if link, ok := strings.CutPrefix(part, "<"); ok {
			out = append(out, strings.TrimSuffix(link, ">"))
		}
	}
	return out
}

// writeURL is where a mailto link leads on this machine: the form of package
// inbound, filled in; "" for any other link (RFC 6068).
func writeURL(link string, from []string) string {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "mailto" {
		return ""
	}
	query := url.Values{"to": {u.Opaque}, "subject": {u.Query().Get("subject")}}
	if len(from) > 0 {
		query.Set("from", from[0])
	}
	return "/inbound?" + query.Encode()
}

const oneClickBody = "List-Unsubscribe=One-Click"

// oneClick is the URI that a mail client posts to (RFC 8058): both header fields
// are needed. Plain http passes here, for the site on this machine.
func oneClick(m Mail) string {
	if m.Headers.Get("List-Unsubscribe-Post") != oneClickBody {
		return ""
	}
	for _, link := range unsubscribeLinks(m.Headers.Get("List-Unsubscribe")) {
		if strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://") {
			return link
		}
	}
	return ""
}
