package people

import (
	"context"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// try carries an act out on a copy of a file. Nothing is written.
func (v *visit) try(f *request.File, a act, typed deskpage.Typed) (casework.Outcome, error) {
	return v.trial(f).Act(v.r.Context(), func(ctx context.Context, s *request.Service) (request.Request, error) {
		return a.do(ctx, s, doing{id: f.Request.ID, officer: v.officer(), typed: typed})
	})
}

// trial tries acts on a file.
func (v *visit) trial(f *request.File) *casework.Trial {
	return (&casework.Desk{Requests: v.Rights}).Try(*f)
}

// course is what an act does to the date.
func course(f *request.File, o casework.Outcome) *deskpage.Course {
	c := deskpage.CourseOf(&f.Request, o)
	return &c
}

// dry is a store in which no request is taken in. It keeps the letters that would go.
type dry struct {
	request.Store
	mails []outbox.Template
}

func (d *dry) Create(_ context.Context, c request.Creation) error {
	for _, l := range c.Letters {
		d.mails = append(d.mails, l.Template)
	}
	return nil
}

// tryIn takes a request in on a copy: what it is then, and which letters go. Nothing is written.
func (v *visit) tryIn(in request.Intake) (request.Request, []outbox.Template, error) {
	store := &dry{Store: v.Rights.Store}
	service := *v.Rights
	service.Store = store
	q, err := service.Open(v.r.Context(), in)
	return q, store.mails, err
}
