package main

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/waiting"
)

func TestNoQuestionAfterItsAnswer(t *testing.T) {
	r := newRig(t)
	q := eachMail["waiting"].of(r)
	r.ok(r.rights.Answer(background, q.ID, "dpo", time.Time{}))
	r.run()
	if got := r.states(q.ID); !strings.Contains(got, "waiting obsolete") {
		t.Error(got)
	}
}

// oneLine is the text of a mail without its line breaks.
func oneLine(m ses.Mail) string { return strings.Join(strings.Fields(m.Text), " ") }

// Who is asked reads by when to answer and what follows, where anything does.
// (The rig writes dates in UTC, where the last second is of the next day.)
func TestWaitingLettersSayByWhen(t *testing.T) {
	for name, c := range map[string]struct {
		place deadline.Jurisdiction
		cause deadline.Cause
		want  string
	}{
		"the request ends":      {germany, deadline.Identity, "answer by 23 December 2026. If we hear nothing, we close your request"},
		"it goes on":            {germany, deadline.Clarification, "answer by 23 December 2026. If we hear nothing, we go on"},
		"no law stops us there": {california, deadline.Identity, "answer by 23 December 2026: our time limit keeps running. If we hear nothing, we answer with what we have or, after 7 January 2027, close your request."},
	} {
		r := newRig(t)
		q := r.opened(r.intake(c.place, deadline.Access))
		q = r.ok(r.rights.Ask(background, q.ID, "dpo", waiting.Waiting{Cause: c.cause, Question: "Is it this one?"}))
		r.run()
		text, clock := oneLine(r.last()), strings.Index(oneLine(r.last()), "Meanwhile our time limit is paused")
		if by := strings.Index(text, c.want); by < 0 || (clock < 0) != (c.place == california) || clock >= 0 && clock < by {
			t.Errorf("%s (until %s):\n%s", name, q.Waiting.Until, r.last().Text)
		}
	}
}
