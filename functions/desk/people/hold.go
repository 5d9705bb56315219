package people

import (
	"cmp"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/staff"
)

func (d *Door) holdRoutes() []route {
	return []route{
		{"GET /desk/holds", staff.SeeQueue, d.listHolds},
		{"POST /desk/holds", staff.PlaceHold, d.placeHold},
		{"GET /desk/holds/{id}", staff.SeeQueue, d.showHold},
		{"POST /desk/holds/{id}/lift", staff.LiftHold, d.liftHold},
		{"POST /desk/holds/{id}/sign", staff.LiftHold, d.signLift},
		{"POST /desk/holds/{id}/keep", staff.PlaceHold, d.keepHold},
	}
}

func (d *Door) listHolds(v *visit) { d.holds(v, http.StatusOK, deskpage.Holds{}) }

// holds lists the holds, those in force first.
func (d *Door) holds(v *visit, status int, screen deskpage.Holds) {
	all, _, err := d.Holds.Store.AllHolds(v.r.Context())
	if err != nil {
		v.fail(err)
		return
	}
	slices.SortStableFunc(all, func(a, b disposal.Hold) int {
		if active := a.Active(v.Now()); active != b.Active(v.Now()) {
			return map[bool]int{true: -1, false: 1}[active]
		}
		return b.PlacedAt.Compare(a.PlacedAt)
	})
	screen.Holds, screen.Classes = append([]disposal.Hold{}, all...), disposal.Holdable()
	v.show(status, screen)
}

func (d *Door) placeHold(v *visit) {
	typed, err := v.typed()
	if err != nil {
		v.fail(err)
		return
	}
	hold, err := d.hold(v, typed)
	if err == nil {
		hold, err = d.Holds.Place(v.r.Context(), hold)
	}
	if err != nil {
		if faults, refused, ok := v.wrong(err); ok {
			d.holds(v, fault.Status(err), deskpage.Holds{Typed: typed, Faults: faults, Refused: refused})
		}
		return
	}
	slog.InfoContext(v.r.Context(), "hold placed", "hold", hold.ID, "of", hold.Subject())
	v.done(deskpage.PathHolds + "/" + hold.ID)
}

// hold reads what was typed: an address has an @, and a reference has none.
func (d *Door) hold(v *visit, typed deskpage.Typed) (hold disposal.Hold, err error) {
	hold = disposal.Hold{Class: schedule.Class(typed.First("class")), By: v.officer()}
	if hold.Reason, err = text(typed, "reason"); err != nil {
		return hold, err
	}
	if hold.Until, err = intake.Until("until", typed.First("until"), d.Pages.Zone); err != nil {
		return hold, err
	}
	what := strings.TrimSpace(typed.First("what"))
	if !strings.Contains(what, "@") {
		hold.Request = strings.ToUpper(what)
		return hold, nil
	}
	a, err := address("what", what)
	if err == nil {
		hold.Ref = d.Rights.Key.Ref(a)
	}
	return hold, err
}

func (d *Door) showHold(v *visit) {
	hold, err := d.Holds.Store.Hold(v.r.Context(), v.r.PathValue("id"))
	if err != nil {
		v.fail(err)
		return
	}
	v.show(http.StatusOK, deskpage.Hold{Hold: hold})
}

func (d *Door) liftHold(v *visit) {
	typed, err := v.typed()
	hold, found := d.Holds.Store.Hold(v.r.Context(), v.r.PathValue("id"))
	if err = cmp.Or(err, found); err != nil {
		v.fail(err)
		return
	}
	reason, err := text(typed, "reason")
	if err == nil {
		_, err = d.Holds.Lift(v.r.Context(), hold.ID, v.officer(), reason)
	}
	if err == nil {
		d.acted(v, "lift", nil)
	} else if faults, refused, ok := v.wrong(err); ok {
		v.show(fault.Status(err), deskpage.Hold{Hold: hold, Typed: typed, Faults: faults, Refused: refused})
	}
}

// signLift signs the lifting that was shown.
func (d *Door) signLift(v *visit) {
	typed, err := v.typed()
	var of time.Time
	if err == nil {
		if of, err = time.Parse(civil.Stamp, typed.First("of")); err != nil || of.IsZero() {
			err = fault.Field("of", "invalid", "of must be the time of the lifting that you have seen")
		}
	}
	if err == nil {
		_, err = d.Holds.SignLift(v.r.Context(), v.r.PathValue("id"), v.officer(), of)
	}
	d.acted(v, "sign", err)
}

// keepHold takes a lifting back that waits for a signature.
func (d *Door) keepHold(v *visit) {
	_, err := d.Holds.KeepOn(v.r.Context(), v.r.PathValue("id"), v.officer())
	d.acted(v, "keep", err)
}

func (d *Door) acted(v *visit, act string, err error) {
	if err != nil {
		v.fail(err)
		return
	}
	slog.InfoContext(v.r.Context(), "hold acted on", "hold", v.r.PathValue("id"), "act", act)
	v.done(deskpage.PathHolds + "/" + v.r.PathValue("id"))
}
