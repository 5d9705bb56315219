package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/stack"
)

// The screens beside the queue, behind the real roles: what the desk's role in template.yaml does not allow would show here.
func TestRoomsOfTheDesk(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	admin, officer, auditor := d.logIn(t, oidc.Admin), d.logIn(t, oidc.Officer), d.logIn(t, oidc.Auditor)
	see := func(v *visitor, path string, form url.Values, says ...string) (at string) {
		t.Helper()
		to, status, body := v.look(d.URL+path, form)
		for _, text := range says {
			if status != http.StatusOK || !strings.Contains(body, text) {
				t.Errorf("%s: %d, and not %q:\n%s", path, status, text, body)
			}
		}
		return to.Path
	}

	person := see(officer, "/desk/search", url.Values{"what": {"zoe@example.com"}}, "There is no choice on record")
	see(officer, person+"/optout", url.Values{"scopes": {"email", "phone"}, "how": {"telephone"}, "address": {"zoe@example.com"}}, "The opt-out is recorded", "Marketing calls")
	see(officer, "/desk/search", url.Values{"what": {"Zoe Ziegler"}}, "No open request has this name.")

	hold := see(admin, "/desk/holds", url.Values{"what": {"zoe@example.com"}, "reason": {"a suit"}}, "In force")
	see(officer, person, nil, "All records of one person")
	see(admin, "/desk/holds", nil, "All records of one person")
	see(admin, hold+"/lift", url.Values{"reason": {"the suit is over"}}, "It has ended, and keeps nothing any more.", "the suit is over")

	see(auditor, "/desk/disposal", nil, "What goes when")
	see(auditor, "/desk/disposal", url.Values{"address": {"zoe@example.com"}}, "No erasure of this person is on record")
	see(auditor, "/desk/activity", nil, "A legal hold was placed")
	see(officer, "/desk/day", nil, "Nothing is overdue.")
	see(officer, "/desk/health", nil, "No date has passed.", "Opt-outs passed on to the mail service")
	if _, _, body := officer.look(d.URL+"/desk/health", nil); strings.Contains(body, "The database did not answer") {
		t.Errorf("something cannot be read:\n%s", body)
	}
	see(auditor, "/desk/law?received=2026-11-22&kind=access&country=DE", nil, "The first date is 22 December 2026")
	see(auditor, "/desk/law/settings", nil, "Who may do what")
}
