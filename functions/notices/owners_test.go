package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/testkit"
)

// tasked is an erasure of Marvin's that the owner of the contracts has to do, with their mail queued.
func (r *rig) tasked() string {
	r.t.Helper()
	testkit.WithSystems(r.desk)
	r.rights.Settings.Systems = r.desk.Systems
	q := r.opened(r.intake(germany, deadline.Erasure))
	r.ok(r.rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	r.run()
	r.deed(q.ID, ledger.Deed{Act: ledger.Taken, Ask: r.clock.AddDate(0, 0, 1)})
	return q.ID
}

func (r *rig) deed(id string, d ledger.Deed) {
	r.t.Helper()
	d.System, d.Task = "contracts", ledger.Erasure
	r.ok(r.rights.Ledger(context.Background(), id, d))
}

// ownersMail is the last mail, which must have gone to the owner.
func (r *rig) ownersMail(mails int) (subject, text string) {
	r.t.Helper()
	r.run()
	if len(r.post.mails) != mails || r.post.mails[mails-1].To.Reveal() != "sales@biosero.com" {
		r.t.Fatalf("%d mails", len(r.post.mails))
	}
	m := r.post.mails[mails-1]
	if said := m.Subject + m.Text + m.HTML; strings.Contains(said, marvin) || strings.Contains(said, "Marvin") || len(m.Tags) > 0 {
		r.t.Errorf("it names somebody: %v %s", m.Tags, m.Text)
	}
	return m.Subject, m.Text
}

func TestAnOwnersMailNamesTheRequestAlone(t *testing.T) {
	r := newRig(t)
	id := r.tasked()
	before := len(r.post.mails)
	subject, text := r.ownersMail(before + 1)
	if !strings.Contains(subject, id) || !strings.Contains(text, "Steps in Salesforce") || !strings.Contains(text, "28 November") {
		t.Errorf("%s\n%s", subject, text)
	}
	_, token, _ := strings.Cut(text, "https://privacy.example.com/systems/")
	token, _, _ = strings.Cut(token, "\n")
	e, err := ledger.Find(r.file(id).Systems, "contracts", ledger.Erasure)
	c, opens := r.ring.Open(link.Task, token, r.clock)
	if err != nil || opens != nil || c.Request != id || c.System != "contracts" || c.Task != "erasure" || c.Notice != e.ID() || !c.ExpiresAt.Equal(e.DueAt.AddDate(0, 0, 90)) || !c.Address.IsZero() {
		t.Errorf("%v, %v: %+v", err, opens, c)
	}
	for _, l := range r.file(id).Letters {
		if l.Template == "owner_task" && (l.State != "sent" || !strings.Contains(l.Text, "/systems/…") || strings.Contains(l.Text, token)) {
			t.Errorf("%+v", l)
		}
	}
	r.run()
	r.deed(id, ledger.Deed{Act: ledger.Reminded, Ask: r.clock.AddDate(0, 0, 1)})
	if subject, _ := r.ownersMail(before + 2); !strings.HasPrefix(subject, "Reminder: ") {
		t.Error(subject)
	}
	r.deed(id, ledger.Deed{Act: ledger.Reminded, Ask: r.clock.AddDate(0, 0, 1)})
	r.clock = e.DueAt.AddDate(0, 0, 1)
	if subject, _ := r.ownersMail(before + 3); !strings.HasPrefix(subject, "Overdue: ") {
		t.Error(subject)
	}
	r.deed(id, ledger.Deed{Act: ledger.Reminded, Ask: r.clock.AddDate(0, 0, 1)})
	r.deed(id, ledger.Deed{Act: ledger.Answered, State: ledger.NotFound})
	if r.run(); len(r.post.mails) != before+3 {
		t.Error("a reminder went although the answer had come")
	}
}

// The officers' language is that of the organisation's own people.
func TestAnOwnersMailIsInTheOfficersLanguage(t *testing.T) {
	for lang, want := range map[string]string{"en": "Privacy task", "es": "Tarea de privacidad", "de": "Datenschutz-Aufgabe"} {
		r := newRig(t)
		r.desk.Requests.OfficerLanguage = lang
		r.tasked()
		if subject, _ := r.ownersMail(len(r.post.mails) + 1); !strings.HasPrefix(subject, want) {
			t.Errorf("%s: %s", lang, subject)
		}
	}
}

func TestAnOwnersWeek(t *testing.T) {
	r := newRig(t)
	id := r.tasked()
	r.run()
	for template, owner := range agenda.Weekly(r.service, r.store, r.optOuts.Outbox) { // as main has it of its desk.yaml
		r.outbox.Kinds[template] = outbox.Kind{Owner: owner}
	}
	before := len(r.post.mails)
	clock := agenda.Clock{Service: r.service, Agenda: r.store, Letters: r.optOuts.Outbox, Tasks: r.store}
	for range 10 * 24 {
		r.clock = r.clock.Add(time.Hour)
		if _, err := clock.Run(background, func() bool { return false }); err != nil {
			t.Fatal(err)
		}
		if r.run(); len(r.post.mails) > before {
			break
		}
	}
	subject, text := r.ownersMail(before + 1)
	if subject != "Privacy tasks: 1 is open" || !strings.Contains(text, id) || !strings.Contains(text, "/systems/") {
		t.Errorf("%s\n%s", subject, text)
	}
}
