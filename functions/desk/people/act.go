package people

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"path"
	"slices"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
)

func (d *Door) actRoutes() []route {
	return []route{
		{"GET /desk/requests/{id}/act/{act}", staff.Handle, d.actForm},
		{"POST /desk/requests/{id}/act/{act}", staff.Handle, d.act},
		{"GET /desk/requests/{id}/act/erase", staff.Erase, d.actForm},
		{"POST /desk/requests/{id}/act/erase", staff.Erase, d.act},
		{"GET /desk/requests/{id}/act/system", staff.SetSystems, d.actForm},
		{"POST /desk/requests/{id}/act/system", staff.SetSystems, d.act},
		{"GET /desk/requests/{id}/act/tell", staff.SetSystems, d.actForm},
		{"POST /desk/requests/{id}/act/tell", staff.SetSystems, d.act},
		{"GET /desk/requests/{id}/act/file", staff.Attach, d.actForm},
		{"POST /desk/requests/{id}/act/file", staff.Attach, d.act},
		{"GET /desk/requests/{id}/act/replace", staff.Attach, d.actForm},
		{"POST /desk/requests/{id}/act/replace", staff.Attach, d.act},
		{"GET /desk/requests/{id}/act/remove", staff.Attach, d.actForm},
		{"POST /desk/requests/{id}/act/remove", staff.Attach, d.act},
	}
}

// doing is somebody's act: on which file, with what was typed.
type doing struct {
	id, officer string
	typed       deskpage.Typed
	files       *filing.Service // nil in a trial
	then        *string         // where an act leads on to, if not to the history
}

// act is one act on a file.
type act struct {
	of     []string // what the query's "of" must be one of; none: it may be missing
	do     func(ctx context.Context, s *request.Service, w doing) (request.Request, error)
	filled func(f *request.File) deskpage.Typed                        // what stands in the form at first
	tried  func(f *request.File, of string) deskpage.Typed             // with which the form foretells what the act does
	offers func(v *visit, f *request.File) []deskpage.Choice           // what can be chosen
	quiet  bool                                                        // it changes neither the date nor the state
	shows  func(f *request.File, o casework.Outcome) []deskpage.Change // what is shown before it is saved
}

func (a act) knows(of string) bool { return len(a.of) == 0 || slices.Contains(a.of, of) }

// opened is the file, the act and its name that a request is about. It has answered where ok is not set.
func (v *visit) opened() (f request.File, name string, a act, ok bool) {
	name = path.Base(v.r.URL.Path)
	a, known := acts[name]
	if !known {
		v.message(http.StatusNotFound, deskpage.Message{Code: "not_found", Back: deskpage.PathHome})
		return f, name, a, false
	}
	f, ok = v.fileOf()
	return f, name, a, ok
}

// actForm shows the form of an act, with what it would do.
func (d *Door) actForm(v *visit) {
	f, name, a, ok := v.opened()
	if !ok {
		return
	}
	of := v.r.URL.Query().Get("of")
	if !a.knows(of) {
		v.message(http.StatusNotFound, deskpage.Message{Code: "not_found", Back: deskpage.FilePath(f.Request.ID)})
		return
	}
	screen := v.screen(&f, name, of)
	screen.LoginFrom = v.loginFrom(name)
	if a.filled != nil {
		screen.Typed = a.filled(&f)
	}
	if a.tried != nil {
		screen.Course, screen.Refused = v.foretell(&f, a, a.tried(&f, of))
		if a.shows != nil || a.quiet {
			screen.Course = nil // it depends on what is typed, or nothing changes
		}
	}
	if a.offers != nil {
		v.offer(&screen, &f, a, of)
	}
	screen.Closed = screen.Refused != nil
	v.show(http.StatusOK, screen)
}

// screen is the form of an act, still empty.
func (v *visit) screen(f *request.File, name, of string) deskpage.Act {
	q := &f.Request
	return deskpage.Act{
		Reference: q.ID, Act: name, Of: of, Seq: q.Head.Seq, Kinds: q.Kinds, Unsure: q.KindsUnsure, Language: q.Language,
	}
}

// offer puts the choices into the form. An act that nothing can be chosen for is not possible.
func (v *visit) offer(screen *deskpage.Act, f *request.File, a act, of string) {
	screen.Choices = a.offers(v, f)
	if of == "" && len(screen.Choices) == 1 {
		of = screen.Choices[0].Value
	}
	if screen.Typed == nil && of != "" {
		screen.Typed = deskpage.Typed{"reason": {of}, "mail": {of}, "which": {of}, "letter": {of}, "file": {of}, "for": {of}}
	}
	switch {
	case len(screen.Choices) > 0:
		screen.Refused = nil
	case screen.Refused == nil:
		screen.Refused = deskpage.RefusalOf(fault.New(fault.Conflict, "there is nothing to choose").Because("no_choice"))
	}
	if slices.ContainsFunc(screen.Choices, func(c deskpage.Choice) bool {
		return screen.Course != nil && !c.DueAt.IsZero() && !c.DueAt.Equal(screen.Course.DueAt)
	}) {
		screen.Course = nil // each choice has a date of its own
	}
}

// foretell tries an act: what it does to the date, or why it is not possible.
func (v *visit) foretell(f *request.File, a act, typed deskpage.Typed) (*deskpage.Course, *deskpage.Refusal) {
	o, err := v.try(f, a, typed)
	switch {
	case err == nil && !o.Did:
		return nil, &deskpage.Refusal{Code: "done", Message: "it has been done"}
	case err == nil:
		return course(f, o), nil
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Expired), fault.Is(err, fault.Invalid):
		return nil, deskpage.RefusalOf(err)
	}
	logFailure(v.r, err)
	return nil, nil
}

// act carries out what a form asks for, unless a colleague was faster.
func (d *Door) act(v *visit) {
	f, name, a, ok := v.opened()
	if !ok {
		return
	}
	p, ok := v.posted(&f)
	if !ok {
		return
	}
	of := p.typed.First("of")
	screen := v.screen(&f, name, of)
	screen.Typed, screen.Since = p.typed, p.since
	if a.offers != nil {
		screen.Choices = a.offers(v, &f)
	}
	switch {
	case p.err != nil || !a.knows(of):
		v.refuse(screen, cmp.Or(p.err, error(fault.Unknown("of", "of", a.of...))))
	case len(screen.Since) > 0:
		v.show(http.StatusConflict, screen)
	case a.shows != nil && !v.shown(&screen, &f, a):
	default:
		v.carryOut(screen, a, p.service)
	}
}

// shown reports whether what is to be saved was shown before; else it shows it, or what is wrong with it.
func (v *visit) shown(screen *deskpage.Act, f *request.File, a act) bool {
	o, err := v.try(f, a, screen.Typed)
	if err != nil {
		v.refuse(*screen, err)
		return false
	}
	screen.Changes, screen.Course = a.shows(f, o), course(f, o)
	screen.Shown = digest(screen.Typed, screen.Changes...)
	if screen.Typed.First("shown") == screen.Shown {
		return true
	}
	v.show(http.StatusOK, *screen)
	return false
}

func (v *visit) carryOut(screen deskpage.Act, a act, s *request.Service) {
	then := ""
	q, err := a.do(v.r.Context(), s, doing{screen.Reference, v.officer(), screen.Typed, v.Files, &then})
	if err != nil {
		v.refuse(screen, err)
		return
	}
	slog.InfoContext(v.r.Context(), "officer acted", "request", q.ID, "act", screen.Act, "state", q.State)
	if q.Draft.ToSign() { // a fee, or an erasure, that a colleague must sign
		v.done(deskpage.LetterPath(q.ID))
		return
	}
	v.done(cmp.Or(then, deskpage.FilePath(q.ID)+"#history"))
}

// refuse shows the form again with what was typed, and what is wrong.
func (v *visit) refuse(screen deskpage.Act, err error) {
	var ok bool
	if screen.Faults, screen.Refused, ok = v.wrong(err); ok {
		v.show(fault.Status(err), screen)
	}
}

// loginFrom leads through a new login back to a form, where sending it will need a recent one.
func (v *visit) loginFrom(name string) string {
	right := staff.Handle
	switch name {
	case "erase":
		right = staff.Erase
	case "system", "tell":
		right = staff.SetSystems
	case "file", "replace", "remove":
		right = staff.Attach
	}
	return v.again(right)
}

// again is the way through a new login back to this screen, "" where none is needed for a right.
func (v *visit) again(right staff.Right) string {
	if _, again := v.session.MayNow(right, v.Now()); again {
		return deskpage.LoginPath(v.r.URL.RequestURI(), true)
	}
	return ""
}

// actor names the officer for acts that the person could do as well.
func (w doing) actor() string { return audit.AsOfficer(w.officer) }

// template is the letter that is to be mailed again.
func (w doing) template() outbox.Template {
	return outbox.Template(cmp.Or(w.typed.First("mail"), w.typed.First("of")))
}
