package main

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// sent is a request of Marvin's whose answer is on its way.
func (r *rig) sent(answers ...decision.Answer) request.Request {
	r.t.Helper()
	r.rights.Holds = r
	q := r.opened(r.intake(germany, deadline.Access, deadline.Erasure))
	r.run()
	r.ok(r.rights.SaveDraft(background, q.ID, "dpo/A", answers...))
	return r.ok(r.rights.Send(background, q.ID, "dpo/A", draft.Now))
}

// The letter that is shown before is the one that goes, word for word but for what
// opens something.
func TestThePreviewIsTheLetter(t *testing.T) {
	for name, answers := range map[string][]decision.Answer{
		"granted": {{Outcome: decision.Grant}},
		"refused": {{Outcome: decision.Refuse, Explanation: "Because of the planet.", Grounds: []decision.Given{{Ground: decision.Excessive}}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q := r.sent(answers...)
			r.clock = q.Draft.Way.SendAt.Add(-time.Second)
			plan, after, err := r.rights.Preview(background, q.ID, "dpo/A")
			if err != nil || !plan.Clean() {
				t.Fatalf("%+v, %v", plan, err)
			}
			w := r.mailer.writer()
			w.Links = mail.Placeholders{BaseURL: r.baseURL}
			shown, err := w.Preview(background, mail.Desk{Desk: r.desk, Zone: r.zone}, after, q.Language)
			if err != nil {
				t.Fatal(err)
			}
			other, err := w.Preview(background, mail.Desk{Desk: r.desk, Zone: r.zone}, after, "es")
			if err != nil || other.Lang != "es" || other.Subject == shown.Subject {
				t.Errorf("%q, %v", other.Subject, err)
			}
			r.run() // a second later
			f := r.file(q.ID)
			kept := f.Letters[len(f.Letters)-1]
			if f.Request.Decision == nil || kept.Subject != shown.Subject || kept.Text != shown.Text {
				t.Errorf("shown %q\n%s\nsent %q\n%s", shown.Subject, shown.Text, kept.Subject, kept.Text)
			}
			if strings.Contains(shown.Text+shown.HTML, "/requests/status/A") || !strings.Contains(shown.Text, "/requests/status/…") {
				t.Error("a link of the preview opens something")
			}
		})
	}
}

// What must not go does not, and the reason stands in the file.
func TestAHoldStopsAnAnswer(t *testing.T) {
	r := newRig(t)
	q := r.sent(decision.Answer{Outcome: decision.Grant})
	mails := len(r.post.mails)
	r.held = []request.KeptBack{{Hold: "H-3", Of: "person", Keeps: "erasure"}}
	r.clock = q.Draft.Way.SendAt
	r.run()
	f := r.file(q.ID).Request
	if len(r.post.mails) != mails || f.State != lifecycle.Open || f.Draft.Stopped == nil || f.Draft.Stopped.Facts["holds"] != "H-3" || f.Look == nil {
		t.Errorf("%d mails, %s, %+v", len(r.post.mails)-mails, f.State, f.Draft)
	}
	if states := r.states(q.ID); !strings.HasSuffix(states, "decision obsolete") {
		t.Error(states)
	}
}
