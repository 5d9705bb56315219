package oidc

import (
	"embed"
	"html/template"
	"net/http"
)

//go:embed pages.html style.css
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages.html"))

func style(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "style.css") }

// showPersons shows a button a person; last is who may go on without one.
func (p *Provider) showPersons(w http.ResponseWriter, r *http.Request, last *login) {
	view := map[string]any{"Action": "/oauth/authorize?" + r.URL.RawQuery, "Persons": persons}
	if last != nil {
		view["Last"], view["At"] = last.person, last.at.Format("15:04 MST")
	}
	// A browser holds form-action against redirects too, and this form leads back to the desk.
	show(w, http.StatusOK, "persons", view, p.config.Callback)
}

func problem(w http.ResponseWriter, text string) { show(w, http.StatusBadRequest, "problem", text, "") }

func show(w http.ResponseWriter, status int, page string, view any, formsLeadTo string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' "+formsLeadTo+"; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_ = pages.ExecuteTemplate(w, page, view)
}

// logout ends the login at this browser (OpenID Connect RP-Initiated Logout 1.0).
func (p *Provider) logout(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("client_id") != p.config.ClientID || r.FormValue("post_logout_redirect_uri") != p.config.AfterLogout {
		problem(w, "This provider does not know the client_id, or the post_logout_redirect_uri is not exactly the one that is registered, "+p.config.AfterLogout+".")
		return
	}
	if cookie, err := r.Cookie(cookieName); err == nil {
		p.mu.Lock()
		delete(p.logins, cookie.Value)
		p.mu.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: cookiePath, MaxAge: -1})
	http.Redirect(w, r, p.config.AfterLogout, http.StatusSeeOther)
}
