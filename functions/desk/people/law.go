package people

import (
	"net/http"
	"strings"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/staff"
)

func (d *Door) lawRoutes() []route {
	return []route{
		{"GET /desk/law", staff.SeeHealth, d.law},
		{"GET /desk/law/settings", staff.SeeHealth, d.settings},
		{"GET /desk/law/{id}", staff.SeeHealth, d.regime},
	}
}

func (d *Door) settings(v *visit) { v.show(http.StatusOK, deskpage.Settings{Desk: d.Settings}) }

func (d *Door) regime(v *visit) {
	for _, r := range deadline.Default().Regimes {
		if r.ID == v.r.PathValue("id") {
			v.show(http.StatusOK, deskpage.Regime{Regime: r})
			return
		}
	}
	v.message(http.StatusNotFound, deskpage.Message{Code: "not_found", Back: deskpage.PathLaw})
}

// law shows the table, and computes a date where one is asked for.
func (d *Door) law(v *visit) {
	book := deadline.Default()
	screen, status := deskpage.Law{Version: book.Version}, http.StatusOK
	for _, r := range book.Regimes {
		screen.Laws = append(screen.Laws, deskpage.Regime{Regime: r})
	}
	if v.r.URL.RawQuery != "" {
		var err error
		if screen.Asked, screen.Dates, err = d.dates(v); err != nil {
			if screen.Faults = deskpage.Faults(err, nil); len(screen.Faults) == 0 {
				v.fail(err)
				return
			}
			status = http.StatusUnprocessableEntity
		}
	}
	v.show(status, screen)
}

// midday is when a request of a day is taken to have come.
const midday = 12 * time.Hour

func (d *Door) dates(v *visit) (asked deskpage.AskedDate, dates []deskpage.DueDate, err error) {
	q := v.r.URL.Query()
	asked = deskpage.AskedDate{Kind: deadline.Kind(q.Get("kind")), Country: q.Get("country"), Region: q.Get("region"), Appeal: q.Get("appeal") != ""}
	if asked.Received, err = intake.Day("received", q.Get("received")); err != nil {
		return asked, nil, err
	}
	if country, _, whole := strings.Cut(asked.Region, "-"); whole && asked.Country != "" && country != asked.Country {
		return asked, nil, fault.Field("region", "conflict", "the region is not in this country")
	}
	place, err := intake.Place(asked.Country, asked.Region)
	if err != nil {
		return asked, nil, err
	}
	asked.Country = place.Country
	all, err := d.Rights.Law.Deadlines(deadline.Case{
		Kinds: []deadline.Kind{asked.Kind}, Place: place, ReceivedAt: (asked.Received - 1).End(d.Pages.Zone).Add(midday), Appeal: asked.Appeal,
	})
	if err != nil {
		return asked, nil, fault.Field("kind", "unknown", "kind must be one that can be asked for")
	}
	for _, due := range all {
		why := due.Explain()
		dates = append(dates, deskpage.DueDate{
			Purpose: due.Purpose, Due: due.Due, Law: due.Law, Clause: due.Clause, Why: why, Because: deadline.Words(deadline.English, why),
		})
	}
	return asked, dates, nil
}
