package sample

import (
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/staff"
)

func logins(string) []Sample {
	var all []Sample
	for _, code := range []string{
		"provider_down", "setup", "denied", "no_role", "no_cookie", "expired", "replay", "mix_up", "unknown_key", "wrong_nonce", "wrong_audience", "stale_login", "bad_token",
	} {
		all = append(all, Sample{Name: "login-" + code, Status: http.StatusForbidden, Role: Nobody, Screen: deskpage.LoginFailed{Code: code, To: "/desk/requests/PD-1", Again: code == "stale_login"}})
	}
	note := "They sent a copy of the identity card by post.\nIt arrived on Friday and was destroyed after I had looked at it."
	typed := deskpage.Typed{"seq": {"7"}, "note": {note}, "kinds": {"access", "erasure"}}
	return append(all,
		Sample{Name: "login-offered", Role: Nobody, Screen: deskpage.LoginOffered{Code: "login_offered", To: deskpage.PathHome}},
		Sample{Name: "login-in", Screen: deskpage.LoggedIn{}},
		Sample{Name: "login-out", Role: Nobody, Screen: deskpage.LoggedOut{Provider: "https://login.example/logout?client_id=desk"}},
		Sample{Name: "login-out-everywhere", Role: Nobody, Screen: deskpage.LoggedOut{Everywhere: true}},
		Sample{Name: "login-kept", Status: http.StatusUnauthorized, Role: Nobody, Screen: deskpage.Kept{
			Code: "login", Action: "/desk/requests/PD-1/act/note", Typed: typed, Words: []string{note},
		}},
		Sample{Name: "login-kept-again", Status: http.StatusUnauthorized, Screen: deskpage.Kept{
			Code: "login_again", Action: "/desk/requests/PD-1/act/erase", Typed: typed, Words: []string{note, "She asked twice."}, Again: true,
		}},
		Sample{Name: "me-officer", Path: deskpage.PathMe, Screen: me(staff.Officer)},
		Sample{Name: "me-admin", Path: deskpage.PathMe, Role: staff.Admin, Screen: admin(false)},
		Sample{Name: "me-admin-alone", Path: deskpage.PathMe, Role: staff.Admin, Screen: admin(true)},
		Sample{Name: "me-nameless", Path: deskpage.PathMe, Role: staff.Auditor, Screen: deskpage.Me{
			Role: staff.Auditor, EndsAt: Now.Add(30 * time.Minute), Sessions: []deskpage.MySession{{StartedAt: Now, SeenAt: Now, This: true}},
		}},
	)
}

func me(role staff.Role) deskpage.Me {
	return deskpage.Me{
		Name: "Anna Weber", Role: role, SignedInAt: Now.Add(-time.Hour), EndsAt: Now.Add(30 * time.Minute),
		Sessions: []deskpage.MySession{{StartedAt: Now.Add(-3 * time.Hour), SeenAt: Now.Add(-20 * time.Minute)}, {StartedAt: Now.Add(-time.Hour), SeenAt: Now, This: true}},
	}
}

func admin(ended bool) deskpage.Me {
	m := me(staff.Admin)
	if m.Ended = ended; !ended {
		m.Colleagues = []deskpage.Colleague{
			{Account: "91ab73c2e8d0", Name: "Bruno Díaz", Role: staff.Officer, SeenAt: Now.Add(-10 * time.Minute)}, {Account: "c07f2b9d1e44", Role: staff.Viewer, SeenAt: Now},
		}
	}
	return m
}
