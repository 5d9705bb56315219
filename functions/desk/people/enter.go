package people

import (
	"log/slog"
	"net/http"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
)

func (d *Door) enterRoutes() []route {
	return []route{
		{"GET /desk/enter", staff.Handle, d.enterForm},
		{"POST /desk/enter", staff.Handle, d.enterRequest},
	}
}

func (d *Door) enterForm(v *visit) {
	v.show(http.StatusOK, deskpage.Enter{Typed: deskpage.Typed{
		"received_on": {v.today()}, "on_behalf_of": {string(intake.Self)}, "language": {v.texts.Lang()},
	}})
}

// today is the organisation's day, as a date field has it.
func (v *visit) today() string { return v.Now().In(v.Rights.Law.Zone()).Format(time.DateOnly) }

// enterRequest shows what follows from what was typed, and saves it once that was shown.
func (d *Door) enterRequest(v *visit) {
	typed, err := v.typed()
	if err != nil {
		v.fail(err)
		return
	}
	screen := deskpage.Enter{Typed: typed}
	in, err := v.entered(typed)
	if err == nil {
		err = v.follow(&screen, in)
	}
	switch {
	case len(fault.FieldsOf(err)) > 0:
		screen.Faults = deskpage.Faults(err, map[string]string{"kind": "kinds"})
		v.show(fault.Status(err), screen)
	case err != nil:
		v.fail(err)
	case typed.First("shown") != screen.Shown:
		v.show(http.StatusOK, screen)
	default:
		v.takeIn(in)
	}
}

func (v *visit) takeIn(in request.Intake) {
	q, err := v.Rights.Open(v.r.Context(), in)
	if err != nil {
		v.fail(err)
		return
	}
	slog.InfoContext(v.r.Context(), "request entered", "request", q.ID, "state", q.State, "optOuts", len(intake.OptOutsOf(q.Kinds)))
	v.done(deskpage.FilePath(q.ID))
}

// follow finds out what a request brings about, without taking it in.
func (v *visit) follow(screen *deskpage.Enter, in request.Intake) error {
	q, mails, err := v.tryIn(in)
	if err != nil {
		return err
	}
	screen.Checked, screen.Paper, screen.NoEmail = len(in.Checked) > 0, q.Paper, q.NoEmail
	screen.OptOuts, screen.Mails, screen.Shown = intake.Stopped(q.Kinds, !q.NoEmail), mails, digest(screen.Typed)
	if !q.State.Closed() {
		d, err := v.Rights.Due(q)
		if err != nil {
			return err
		}
		screen.DueAt, screen.Why = d.Due, d.Explain()
	}
	others, err := v.Rights.Store.OfPerson(v.r.Context(), q.Ref)
	for _, o := range others {
		screen.Earlier = append(screen.Earlier, deskpage.Earlier{Reference: o.ID, Kinds: o.Kinds, State: o.State, ReceivedAt: o.ReceivedAt})
	}
	slices.SortFunc(screen.Earlier, func(a, b deskpage.Earlier) int { return b.ReceivedAt.Compare(a.ReceivedAt) })
	return err
}

// entered reads the form; all that is wrong is told at once.
func (v *visit) entered(t deskpage.Typed) (request.Intake, error) {
	in := request.Intake{Kinds: codes[intake.Kind](t, "kinds"), Language: t.First("language"), Source: intake.FromOfficer, Officer: v.officer()}
	var wrong []fault.FieldError
	check := func(err error) { wrong = append(wrong, fault.FieldsOf(err)...) }
	var err error
	in.Contact, err = person.ReadContact(t.First("post"), t.First("telephone"))
	check(err)
	if t.First("address") != "" || in.Contact.IsZero() && err == nil {
		in.Address, err = web.Address("address", t.First("address"))
		check(err)
	}
	if in.Checked = codes[intake.Check](t, "checked"); !in.Contact.IsZero() {
		check(intake.CheckReach(in.Address, in.Contact, t.First("name")))
	}
	in.ReceivedAt, err = intake.Moment("received_on", t.First("received_on"), v.Rights.Law.Zone())
	check(err)
	if in.ReceivedAt.After(v.Now()) {
		check(fault.Field("received_on", "future", "received_on must not be in the future"))
	}
	if len(in.Kinds) == 0 {
		check(intake.NothingAsked("kinds"))
	}
	check(intake.CheckKinds(in.Kinds))
	in.Place, err = intake.Place(t.First("country"), t.First("region"))
	check(err)
	in.OnBehalfOf, err = intake.ParseBehalf(t.First("on_behalf_of"))
	check(err)
	name, details := t.First("name"), t.First("details")
	check(intake.Clean("name", &name, intake.MaxName))
	check(intake.Clean("details", &details, intake.MaxOfficerText))
	in.Name, in.Details = person.CleanText(name, intake.MaxName), details
	if !slices.Contains(catalog.Languages(), in.Language) {
		check(fault.Unknown("language", "language", catalog.Languages()...))
	}
	if len(wrong) > 0 {
		return in, &fault.Error{Code: fault.Invalid, Message: "The request cannot be entered.", Fields: wrong}
	}
	return in, nil
}
