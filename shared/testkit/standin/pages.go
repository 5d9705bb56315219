package standin

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"regexp"
	"strings"
	"time"
)

//go:embed pages
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"when": when, "linked": linked, "snippet": snippet, "write": writeURL, "join": strings.Join,
}).ParseFS(pageFiles, "pages/*.html"))

// routePages serves what people look at. A page on another site may not press the
// buttons: the browser says where a request comes from.
func (s *Server) routePages(mux *http.ServeMux) {
	guard := http.NewCrossOriginProtection()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /{$}":                       func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/mailbox", http.StatusFound) },
		"GET /mailbox":                   s.mailboxPage,
		"GET /mailbox.json":              s.mailboxJSON,
		"GET /mailbox/rows":              s.mailboxRows,
		"DELETE /mailbox":                s.emptyMailbox,
		"POST /mailbox/empty":            s.emptyMailbox,
		"GET /mailbox/{id}":              s.mailPage,
		"GET /mailbox/{id}/html":         s.mailHTML,
		"POST /mailbox/{id}/{act}":       s.playRecipient,
		"GET /events.json":               s.eventsJSON,
		"GET /suppression":               s.suppressionPage,
		"POST /suppression/{act}":        s.suppressionAct,
		"GET /standin/{file}":            servePageFile,
		"GET /favicon.ico":               func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"POST /mailbox/{id}/unsubscribe": s.pressUnsubscribe,
	} {
		mux.Handle(pattern, guard.Handler(handler))
	}
}

func servePageFile(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, pageFiles, "pages/"+r.PathValue("file"))
}

const pageCSP = "default-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"

// render writes a page, whole or not at all.
func render(w http.ResponseWriter, status int, name string, data any) {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, data); err != nil {
		http.Error(w, "The page could not be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Security-Policy", pageCSP)
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	out.WriteTo(w)
}

// when is a time as the reader of a list wants it; absolute, so that a page that
// has no news does not change.
func when(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return t.Format(time.TimeOnly)
	case t.Year() == now.Year(): // the room is the subject's
		return t.Format("2 Jan 15:04")
	}
	return t.Format("2 Jan 2006 15:04")
}

func snippet(m Mail) string {
	words := strings.Fields(m.Text)
	if len(words) > 24 {
		words = words[:24]
	}
	return strings.Join(words, " ")
}

var webAddress = regexp.MustCompile(`https?://[^\s<>"']+`)

// linked escapes text and makes its web addresses links.
func linked(text string) template.HTML {
	var out strings.Builder
	done := 0
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		link := strings.TrimRight(text[at[0]:at[1]], ".,;:!?)")
		out.WriteString(template.HTMLEscapeString(text[done:at[0]]))
		escaped := template.HTMLEscapeString(link)
		out.WriteString(`<a href="` + escaped + `" target="_blank" rel="noreferrer">` + escaped + `</a>`)
		done = at[0] + len(link)
	}
	out.WriteString(template.HTMLEscapeString(text[done:]))
	return template.HTML(out.String()) // every piece is escaped above
}
