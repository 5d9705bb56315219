package deskpage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/staff"
)

// Desk is what all screens of one deployment have in common.
type Desk struct {
	Organisation settings.Organisation
	Zone         *time.Location // of the days that screens name
	Systems      []settings.System
	Stylesheet   string // address of the public pages' stylesheet, and of their icon
	Icon         string
}

// Visit is who looks at a screen, and how.
type Visit struct {
	Account staff.Account // none: nobody is signed in
	Texts   *catalog.Texts
	Path    string // of the screen, to mark it in the navigation
	Now     time.Time
}

// Screen is one of this package's structs. Its exported fields are what its JSON says.
type Screen interface {
	view(d *Desk, v Visit) view
}

// A view is what a screen shows.
type view struct {
	shape  *shape
	title  string // h1 and the window's title: it must hold nothing personal
	body   any    // what the shape's template shows
	failed bool   // a form that has to be corrected: the window's title says so
	to     string // another origin, to which its form goes
	plain  bool   // without the navigation: nobody is signed in
}

// Show answers with a screen, as JSON where asJSON says so. HEAD gets the headers alone. When rendering
// fails, nothing of the screen is sent: the answer is a bare 500, and the error is returned for the log.
func (d *Desk) Show(w http.ResponseWriter, r *http.Request, status int, v Visit, s Screen, asJSON bool) error {
	document, to, err := d.render(v, s, asJSON)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return err
	}
	h := w.Header()
	setHeaders(h, v.Texts, to)
	if asJSON {
		h.Set("Content-Type", "application/json")
	}
	h.Set("Content-Length", strconv.Itoa(len(document)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = w.Write(document)
	return err
}

// Render gives the whole document, for previews and tests.
func (d *Desk) Render(v Visit, s Screen) ([]byte, error) {
	document, _, err := d.render(v, s, false)
	return document, err
}

func (d *Desk) render(v Visit, s Screen, asJSON bool) (document []byte, to string, err error) {
	if asJSON {
		document, err = json.Marshal(s)
		return document, "", err
	}
	shown := s.view(d, v)
	var out bytes.Buffer
	if err := shown.shape.template().Execute(&out, d.frame(v, shown)); err != nil {
		return nil, "", fmt.Errorf("render screen %s: %w", shown.shape.name, err)
	}
	return out.Bytes(), shown.to, nil
}

// setHeaders lets a screen load our stylesheets and script and send our forms, one of them to another origin, and nothing
// else; nothing keeps it.
func setHeaders(h http.Header, t *catalog.Texts, to string) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", t.Lang())
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action "+strings.TrimSpace("'self' "+to)+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept, Accept-Language, Cookie")
}
