package request

import (
	"context"
	"slices"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/requestmail"
)

// ownerMails are what the owner of a system is mailed.
var ownerMails = map[ledger.Act]outbox.Template{ledger.Taken: requestmail.OwnerTask, ledger.Reminded: requestmail.OwnerReminder}

// ownerTask reads what a letter to the owner of a system is about, a ledger.Notice. It
// is obsolete where the task has ended, or the owner was told anew.
func (s Letters) ownerTask(ctx context.Context, l outbox.Letter) (outbox.Subject, error) {
	f, err := s.Store.File(ctx, l.SubjectID)
	if err != nil {
		return outbox.Subject{}, err
	}
	of := outbox.Subject{Since: l.QueuedAt, Obsolete: true}
	i := slices.IndexFunc(f.Events, func(e audit.Entry) bool { return e.Seq == l.Seq })
	if i < 0 || f.Request.Reduced() {
		return of, nil
	}
	facts := f.Events[i].Facts
	e, err := ledger.Find(f.Systems, facts["system"], ledger.Task(facts["task"]))
	system := s.system(e.System)
	owner, invalid := person.Parse(system.Owner)
	if err != nil || invalid != nil || e.State != ledger.Told || e.ID() != facts["notice"] {
		return of, nil
	}
	of.To, of.Obsolete = owner, false
	of.About = ledger.Notice{ID: e.ID(), System: system, Task: e.Task, Request: e.Request, DueAt: e.DueAt, Asked: l.Template == requestmail.OwnerReminder}
	return of, nil
}
