package portal

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// refuse answers a script in the language that it asked for. What IAM has let
// through is answered by web.Refuse, in English.
func (s *Site) refuse(w http.ResponseWriter, t *catalog.Texts, err error, p page.Problem) {
	if fields := fault.FieldsOf(err); len(fields) > 0 {
		s.Refused(w, t, fields)
		return
	}
	answer := fault.New(fault.CodeOf(err), "%s", p.Message(s.Pages, t))
	if fault.Is(err, fault.TooLarge) || fault.Is(err, fault.Unsupported) { // the hint names the limit, or what is allowed
		answer.Fields = []fault.FieldError{{Field: "body", Message: answer.Message, Hint: fault.Public(err)}}
	}
	web.Refuse(w, answer)
}

// Refused answers a script that fields of its form must be fixed.
func (s *Site) Refused(w http.ResponseWriter, t *catalog.Texts, fields []fault.FieldError) {
	message, told := page.Faults(t, fields)
	web.Refuse(w, &fault.Error{Code: fault.Invalid, Message: message, Fields: told})
}

// RedirectWarning tells a script that its redirect is not on the list, nothing
// for one that is.
func (s *Site) RedirectWarning(t *catalog.Texts, target string) []fault.FieldError {
	if target == "" || s.Desk.Forms.AllowsRedirect(target) {
		return nil
	}
	return []fault.FieldError{{Field: page.FieldRedirect, Message: t.Text("warn.redirect", "host", host(target))}}
}

// Misdirected reports whether a form asks for a redirect that is not on the
// list, and logs it: its builder sees our page and is told nothing. The target's
// host alone is named.
func (s *Site) Misdirected(r *http.Request, target string) bool {
	if target == "" || s.Desk.Forms.AllowsRedirect(target) {
		return false
	}
	slog.WarnContext(r.Context(), "form value ignored", "field", page.FieldRedirect, "host", host(target))
	return true
}

// host is that of a URL, "?" where there is none.
func host(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Hostname() == "" {
		return "?"
	}
	return person.CleanText(strings.ToLower(u.Hostname()), 64)
}
