package contract

import (
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/testkit"
)

// posted takes a letter on paper to its end: with its words it leaves the queue, and
// an officer posts it once.
func posted(t *testing.T, s RequestTables) {
	r := newRequest(t, "PD-A")
	step := request.Step{Events: []audit.Entry{entry(t, &r, "received")}, Request: r}
	step.Letters = []outbox.Letter{{SubjectID: "PD-A", Seq: 1, Template: requestmail.Acknowledge, QueuedAt: testkit.T0, DueAt: testkit.T0, State: outbox.Pending, Paper: true}}
	step.Request = r
	must(t, s.Requests.Create(background, request.Creation{Step: step}))
	read := pending(t, s.Outbox, 0)[0]
	if !read.Paper {
		t.Fatalf("a letter on paper is read as %+v", read)
	}
	sending := move(t, s.Outbox, read, outbox.Sending, time.Minute)
	sending.Words = outbox.Words{Subject: "Your request", Text: "Dear Zaphod"}
	must(t, s.Outbox.Keep(background, sending))
	next := request.Step{Request: step.Request}
	end := func(l outbox.Letter) error {
		next.Request.Version++
		next.Events, next.Done = []audit.Entry{entry(t, &next.Request, "mailed")}, []outbox.Letter{l}
		err := s.Requests.Save(background, next)
		if err != nil {
			next.Request.Version--
			next.Request.Head = file(t, s.Requests, "PD-A").Request.Head
		}
		return err
	}
	written := sending
	written.State, written.WrittenAt = outbox.ToPost, testkit.T0.Add(time.Minute)
	done := written
	done.State, done.SentAt = outbox.Sent, testkit.T0.Add(time.Hour)
	if err := end(done); !isConflict(err) {
		t.Errorf("posted before it was written: %v", err)
	}
	must(t, end(written))
	if is := file(t, s.Requests, "PD-A").Letters[0]; is.State != outbox.ToPost || is.Words != sending.Words || !is.WrittenAt.Equal(written.WrittenAt) || !is.SentAt.IsZero() || len(pending(t, s.Outbox, 100*time.Hour)) != 0 {
		t.Errorf("written: %+v", is)
	}
	if err := end(written); !isConflict(err) {
		t.Errorf("written twice: %v", err)
	}
	must(t, end(done))
	if is := file(t, s.Requests, "PD-A").Letters[0]; is.State != outbox.Sent || is.Words != sending.Words || !is.WrittenAt.Equal(written.WrittenAt) || !is.SentAt.Equal(done.SentAt) || !is.Paper {
		t.Errorf("posted: %+v", is)
	}
	if err := end(done); !isConflict(err) {
		t.Errorf("posted twice: %v", err)
	}
}
