package people

import (
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
)

// me shows one's own account.
func (d *Door) me(v *visit) { v.showMe(http.StatusOK, v.r.URL.Query().Has("ended"), "") }

func (v *visit) showMe(status int, ended bool, wrong string) {
	sessions, err := v.Sessions.Of(v.r.Context(), v.session.Account.ID)
	if err != nil {
		v.fail(err)
		return
	}
	own := v.session
	screen := deskpage.Me{Name: own.Name, Role: own.Role, SignedInAt: own.SignedInAt, EndsAt: own.EndsAt(), Ended: ended, Fault: wrong}
	for _, s := range sessions {
		screen.Sessions = append(screen.Sessions, deskpage.MySession{StartedAt: s.StartedAt, SeenAt: s.SeenAt, This: s.StartedAt.Equal(own.StartedAt)})
	}
	v.show(status, screen)
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

// accountID is what AccountID of package login may make.
var accountID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// endSessions ends all sessions of a colleague, whose account is named as in the history.
func (d *Door) endSessions(v *visit) {
	typed, err := v.typed()
	if err != nil {
		v.fail(err)
		return
	}
	name := strings.TrimSpace(typed.First("officer"))
	account := name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case name == "":
		v.showMe(http.StatusUnprocessableEntity, false, "missing")
		return
	case !accountID.MatchString(account):
		v.showMe(http.StatusUnprocessableEntity, false, "invalid")
		return
	}
	if err := d.Sessions.EndAll(v.r.Context(), account); err != nil {
		v.fail(err)
		return
	}
	slog.InfoContext(v.r.Context(), "sessions ended by an administrator", "account", account, "by", v.session.Account.ID)
	if account == v.session.Account.ID {
		v.left(true)
		return
	}
	v.done(deskpage.PathMe + "?ended=yes#colleague")
}
