package people

import (
	"net/http"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
)

// route is one line of the table.
type route struct {
	pattern string
	right   staff.Right // "": the route needs no session; see open
	serve   func(*visit)
}

// table is all routes but the assets.
func (d *Door) table() []route {
	var all []route
	for _, some := range [][]route{
		d.loginRoutes(), d.queueRoutes(), d.fileRoutes(), d.actRoutes(), d.answerRoutes(), d.bulkRoutes(), d.enterRoutes(),
		d.personRoutes(), d.holdRoutes(), d.disposalRoutes(), d.activityRoutes(), d.healthRoutes(), d.lawRoutes(), d.dayRoutes(),
	} {
		all = append(all, some...)
	}
	return all
}

// enter is the one way in: a live session, a role that has the right, and where the right asks for it a recent login.
// That a form came from a page of ours http.CrossOriginProtection has checked before.
func (d *Door) enter(to route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		session, err := d.session(r)
		v := d.visit(w, r, session)
		switch {
		case err != nil && !fault.Is(err, fault.NotFound):
			v.fail(err)
		case to.right == "":
			to.serve(v)
		case err != nil:
			v.loginFirst(to, false)
		default:
			d.admit(v, to)
		}
	}
}

func (d *Door) admit(v *visit, to route) {
	switch may, again := v.session.MayNow(to.right, d.Now()); {
	case again && v.r.Method == http.MethodPost:
		v.loginFirst(to, true)
	case !may && !again && to.pattern == "GET "+deskpage.PathHome && v.session.Role.May(staff.SeeSelf):
		web.SeeOther(v.w, deskpage.Home(v.session.Role)) // the first room is not everybody's
	case !may && !again:
		v.message(http.StatusForbidden, deskpage.Message{Code: "not_allowed", Back: deskpage.PathHome})
	default:
		to.serve(v)
	}
}

// session is the browser's. NotFound: it has none that is live.
func (d *Door) session(r *http.Request) (staff.Session, error) {
	account, id, there := d.Login.Cookie(r)
	if !there {
		return staff.Session{}, fault.New(fault.NotFound, "Nobody is signed in.")
	}
	return staff.Resume(r.Context(), d.Sessions, account, id, d.Now())
}
