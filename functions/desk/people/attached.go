package people

import (
	"context"
	"log/slog"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/lifecycle"
)

// Attached gives out what files hold.
type Attached interface {
	// Given is where a browser may fetch a file for a moment. NotFound: what was
	// read is not there any more.
	Given(context.Context, attachment.File) (string, error)
	// FormFor is the form by which a browser puts a file there that is expected, and which leads it back.
	FormFor(file, back string) (aws.Form, error)
}

// attached leads to a file of a request, which a browser stores and does not show.
// That it was taken out is an entry of the history.
func (d *Door) attached(v *visit) {
	f, err := d.Rights.Store.File(v.r.Context(), v.r.PathValue("id"))
	var a attachment.File
	if err == nil {
		a, err = filing.ToGive(f, v.r.PathValue("file"))
	}
	address := ""
	if err == nil {
		address, err = d.Attached.Given(v.r.Context(), a)
	}
	if err == nil {
		err = d.Rights.Looked(v.r.Context(), &f, v.officer(), lifecycle.EventFileFetched)
	}
	if err != nil {
		v.fail(err)
		return
	}
	slog.InfoContext(v.r.Context(), "file given out", "request", f.Request.ID)
	web.SeeOther(v.w, address)
}
