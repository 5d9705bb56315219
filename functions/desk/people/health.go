package people

import (
	"net/http"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/staff"
)

func (d *Door) healthRoutes() []route {
	return []route{{"GET /desk/health", staff.SeeHealth, d.health}}
}

// health says how the desk itself is doing. What cannot be read is said on the screen, and why in the log.
func (d *Door) health(v *visit) {
	lines, errs := d.Health.Check(v.r.Context())
	for _, err := range errs {
		logFailure(v.r, err)
	}
	v.show(http.StatusOK, deskpage.Health{Lines: lines})
}
