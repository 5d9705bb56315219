package main

import (
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/vendor"
)

// openFor is how long the link of a task can be used after its date, or from now on if that is over.
const openFor = 90 * 24 * time.Hour

// ownerTask writes to the owner of a system. No request is named to SES: what becomes of the mail says nothing about the
// person whose request it is.
func (m *mailer) ownerTask(n ledger.Notice) (written, error) {
	name := "owner_task"
	if n.Asked {
		name = "owner_reminder"
	}
	task, err := m.taskMail(n)
	return written{Mail: task, name: name, lang: m.desk.Requests.OfficerLanguage}, err
}

func (m *mailer) taskMail(n ledger.Notice) (mail.OwnerTask, error) {
	until := m.now()
	if n.DueAt.After(until) {
		until = n.DueAt
	}
	token, err := m.ring.Seal(link.Task, link.Claims{Request: n.Request, System: n.System.ID, Task: string(n.Task), Notice: n.ID, ExpiresAt: until.Add(openFor)})
	if err != nil {
		return mail.OwnerTask{}, fault.Wrap(fault.Internal, err, "seal the link of a task")
	}
	task := mail.OwnerTask{Notice: n, TaskURL: m.baseURL + "/systems/" + token, Now: m.now()}
	if v, known := vendor.Named(n.System.Vendor); known {
		task.Vendor = &v
	}
	return task, nil
}

// ownerWeek tells the owner of systems of all tasks that are open.
func (m *mailer) ownerWeek(w agenda.Week) (written, error) {
	week := mail.OwnerWeek{More: w.More}
	for _, n := range w.Tasks {
		task, err := m.taskMail(n)
		if err != nil {
			return written{}, err
		}
		week.Tasks = append(week.Tasks, task)
	}
	return written{Mail: week, name: "owner_week", lang: m.desk.Requests.OfficerLanguage}, nil
}
