package people

import (
	"net/http"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
)

// visit is one click of somebody.
type visit struct {
	*Door
	w       http.ResponseWriter
	r       *http.Request
	session staff.Session // none on a route that needs none
	texts   *catalog.Texts
}

// cookieLanguage holds the language that somebody chose for the desk.
const cookieLanguage = "__Host-desk-lang"

func (d *Door) visit(w http.ResponseWriter, r *http.Request, s staff.Session) *visit {
	chosen := ""
	if c, err := r.Cookie(cookieLanguage); err == nil {
		chosen = c.Value
	}
	return &visit{d, w, r, s, deskpage.Texts(catalog.Negotiate(chosen, r.Header.Get("Accept-Language")))}
}

// officer names who acts, for the records.
func (v *visit) officer() string { return v.session.Officer() }

// json reports whether the caller wants JSON and no page.
func (v *visit) json() bool { return web.Wanted(v.r) == web.JSON }

// show answers with a screen.
func (v *visit) show(status int, s deskpage.Screen) {
	looks := deskpage.Visit{Account: v.session.Account, Texts: v.texts, Path: v.r.URL.Path, Now: v.Now()}
	if err := v.Pages.Show(v.w, v.r, status, looks, s, v.json()); err != nil {
		logFailure(v.r, err)
	}
}

func (v *visit) message(status int, m deskpage.Message) { v.show(status, m) }

// done leads on to a screen after an act, so that loading it again sends nothing twice; JSON gets 200 and where.
func (v *visit) done(path string) {
	if v.json() {
		web.WriteJSON(v.w, http.StatusOK, map[string]string{"status": "done", "location": path})
		return
	}
	web.SeeOther(v.w, path)
}

// fail answers with what somebody at the desk may know of err, and logs the rest.
func (v *visit) fail(err error) {
	m := deskpage.Message{Code: "invalid", Why: deskpage.RefusalOf(err), Back: deskpage.PathHome}
	switch status := fault.Status(err); {
	case status >= 500:
		logFailure(v.r, err)
		m.Code = "failed"
	case status == http.StatusNotFound:
		m.Code = "not_found"
	case status == http.StatusConflict:
		m.Code = "conflict"
	}
	v.message(fault.Status(err), m)
}
