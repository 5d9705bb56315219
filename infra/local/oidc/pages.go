package oidc

import (
	"embed"
	"html/template"
	"net/http"
	"net/url"
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
	id, hint, to := r.FormValue("client_id"), r.FormValue("id_token_hint"), r.FormValue("post_logout_redirect_uri")
	switch {
	case id != "" && id != p.config.ClientID || hint != "" && !p.signed(hint):
		problem(w, "This provider does not know the client_id, or did not issue the id_token_hint.")
		return
	case to != "" && (to != p.config.AfterLogout || id == "" && hint == ""):
		problem(w, "The post_logout_redirect_uri is not exactly the one that is registered, "+p.config.AfterLogout+", or neither client_id nor id_token_hint came with it.")
		return
	}
	if cookie, err := r.Cookie(cookieName); err == nil {
		p.mu.Lock()
		delete(p.logins, cookie.Value)
		p.mu.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: cookiePath, MaxAge: -1})
	if to == "" {
		show(w, http.StatusOK, "loggedout", nil, "")
		return
	}
	if state := r.FormValue("state"); state != "" {
		to += "?" + url.Values{"state": {state}}.Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
