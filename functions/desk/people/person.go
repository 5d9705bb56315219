package people

import (
	"log/slog"
	"net/http"
	"slices"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/staff"
)

func (d *Door) personRoutes() []route {
	return []route{
		{"POST /desk/search", staff.SeeFile, d.search},
		{"GET /desk/people/{ref}", staff.SeeFile, d.showPerson},
		{"POST /desk/people/{ref}/optout", staff.Handle, d.optOut},
		{"POST /desk/people/{ref}/lift", staff.Handle, d.liftBounce},
	}
}

// search looks for what was typed: a reference leads to its file, an address to its person, a name to a list.
func (d *Door) search(v *visit) {
	typed, err := v.typed()
	var found casework.Found
	if err == nil {
		found, err = d.Cases.Search(v.r.Context(), typed.First("what"))
	}
	screen := deskpage.Found{Found: found, Today: civil.Of(d.Now(), d.Pages.Zone)}
	switch screen.Faults = deskpage.Faults(err, nil); {
	case len(screen.Faults) > 0:
		v.show(http.StatusUnprocessableEntity, screen)
	case err != nil:
		v.fail(err)
	case found.By == casework.ByReference && found.File != "":
		v.done(deskpage.FilePath(found.File))
	case found.By == casework.ByAddress:
		v.done(deskpage.PersonPath(found.Ref))
	default:
		v.show(http.StatusOK, screen)
	}
}

func (d *Door) showPerson(v *visit) {
	d.person(v, http.StatusOK, deskpage.Person{Stopped: v.r.URL.Query().Has("stopped"), Lifted: v.r.URL.Query().Has("lifted")})
}

// person shows what there is of a person.
func (d *Door) person(v *visit, status int, screen deskpage.Person) {
	found, err := d.Cases.Person(v.r.Context(), person.Ref(v.r.PathValue("ref")))
	if err != nil {
		v.fail(err)
		return
	}
	screen.Person, screen.Today, screen.Topics = found, civil.Of(d.Now(), d.Pages.Zone), d.Settings.Topics
	v.show(status, screen)
}

// optOut records what a person told somebody at the desk. The page knows the person by their reference, so the address
// must be theirs.
func (d *Door) optOut(v *visit) {
	typed, err := v.typed()
	var asked optout.Request
	if err == nil {
		asked, err = d.told(person.Ref(v.r.PathValue("ref")), typed)
	}
	if err == nil {
		asked.Officer = v.officer()
		_, err = d.OptOuts.Record(v.r.Context(), asked)
	}
	if err != nil {
		d.refusePerson(v, typed, err)
		return
	}
	slog.InfoContext(v.r.Context(), "opt-out recorded", "source", asked.Source, "optOuts", len(asked.Scopes))
	v.done(deskpage.PersonPath(person.Ref(v.r.PathValue("ref"))) + "?stopped")
}

// refusePerson shows the forms again with what was typed, and what is wrong.
func (d *Door) refusePerson(v *visit, typed deskpage.Typed, err error) {
	if faults, refused, ok := v.wrong(err); ok {
		d.person(v, fault.Status(err), deskpage.Person{Typed: typed, Faults: faults, Refused: refused})
	}
}

// told reads the form of an opt-out.
func (d *Door) told(ref person.Ref, typed deskpage.Typed) (asked optout.Request, err error) {
	asked = optout.Request{Source: optout.FromOfficer, Detail: typed.First("how")}
	for _, text := range typed["scopes"] {
		scope, err := optout.ParseScope(text)
		if err != nil {
			return asked, err
		}
		if _, known := d.Settings.Topic(scope.Topic()); scope.Topic() != "" && !known {
			return asked, fault.Field("scopes", "unknown", "there is no such topic")
		}
		asked.Scopes = append(asked.Scopes, scope)
	}
	switch {
	case len(asked.Scopes) == 0:
		return asked, fault.Field("scopes", "missing", "scopes must name at least one")
	case !slices.Contains(deskpage.Ways, asked.Detail):
		return asked, fault.Unknown("how", "way", deskpage.Ways...)
	}
	asked.Address, err = d.addressOf(ref, "address", typed)
	return asked, err
}

// addressOf reads the address of the person on the page.
func (d *Door) addressOf(ref person.Ref, field string, typed deskpage.Typed) (person.Address, error) {
	a, err := address(field, typed.First(field))
	if err == nil && d.Rights.Key.Ref(a) != ref {
		err = fault.Field(field, "other", field+" must be the address of the person")
	}
	return a, err
}

// liftBounce records that a mailbox works again.
func (d *Door) liftBounce(v *visit) {
	ref := person.Ref(v.r.PathValue("ref"))
	typed, err := v.typed()
	var reason string
	if err == nil {
		reason, err = text(typed, "reason")
	}
	var mailbox person.Address
	if err == nil {
		mailbox, err = d.addressOf(ref, "mailbox", typed)
	}
	if err == nil {
		seen, _ := time.Parse(civil.Stamp, typed.First("since")) // zero without it
		_, err = d.OptOuts.LiftBounce(v.r.Context(), mailbox, v.officer(), reason, seen)
	}
	if err != nil {
		d.refusePerson(v, typed, err)
		return
	}
	slog.InfoContext(v.r.Context(), "bounce lifted")
	v.done(deskpage.PersonPath(ref) + "?lifted")
}
