package people

import (
	"net/http"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/activity"
	"privacydesk/shared/domain/staff"
)

func (d *Door) activityRoutes() []route {
	return []route{{"GET /desk/activity", staff.SeeRegister, d.activity}}
}

// activity says who did what, and who looked. It shows nobody's address, and nobody's words.
func (d *Door) activity(v *visit) {
	only := activity.Only(v.r.URL.Query().Get("only"))
	if only != activity.Saw && only != activity.Did {
		only = ""
	}
	report, err := activity.Reader{Cases: d.Cases, Requests: d.Rights.Store, Holds: d.History}.Recent(v.r.Context(), only)
	if err != nil {
		v.fail(err)
		return
	}
	v.show(http.StatusOK, deskpage.Activity{Report: report, Only: only})
}
