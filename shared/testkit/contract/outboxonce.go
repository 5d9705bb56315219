package contract

import (
	"testing"
	"time"

	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/testkit"
)

func queuesOnce(t *testing.T, s RequestTables) {
	queue := func(at time.Duration) int {
		t.Helper()
		l := outbox.Letter{SubjectID: agenda.DigestID, Template: "owner_week.crm", QueuedAt: testkit.T0.Add(at), DueAt: testkit.T0, State: outbox.Pending}
		if err := s.Outbox.QueueOnce(background, l); err != nil {
			t.Fatal(err)
		}
		return len(pending(t, s.Outbox, time.Hour))
	}
	for _, again := range []time.Duration{0, 0, time.Minute} {
		if queue(again) != 1 {
			t.Errorf("queued twice, after %v", again)
		}
	}
	l := move(t, s.Outbox, pending(t, s.Outbox, time.Hour)[0], outbox.Sending, time.Minute)
	if l.State, l.SentAt = outbox.Sent, testkit.T0; s.Outbox.End(background, l) != nil || queue(0) != 0 || queue(-time.Minute) != 0 {
		t.Error("queued again after it went")
	}
	if queue(time.Minute) != 1 {
		t.Error("the next one is not queued")
	}
}
