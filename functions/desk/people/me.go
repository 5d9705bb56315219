package people

import (
	"log/slog"
	"net/http"
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
)

// me shows one's own account.
func (d *Door) me(v *visit) {
	sessions, err := v.Sessions.Of(v.r.Context(), v.session.Account.ID)
	if err != nil {
		v.fail(err)
		return
	}
	own := v.session
	screen := deskpage.Me{Name: own.Name, Role: own.Role, SignedInAt: own.SignedInAt, EndsAt: own.EndsAt()}
	for _, s := range sessions {
		screen.Sessions = append(screen.Sessions, deskpage.MySession{StartedAt: s.StartedAt, SeenAt: s.SeenAt, This: s.StartedAt.Equal(own.StartedAt)})
	}
	if own.Role.May(staff.EndSessions) {
		screen.Ended = v.r.URL.Query().Has("ended")
		if screen.Colleagues, err = v.colleagues(); err != nil {
			v.fail(err)
			return
		}
	}
	v.show(http.StatusOK, screen)
}

// colleagues are all others who are signed in, each once, by their last click.
func (v *visit) colleagues() ([]deskpage.Colleague, error) {
	sessions, err := v.Sessions.All(v.r.Context())
	slices.SortStableFunc(sessions, func(a, b staff.Session) int { return b.SeenAt.Compare(a.SeenAt) })
	var all []deskpage.Colleague
	for _, s := range sessions {
		known := func(c deskpage.Colleague) bool { return c.Account == s.Account.ID }
		if s.Account.ID != v.session.Account.ID && !slices.ContainsFunc(all, known) {
			all = append(all, deskpage.Colleague{Account: s.Account.ID, Name: s.Name, Role: s.Role, SeenAt: s.SeenAt})
		}
	}
	return all, err
}

// language keeps the language of the desk in the browser, for a year.
func (d *Door) language(v *visit) {
	typed, err := v.typed()
	if err != nil {
		v.fail(err)
		return
	}
	if lang := typed.First("language"); slices.Contains(catalog.Languages(), lang) {
		http.SetCookie(v.w, &http.Cookie{Name: cookieLanguage, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	v.done(deskpage.PathMe)
}

// endSessions ends all sessions of a colleague.
func (d *Door) endSessions(v *visit) {
	typed, err := v.typed()
	account := typed.First("account")
	var there []deskpage.Colleague
	if err == nil {
		there, err = v.colleagues()
	}
	if err == nil && !slices.ContainsFunc(there, func(c deskpage.Colleague) bool { return c.Account == account }) {
		err = fault.Field("account", "missing", "account must be that of a colleague who is signed in")
	}
	if err == nil {
		err = d.Sessions.EndAll(v.r.Context(), account)
	}
	if err != nil {
		v.fail(err)
		return
	}
	slog.InfoContext(v.r.Context(), "sessions ended by an administrator", "account", account, "by", v.session.Account.ID)
	v.done(deskpage.PathMe + "?ended=yes#colleagues")
}
