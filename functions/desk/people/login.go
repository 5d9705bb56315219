package people

import (
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/login"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
)

func (d *Door) loginRoutes() []route {
	return []route{
		{"GET " + deskpage.PathLogin, "", d.login},
		{"GET " + login.PathCallback, "", d.callback},
		{"POST /desk/logout", "", d.logout},
		{"GET " + login.PathLoggedOut, "", d.loggedOut},
		{"GET " + deskpage.PathLoggedIn, staff.SeeSelf, d.loggedIn},
		{"GET " + deskpage.PathMe, staff.SeeSelf, d.me},
		{"POST /desk/language", staff.SeeSelf, d.language},
		{"POST /desk/logout-everywhere", staff.SeeSelf, d.logoutEverywhere},
		{"POST /desk/end-sessions", staff.EndSessions, d.endSessions},
	}
}

// login sends the browser to the identity provider. Whoever is led here by another site is asked first, so that no
// other site can begin a session (ASVS 5.0, 7.6.2).
func (d *Door) login(v *visit) {
	q := v.r.URL.Query()
	to, again := login.Below(q.Get("to")), q.Has("again")
	if site := v.r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		v.show(http.StatusOK, deskpage.LoginOffered{Code: "login_offered", To: to, Again: again})
		return
	}
	v.w.Header().Set("Cache-Control", "no-store")
	if err := d.Login.Start(v.w, v.r, to, again); err != nil {
		v.loginFailed(err, to, again)
	}
}

// callback is where the provider sends the browser back to. The session is a new one, and ends the one that the
// browser had.
func (d *Door) callback(v *visit) {
	account, to, err := d.Login.Finish(v.w, v.r)
	if err != nil && account.ID == "" {
		v.loginFailed(err, to, false)
		return
	}
	session, refused := staff.SignIn(v.r.Context(), d.Sessions, account, d.Now())
	switch {
	case fault.Is(refused, fault.Forbidden):
		v.loginFailed(err, to, false)
	case refused != nil:
		v.fail(refused)
	default:
		v.begin(session, to)
	}
}

func (v *visit) begin(s staff.Session, to string) {
	if account, id, there := v.Login.Cookie(v.r); there {
		if err := v.Sessions.End(v.r.Context(), account, id); err != nil {
			logFailure(v.r, err)
		}
	}
	if err := v.Login.Keep(v.w, s.Account.ID, s.ID); err != nil {
		v.fail(err)
		return
	}
	slog.InfoContext(v.r.Context(), "signed in", "account", s.Account.ID, "role", s.Role)
	v.w.Header().Set("Cache-Control", "no-store")
	web.SeeOther(v.w, to)
}

// statuses are those of failures that are not the visitor's.
var statuses = map[login.Code]int{
	login.ProviderDown: http.StatusServiceUnavailable, login.Setup: http.StatusInternalServerError,
	login.Denied: http.StatusForbidden, login.NoRole: http.StatusForbidden,
}

func (v *visit) loginFailed(err error, to string, again bool) {
	code := login.CodeOf(err)
	status, known := statuses[code]
	if !known {
		status = http.StatusBadRequest
	}
	v.session = staff.Session{}
	v.show(status, deskpage.LoginFailed{Code: string(code), To: to, Again: again || code == login.StaleLogin})
}

// logout ends the browser's session, also where it has none any more.
func (d *Door) logout(v *visit) {
	if account, id, there := d.Login.Cookie(v.r); there {
		if err := d.Sessions.End(v.r.Context(), account, id); err != nil {
			v.fail(err)
			return
		}
	}
	v.left(false)
}

func (d *Door) logoutEverywhere(v *visit) {
	if err := d.Sessions.EndAll(v.r.Context(), v.session.Account.ID); err != nil {
		v.fail(err)
		return
	}
	v.left(true)
}

// left is shown and not led to: CSP keeps a form from leading to the provider, so the page links there.
func (v *visit) left(everywhere bool) {
	v.Login.Forget(v.w)
	slog.InfoContext(v.r.Context(), "signed out", "account", v.session.Account.ID, "everywhere", everywhere)
	v.session = staff.Session{}
	v.show(http.StatusOK, deskpage.LoggedOut{Everywhere: everywhere, Provider: v.Login.Leave(v.r.Context())})
}

// loggedOut is where the provider sends the browser after a logout there.
func (d *Door) loggedOut(v *visit) {
	if v.session.Account.ID != "" {
		web.SeeOther(v.w, deskpage.PathHome)
		return
	}
	v.show(http.StatusOK, deskpage.LoggedOut{})
}

func (d *Door) loggedIn(v *visit) { v.show(http.StatusOK, deskpage.LoggedIn{}) }
