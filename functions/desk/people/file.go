package people

import (
	"errors"
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/staff"
)

func (d *Door) fileRoutes() []route {
	return []route{
		{"GET /desk/requests/{id}", staff.SeeFile, d.file},
		{"POST /desk/requests/{id}/reveal", staff.RevealAddr, d.reveal},
		{"GET /desk/requests/{id}/letters/{letter}", staff.RevealAddr, d.paper},
		{"GET /desk/requests/{id}/files/{file}", staff.RevealAddr, d.attached},
		{"GET /desk/requests/{id}/files/{file}/add", staff.Attach, d.upload},
	}
}

// file shows a request. Opening it is an entry of its history.
func (d *Door) file(v *visit) {
	f, err := d.Rights.Store.File(v.r.Context(), v.r.PathValue("id"))
	if err == nil && v.r.Method == http.MethodGet {
		err = d.Rights.Looked(v.r.Context(), &f, v.officer(), lifecycle.EventLooked)
	}
	var screen deskpage.File
	if err == nil {
		screen, err = v.fileScreen(f)
	}
	if err != nil {
		v.fail(err)
		return
	}
	v.show(http.StatusOK, screen)
}

// fileScreen reads what belongs to a file that was opened.
func (v *visit) fileScreen(f request.File) (s deskpage.File, err error) {
	q, now, ordered := &f.Request, v.Now(), f.Request
	if err := requestlog.Delay(v.r.Context(), v.Rights.Store, &ordered); err != nil {
		return s, err
	}
	s = deskpage.File{File: f, Today: civil.Of(now, v.Pages.Zone), Kept: requestlog.KeptOf(&ordered, v.Rules, v.Pages.Zone, now)}
	if s.Broken = broken(&f); s.Broken != nil {
		slog.ErrorContext(v.r.Context(), "history verification failed", "request", q.ID, "error", s.Broken)
	}
	var beside casework.Beside
	if beside, err = v.Cases.Beside(v.r.Context(), q); err != nil {
		return s, err
	}
	s.Row, s.Others = beside.Row, beside.Others
	if !q.Reduced() && v.Rights.Holds != nil {
		if s.Holds, err = v.Rights.Holds.KeptBack(v.r.Context(), q); err != nil {
			return s, err
		}
	}
	if !q.State.Closed() && q.State != lifecycle.Unverified {
		if s.Dates, err = v.Rights.Deadlines(*q); err != nil {
			return s, err
		}
	}
	if v.session.Role.May(staff.Handle) {
		if s.Acts, err = v.Cases.Acts(v.r.Context(), f, v.officer()); err != nil {
			return s, err
		}
	}
	if until := f.RevealedUntil(v.officer()); until.After(now) && v.session.Role.May(staff.RevealAddr) {
		s.Until = until
	}
	return s, nil
}

// broken says where a history is not what was written; nil: it is.
func broken(f *request.File) *audit.Broken {
	b, _ := errors.AsType[*audit.Broken](audit.Verify(f.Events, f.Request.Head))
	return b
}

// reveal shows the address for some minutes, which is an entry of the history.
func (d *Door) reveal(v *visit) {
	f, err := d.Rights.Store.File(v.r.Context(), v.r.PathValue("id"))
	if err == nil {
		err = d.Rights.Looked(v.r.Context(), &f, v.officer(), lifecycle.EventRevealed)
	}
	if err != nil {
		v.fail(err)
		return
	}
	slog.InfoContext(v.r.Context(), "address revealed", "request", f.Request.ID)
	v.done(deskpage.FilePath(f.Request.ID) + "#words")
}
