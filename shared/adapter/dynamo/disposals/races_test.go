package disposals_test

import (
	"testing"

	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// An opt-out that another sweep has reduced since the index was read is not
// certified again.
func TestReducedMeanwhile(t *testing.T) {
	s := newRecords(t)
	s.optOut(t, schedule.OptOutEvidence, testkit.T0)
	w := &watched{Disposals: s.Disposals, read: func() {
		if l, err := (&watched{Disposals: s.Disposals}).sweep(t, schedule.OptOutEvidence, overdue); err != nil || l.Reduced != 1 {
			t.Errorf("the other: %+v, %v", l, err)
		}
	}}
	if l, err := w.sweep(t, schedule.OptOutEvidence, overdue); err != nil || l.Counts != (disposal.Counts{Gone: 1}) {
		t.Errorf("%+v, %v", l, err)
	}
}

// A mail that is queued after its request was read keeps the request, and the
// order of erasure that reaches it.
func TestMailQueuedMeanwhile(t *testing.T) {
	s := newRecords(t)
	s.erasable(t, "ref-1", "PD-1")
	mail := outbox.Letter{SubjectID: "PD-1-closed", Seq: 1, Template: "closed", State: outbox.Sent, QueuedAt: testkit.T0, MessageID: "m"}
	s.put(t, s.Requests.Table.Name, letters.Row(mail))
	w := &watched{Disposals: s.Disposals, write: func() {
		mail.State, mail.DueAt = outbox.Pending, testkit.T0
		s.put(t, s.Requests.Table.Name, letters.Row(mail))
	}}
	l, err := w.sweep(t, schedule.ErasureOrder, testkit.T0)
	if err != nil || l.Changed != 1 || l.Waiting != 1 || l.Gone != 0 || l.Late.IsZero() {
		t.Errorf("%+v, %v", l, err)
	}
	for _, id := range []string{"PD-1", "PD-1-closed"} {
		if got := s.state(t, id); got != "kept" {
			t.Errorf("%s is %s", id, got)
		}
	}
}
