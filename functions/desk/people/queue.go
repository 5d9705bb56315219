package people

import (
	"net/http"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/staff"
)

func (d *Door) queueRoutes() []route {
	return []route{{"GET /desk", staff.SeeQueue, d.queue}}
}

// queue shows what is due.
func (d *Door) queue(v *visit) {
	v.message(http.StatusNotFound, deskpage.Message{Code: "not_found"})
}
