package main

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// Every mail about a request: what causes it, and what it must hold.
var eachMail = map[string]struct {
	of     func(*rig) request.Request
	pieces []string
	links  map[string]link.Purpose
}{
	"verify": {
		func(r *rig) request.Request { return r.open(r.intake(germany, deadline.Access, deadline.OptOutOfSale)) },
		[]string{"29 November 2026"}, map[string]link.Purpose{"/requests/confirm/": link.Confirm},
	},
	"acknowledge": {
		func(r *rig) request.Request { return r.opened(r.intake(california, deadline.Access)) },
		[]string{"11 CCR 7021(b)", "7 January 2027"}, map[string]link.Purpose{"/requests/status/": link.Status},
	},
	"opted_out": {
		func(r *rig) request.Request { return r.open(r.intake(california, deadline.OptOutOfSale)) },
		[]string{"22 November 2026"}, map[string]link.Purpose{"/requests/status/": link.Status},
	},
	"waiting": {
		func(r *rig) request.Request {
			return r.ok(r.rights.Ask(background, r.opened(r.intake(germany, deadline.Access)).ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "Which <b>account</b>?"}))
		},
		[]string{"Which <b>account</b>?"}, map[string]link.Purpose{"/requests/status/": link.Status},
	},
	"extended": {
		func(r *rig) request.Request {
			return r.ok(r.rights.Extend(background, r.opened(r.intake(germany, deadline.Access)).ID, "dpo", deadline.Complexity, "Many files."))
		},
		[]string{"Many files.", "February 2027", "Art. 12(3) GDPR", "you were told on 22 November 2026"}, map[string]link.Purpose{"/requests/status/": link.Status},
	},
	"decision": {
		func(r *rig) request.Request {
			return r.ok(r.rights.Decide(background, r.opened(r.intake(germany, deadline.Access)).ID, "dpo", decision.Answer{Outcome: decision.Grant, Explanation: "Here:\n\nall of it."}))
		},
		[]string{"Here:", "all of it.", "27 November 2026"}, map[string]link.Purpose{"/requests/status/": link.Status, "/requests/export/": link.Export},
	},
	"amended": {
		func(r *rig) request.Request {
			q := r.opened(r.intake(germany, deadline.Access))
			r.run()
			place := california
			return r.ok(r.rights.Amend(background, q.ID, "dpo", request.Amendment{Place: &place, Kinds: []intake.Kind{deadline.Access, deadline.Correction}}))
		},
		[]string{"California, United States (before: Germany)", "(before: See my data)", "7 January 2027", "11 CCR 7021(b)", "Before the correction, the date was 22 December 2026."}, map[string]link.Purpose{"/requests/status/": link.Status},
	},
	"joined": {
		func(r *rig) request.Request {
			first := r.opened(r.intake(germany, deadline.Access))
			r.run()
			r.post.mails = nil
			r.clock = r.clock.Add(time.Hour)
			second := r.opened(r.intake(germany, deadline.Correction))
			r.ok(r.rights.Join(background, second.ID, "dpo", first.ID, ""))
			return r.file(second.ID).Request
		},
		[]string{"You have asked us before, in request PD-", "22 December 2026"}, map[string]link.Purpose{"/requests/status/": link.Status},
	},
	"withdrawn": {
		func(r *rig) request.Request {
			return r.ok(r.rights.Withdraw(background, r.opened(r.intake(germany, deadline.Access, deadline.OptOutOfSale)).ID, audit.ByPerson))
		},
		nil, map[string]link.Purpose{"/requests/status/": link.Status},
	},
	"expired": {
		func(r *rig) request.Request {
			q := r.open(r.intake(germany, deadline.Access))
			r.run()
			r.clock = r.file(q.ID).Request.VerifyBy
			return r.ok(r.rights.Expire(background, q.ID, audit.BySystem))
		},
		[]string{"https://privacy.example.com/requests"}, map[string]link.Purpose{"/requests/status/": link.Status},
	},
}

func TestEveryMail(t *testing.T) {
	all := []outbox.Template{requestmail.Verify, requestmail.Acknowledge, requestmail.OptedOut, requestmail.Waiting,
		requestmail.Extended, requestmail.Decision, requestmail.Withdrawn, requestmail.Expired, requestmail.Amended, requestmail.Joined}
	if len(eachMail) != len(all) {
		t.Errorf("tested are %q, there are %q", keys(eachMail), all)
	}
	for name, c := range eachMail {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q := c.of(r)
			r.run()
			f := r.file(q.ID)
			sent := f.Letters[len(f.Letters)-1]
			if string(sent.Template) != name || sent.State != outbox.Sent || len(r.post.mails) != r.went(f) {
				t.Fatalf("%s", r.states(q.ID))
			}
			m := r.last()
			for _, piece := range append(c.pieces, q.ID) {
				if !strings.Contains(oneLine(m), piece) {
					t.Errorf("%q is missing in\n%s", piece, m.Text)
				}
			}
			if strings.Contains(m.HTML, "<b>account") {
				t.Error("an officer's signs are taken for markup")
			}
			for prefix, p := range c.links {
				if claims := r.opens(m, prefix, p); claims.Request != q.ID || (p == link.Status) != claims.ExpiresAt.IsZero() || !claims.Address.IsZero() {
					t.Errorf("%s opens %+v", prefix, claims)
				}
			}
			if m.Tags[feedback.RequestTag] != q.ID {
				t.Errorf("tags %v", m.Tags)
			}
			for _, name := range []string{"References", "In-Reply-To"} {
				if got := header(m, name); got != "<"+q.ID+"@privacy.example.com>" {
					t.Errorf("%s: %q", name, got)
				}
			}
			r.run()
			if len(r.post.mails) != r.went(f) {
				t.Error("a mail went twice")
			}
		})
	}
}

func header(m ses.Mail, name string) string {
	for _, h := range m.Headers {
		if h.Name == name {
			return h.Value
		}
	}
	return ""
}

// The link ends when the request's own time does.
func TestLinksEndInTime(t *testing.T) {
	r := newRig(t)
	q := r.open(r.intake(germany, deadline.Access))
	r.run()
	q = r.file(q.ID).Request
	if c := r.opens(r.last(), "/requests/confirm/", link.Confirm); !c.ExpiresAt.Equal(q.VerifyBy) {
		t.Errorf("confirm until %v, %v", c.ExpiresAt, q.VerifyBy)
	}
	q, _, _ = r.rights.Confirm(background, q.ID, q.Words())
	q = r.ok(r.rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	r.run()
	if c := r.opens(r.last(), "/requests/export/", link.Export); !c.ExpiresAt.Equal(q.ExportUntil) {
		t.Errorf("export until %v, %v", c.ExpiresAt, q.ExportUntil)
	}
}

func TestMailsSpeakTheLanguageOfTheRequest(t *testing.T) {
	for lang, word := range map[string]string{"de": "Anliegen", "es": "solicitud", "en": "request", "": "request", "xx": "request"} {
		r := newRig(t)
		in := r.intake(germany, deadline.Access)
		in.Language = lang
		r.open(in)
		if r.run(); !strings.Contains(r.last().Text, word) {
			t.Errorf("%q: %s", lang, r.last().Text)
		}
	}
}

// A refusal says on which ground, who decides beyond us, and what can be done.
func TestRefusalLetter(t *testing.T) {
	r := newRig(t)
	q := r.opened(r.intake(germany, deadline.Erasure))
	q = r.ok(r.rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Refuse, Explanation: "Two invoices must stay.", Grounds: []decision.Given{{Ground: decision.LegalObligation}}}))
	r.run()
	m := r.last()
	for _, piece := range []string{"The law obliges us to keep this data.", "Art. 17(3)(b) GDPR", "data protection", "kind=restriction", "review our answer", "did not make the decision", "statement of your own", "Two invoices must stay.", "judicial remedy", "Art. 77 GDPR", "Art. 79 GDPR", "Controller", "Privacy Office"} {
		if !strings.Contains(strings.ToLower(m.Text), strings.ToLower(piece)) {
			t.Errorf("%q is missing in\n%s", piece, m.Text)
		}
	}
	if strings.Contains(m.Text, "/requests/export/") {
		t.Error("a refusal gives an export")
	}
	appeal := r.ok(r.rights.Appeal(background, q.ID, "Look again, Marvin says."))
	r.run()
	if !strings.Contains(r.last().Text, appeal.ID) || !strings.Contains(r.last().Text, q.ID) {
		t.Error(r.last().Text)
	}
	r.ok(r.rights.Decide(background, appeal.ID, "dpo-2", decision.Answer{Outcome: decision.Refuse, Explanation: "Two invoices must stay.", Grounds: []decision.Given{{Ground: decision.LegalObligation}}}))
	r.run()
	if m := r.last(); strings.Contains(m.Text, "appeal by") || !strings.Contains(m.Text, q.ID) {
		t.Error(m.Text)
	}
}

// A letter tells of the request as it is, not as it was when the letter was
// due; and it can be written of every state.
func TestLateLetters(t *testing.T) {
	late := map[string]func(*rig) request.Request{
		"answered before it was asked": func(r *rig) request.Request {
			return r.ok(r.rights.Answer(background, eachMail["waiting"].of(r).ID, "dpo", time.Time{}))
		},
		"decided before it was extended": func(r *rig) request.Request {
			return r.ok(r.rights.Decide(background, eachMail["extended"].of(r).ID, "dpo", decision.Answer{Outcome: decision.Grant}))
		},
		"expired while it waited": func(r *rig) request.Request {
			q := eachMail["waiting"].of(r)
			r.clock = q.Waiting.Until.Add(time.Second)
			return r.ok(r.rights.Expire(background, q.ID, audit.BySystem))
		},
		"decided, and the export is over": func(r *rig) request.Request {
			q := eachMail["decision"].of(r)
			r.clock = q.ExportUntil
			return q
		},
	}
	for name, c := range eachMail {
		late[name] = c.of
	}
	for name, of := range late {
		r := newRig(t)
		q := of(r)
		r.run()
		went := r.went(r.file(q.ID))
		if len(r.post.mails) != went {
			t.Fatalf("%s: %s", name, r.states(q.ID))
		}
		for i := range went {
			r.post.mails = r.post.mails[:went-i]
			r.last()
		}
	}
	r := newRig(t)
	q := r.opened(r.intake(germany, deadline.Access))
	r.ok(r.rights.Withdraw(background, q.ID, audit.ByPerson))
	r.run()
	for _, m := range r.post.mails {
		if strings.Contains(m.Subject, "received") && strings.Contains(m.Text, "December") {
			t.Errorf("a date for what was withdrawn:\n%s", m.Text)
		}
	}
}

// went counts the notices that were sent. One whose reason has passed is not:
// it would say the wrong thing.
func (r *rig) went(f request.File) int {
	n := 0
	for _, notice := range f.Letters {
		if notice.State == outbox.Sent {
			n++
		} else if notice.State != outbox.Obsolete {
			r.t.Errorf("%s is %s", notice.Template, notice.State)
		}
	}
	return n
}
