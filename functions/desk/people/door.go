package people

import (
	"log/slog"
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
)

// Door is what the screens need.
type Door struct {
	Rights   *request.Service
	Sessions staff.Sessions
	Login    Login
	Pages    *deskpage.Desk
	BaseURL  string // public, without a slash at the end
	Now      func() time.Time
}

// Login knows the browser's session cookie.
type Login interface {
	// Cookie reads which session the browser has, if any.
	Cookie(*http.Request) (account, session string, there bool)
}

// Routes serves everything below /desk.
func (d *Door) Routes() http.Handler {
	patterns := deskpage.Assets()
	for _, r := range d.table() {
		patterns[r.pattern] = d.enter(r)
	}
	return http.NewCrossOriginProtection().Handler(web.Routes(patterns, d.notFound))
}

func (d *Door) notFound(w http.ResponseWriter, r *http.Request) {
	d.visit(w, r, staff.Session{}).message(http.StatusNotFound, deskpage.Message{Code: "not_found", Back: deskpage.PathHome})
}

func logFailure(r *http.Request, err error) {
	slog.ErrorContext(r.Context(), "request failed", "error", err)
}
