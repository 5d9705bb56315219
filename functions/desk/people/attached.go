package people

import (
	"context"
	"log/slog"
	"slices"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

// Attached gives out what files hold.
type Attached interface {
	// Address is where a browser may fetch a file for a moment. NotFound: what was
	// read is not there any more.
	Address(context.Context, attachment.File) (string, error)
	// Form is the form by which a browser puts a file there that is expected, and which leads it back.
	Form(f attachment.File, back string) (aws.Form, error)
}

// attached leads to a file of a request, which a browser stores and does not show.
// That it was taken out is an entry of the history.
func (d *Door) attached(v *visit) {
	f, err := d.Rights.Store.File(v.r.Context(), v.r.PathValue("id"))
	address := ""
	if err == nil {
		address, err = d.address(v, f.Files)
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

func (d *Door) address(v *visit, files []attachment.File) (string, error) {
	i := slices.IndexFunc(files, func(a attachment.File) bool { return a.ID == v.r.PathValue("file") })
	if i < 0 || !files[i].Held() {
		return "", fault.New(fault.NotFound, "There is no such file.")
	}
	return d.Attached.Address(v.r.Context(), files[i])
}
