package contract

import (
	"testing"
	"time"

	"privacydesk/shared/domain/outbox"
)

// keepWords moves a letter to Sending and keeps what it says, as it must be kept.
func keepWords(t *testing.T, s RequestTables, read outbox.Letter) outbox.Words {
	t.Helper()
	if err := s.Outbox.Keep(background, read); !isConflict(err) {
		t.Errorf("kept before it was tried: %v", err)
	}
	sending := move(t, s.Outbox, read, outbox.Sending, time.Hour)
	sending.Words = outbox.Words{Subject: "Your request", Text: "Dear Zaphod"}
	must(t, s.Outbox.Keep(background, sending))
	if kept := file(t, s.Requests, read.SubjectID).Letters[0]; kept.Words != sending.Words || kept.State != outbox.Sending {
		t.Errorf("what it says is not kept: %+v", kept)
	}
	stolen := sending
	stolen.DueAt = stolen.DueAt.Add(time.Second)
	if err := s.Outbox.Keep(background, stolen); !isConflict(err) {
		t.Errorf("another run's attempt: %v", err)
	}
	failed := move(t, s.Outbox, sending, outbox.Pending, 2*time.Hour)
	if kept := file(t, s.Requests, read.SubjectID).Letters[0]; kept.Words != (outbox.Words{}) {
		t.Errorf("what did not go is shown as sent: %+v", kept)
	}
	again, words := move(t, s.Outbox, failed, outbox.Sending, time.Hour), sending.Words
	again.Words = words
	must(t, s.Outbox.Keep(background, again))
	return words
}
