package people

import (
	"net/http"
	"testing"

	"privacydesk/shared/domain/staff"
)

// Whoever may not see the queue begins where they may look; whoever has no role is told so.
func TestWhereEachRoleBegins(t *testing.T) {
	for role, want := range map[staff.Role]string{staff.Auditor: "/desk/disposal", staff.Officer: "", staff.Viewer: "", staff.Admin: "", "owner": ""} {
		r := newRig(t, role)
		w := r.get("/desk")
		code := http.StatusOK
		switch {
		case want != "":
			code = http.StatusSeeOther
		case role == "owner":
			code = http.StatusForbidden
		}
		if w.Code != code || w.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q", role, w.Code, w.Header().Get("Location"))
		}
	}
}
