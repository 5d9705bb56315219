package people

import (
	"net/http"

	"golang.org/x/sync/errgroup"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/staff"
)

func (d *Door) dayRoutes() []route {
	return []route{{"GET /desk/day", staff.SeeQueue, d.day}}
}

// rowsOfDay is how many requests each list of the day names; the queue has the others.
const rowsOfDay = 15

// day is the digest as a screen, with what is assigned to who looks.
func (d *Door) day(v *visit) {
	var screen deskpage.Day
	var reads errgroup.Group
	for _, part := range []struct {
		view casework.View
		rows *[]casework.Row
	}{
		{casework.ViewOverdue, &screen.Overdue}, {casework.ViewWeek, &screen.Soon}, {casework.ViewToSign, &screen.ToSign}, {casework.ViewToPost, &screen.ToPost}, {casework.ViewReplies, &screen.Looks}, {casework.ViewMine, &screen.Mine},
	} {
		reads.Go(func() error {
			page, err := d.Cases.Queue(v.r.Context(), casework.Query{View: part.view, Officer: v.officer(), Size: rowsOfDay})
			if *part.rows = page.Rows; part.view == casework.ViewMine && page.Counts != nil {
				screen.Counts, screen.Today = *page.Counts, page.Today
			}
			return err
		})
	}
	if err := reads.Wait(); err != nil {
		v.fail(err)
		return
	}
	v.show(http.StatusOK, screen)
}
