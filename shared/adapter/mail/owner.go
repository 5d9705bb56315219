package mail

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/vendor"
)

// OwnerTask asks the owner of a system for a task. It names the request by its reference, and nobody.
type OwnerTask struct {
	ledger.Notice
	Vendor  *vendor.Vendor // whose steps are told; nil: nobody's
	TaskURL string         // absolute, sealed
	Now     time.Time      // a reminder after the date says that it is over
}

func (m OwnerTask) letter(d Desk, t *catalog.Texts) letter {
	which := "first"
	switch {
	case m.Asked && m.Now.After(m.DueAt):
		which = "late"
	case m.Asked:
		which = "reminder"
	}
	date := t.Date(m.DueAt.In(d.Zone))
	parts := []part{
		{Text: t.Text("mail.greeting")}, {Text: t.Text("owner.mail.lead." + which)},
		taskFacts(d, t, m.Notice), {Text: word(t, "owner.why.", string(m.Task))},
		{Text: t.Text("owner.mail.whom")},
		{Button: &button{t.Text("owner.mail.button"), m.TaskURL, t.Text("mail.button.fallback")}},
		{Text: t.Text("owner.mail.forward")},
	}
	return letter{Subject: t.Text("owner.mail.subject."+which, "reference", m.Request, "date", date), Parts: append(parts, m.vendorParts(t)...)}
}

// taskFacts are a task without whom it is about.
func taskFacts(d Desk, t *catalog.Texts, n ledger.Notice) part {
	return part{Facts: append([]fact{
		{t.Text("fact.reference"), n.Request}, {t.Text("owner.fact.system"), n.System.Name.In(t.Lang())},
		{t.Text("owner.fact.task"), word(t, "owner.task.", string(n.Task))},
	}, d.on(t, t.Text("fact.due"), n.DueAt)...)}
}

// vendorParts are the vendor's steps for a task, with where and when they were read.
func (m OwnerTask) vendorParts(t *catalog.Texts) []part {
	if m.Vendor == nil {
		return nil
	}
	v := *m.Vendor
	parts := []part{{Heading: t.Text("owner.vendor", "vendor", v.Name)}, {Items: v.Steps(string(m.Task))}, {Items: v.Note}}
	parts = append(parts, part{Text: t.Text("owner.vendor.read", "date", t.Day(v.ReadOn()))})
	if t.Lang() != catalog.Default {
		parts = append(parts, part{Text: t.Text("owner.vendor.english")})
	}
	for _, p := range v.Pages {
		parts = append(parts, part{Link: &link{p.Title, p.URL}})
	}
	return parts
}

// OwnerWeek tells the owner of systems once a week of all tasks that are open.
type OwnerWeek struct {
	Tasks []OwnerTask // soonest first
	More  int         // that are not named
}

func (m OwnerWeek) letter(d Desk, t *catalog.Texts) letter {
	parts := []part{{Text: t.Text("mail.greeting")}, {Text: t.Text("owner.week.lead")}}
	for _, task := range m.Tasks {
		if task.Now.After(task.DueAt) {
			parts = append(parts, part{Heading: t.Plural("owner.week.late", 1+int(task.Now.Sub(task.DueAt)/(24*time.Hour)))})
		}
		parts = append(parts, taskFacts(d, t, task.Notice), part{Link: &link{t.Text("owner.mail.button"), task.TaskURL}})
	}
	if m.More > 0 {
		parts = append(parts, part{Text: t.Plural("owner.week.more", m.More)})
	}
	parts = append(parts, part{Text: t.Text("owner.mail.whom")}, part{Text: t.Text("owner.mail.forward")})
	return letter{Subject: t.Plural("owner.week.subject", len(m.Tasks)+m.More), Parts: parts}
}
