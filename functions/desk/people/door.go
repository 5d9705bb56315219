package people

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/staff"
)

// Door is what the screens need.
type Door struct {
	Rights   *request.Service
	Cases    *casework.Desk
	Rules    *schedule.Schedule // of retention
	Sessions staff.Sessions
	Login    Login
	Pages    *deskpage.Desk
	Letter   Letter
	Attached Attached
	Files    *filing.Service
	Blocks   []settings.TextBlock // that an explanation can have
	BaseURL  string               // public, without a slash at the end
	Now      func() time.Time
	Rooms
}

// Login knows the identity provider, and the browser's session cookie.
type Login interface {
	// Start sends the browser to the provider. The error is a *login.Failure.
	Start(w http.ResponseWriter, r *http.Request, to string, again bool) error
	// Finish is who has signed in, and where they wanted to go. The error is a *login.Failure.
	Finish(http.ResponseWriter, *http.Request) (staff.Account, string, error)
	// Leave is where the session at the provider can be ended; "": nowhere.
	Leave(context.Context) string
	// Keep gives the browser the cookie of a session.
	Keep(w http.ResponseWriter, account, session string) error
	// Cookie reads which session the browser has, if any.
	Cookie(*http.Request) (account, session string, there bool)
	// Forget takes the cookie away.
	Forget(http.ResponseWriter)
}

// Routes serves everything below /desk. What another site sends is refused, a sibling subdomain's too.
func (d *Door) Routes() http.Handler { return d.serving(d.table()) }

func (d *Door) serving(table []route) http.Handler {
	patterns := deskpage.Assets()
	for _, r := range table {
		patterns[r.pattern] = d.enter(r)
	}
	same := http.NewCrossOriginProtection()
	// Behind a CDN, a request names another host than the pages have. What is no origin trusts nobody.
	_ = same.AddTrustedOrigin(d.BaseURL)
	same.SetDenyHandler(http.HandlerFunc(d.elsewhere))
	return same.Handler(web.Routes(patterns, d.notFound))
}

func (d *Door) elsewhere(w http.ResponseWriter, r *http.Request) {
	d.visit(w, r, staff.Session{}).message(http.StatusForbidden, deskpage.Message{Code: "elsewhere", Back: deskpage.PathHome})
}

func (d *Door) notFound(w http.ResponseWriter, r *http.Request) {
	d.visit(w, r, staff.Session{}).message(http.StatusNotFound, deskpage.Message{Code: "not_found", Back: deskpage.PathHome})
}

func logFailure(r *http.Request, err error) {
	slog.ErrorContext(r.Context(), "request failed", "error", err)
}
