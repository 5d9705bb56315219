package people

import (
	"context"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// trial is a store in which nothing is saved. It keeps the letters that an act would send.
type trial struct {
	request.Store
	letters []outbox.Letter
}

func (t *trial) Save(_ context.Context, s request.Step) error {
	t.letters = append(t.letters, s.Letters...)
	return nil
}

func (t *trial) Create(_ context.Context, c request.Creation) error {
	t.letters = append(t.letters, c.Letters...)
	return nil
}

// try carries an act out on a copy: what the request is then, and which letters go. Nothing is written.
func (d *Door) try(do func(*request.Service) (request.Request, error)) (request.Request, []outbox.Template, error) {
	dry := &trial{Store: d.Rights.Store}
	service := *d.Rights
	service.Store = dry
	q, err := do(&service)
	mails := []outbox.Template{}
	for _, l := range dry.letters {
		mails = append(mails, l.Template)
	}
	return q, mails, err
}

// course is what happens to the date between two states of a request.
func course(before, after *request.Request, mails []outbox.Template) *deskpage.Course {
	c := &deskpage.Course{State: after.State, Mails: mails}
	if !after.State.Closed() {
		c.DueAt = after.DueAt
	}
	if !before.State.Closed() && (before.State != lifecycle.Unverified || after.State == lifecycle.Unverified || after.State.Closed()) {
		c.Before = before.DueAt
	}
	if w := after.Waiting; w != nil {
		c.Until, c.Stands, c.Lapses = w.Until, w.ClockStands, !w.Resumes
	}
	return c
}
