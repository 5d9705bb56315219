package filing_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

// bucket is a bucket in memory.
type bucket struct {
	objects map[string]attachment.Content
	fails   error
	deleted int
}

func (b *bucket) Read(_ context.Context, id string) (attachment.Content, error) {
	c, ok := b.objects[id]
	if !ok {
		return c, fault.New(fault.NotFound, "none")
	}
	return c, b.fails
}

func (b *bucket) Delete(_ context.Context, id string) error {
	if b.fails == nil {
		delete(b.objects, id)
		b.deleted++
	}
	return b.fails
}

// holds says of each request whether a legal hold is on it.
type holds map[string]bool

func (h holds) KeptBack(_ context.Context, r *request.Request) ([]request.KeptBack, error) {
	if h[r.ID] {
		return []request.KeptBack{{Hold: "H-1"}}, nil
	}
	return nil, nil
}

type rig struct {
	*testing.T
	*filing.Service
	store  *testkit.Requests
	bucket *bucket
	clock  time.Time
	ids    int
}

var pdf = attachment.Content{Size: 9, ETag: `"1"`, SHA256: "ab12", Begins: []byte("%PDF-1.7")}

func never() bool { return false }

func newRig(t *testing.T, q request.Request) *rig {
	r := &rig{T: t, store: testkit.NewRequests(testkit.NewOptOuts()), bucket: &bucket{objects: map[string]attachment.Content{}}, clock: testkit.T0}
	r.Service = &filing.Service{Store: r.store, Objects: r.bucket, Now: func() time.Time { return r.clock }, Random: &testkit.Random{}, NewID: func() string {
		r.ids++
		return "key" + strconv.Itoa(r.ids)
	}}
	q.ID, q.Version, q.VerifiedAt = "PD-1", 1, testkit.T0
	q.Head = audit.Genesis("PD-1")
	if err := r.store.Create(t.Context(), request.Creation{Step: request.Step{Request: q}}); err != nil {
		t.Fatal(err)
	}
	return r
}

func asked(cause deadline.Cause) request.Request {
	return request.Request{State: lifecycle.WaitingForPerson, Waiting: &waiting.Waiting{Cause: cause, ClockStands: true, Until: testkit.T0.AddDate(0, 0, 30)}}
}

func (r *rig) file() request.File {
	r.Helper()
	f, err := r.store.File(r.Context(), "PD-1")
	if err != nil {
		r.Fatal(err)
	}
	return f
}

func (r *rig) expect() attachment.File {
	r.Helper()
	a, err := r.Expect(r.Context(), "PD-1")
	if err != nil {
		r.Fatal(err)
	}
	return a
}

func (r *rig) arrive() attachment.File {
	r.Helper()
	a := r.expect()
	r.bucket.objects[a.ID] = pdf
	a, err := r.Arrived(r.Context(), "PD-1", a.ID)
	if err != nil {
		r.Fatal(err)
	}
	return a
}

// close ends the case.
func (r *rig) close() {
	r.Helper()
	q := r.file().Request
	q.Version, q.State, q.Waiting = q.Version+1, lifecycle.Refused, nil
	if err := r.store.Save(r.Context(), request.Step{Request: q}); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) clean(h filing.Holds) int {
	r.Helper()
	n, err := r.Clean(r.Context(), h, never)
	if err != nil {
		r.Fatal(err)
	}
	return n
}

func TestAFileAnswersTheQuestion(t *testing.T) {
	for cause, what := range map[deadline.Cause]attachment.For{deadline.Identity: attachment.Proof, deadline.Clarification: attachment.Words} {
		r := newRig(t, asked(cause))
		a := r.expect()
		if _, err := r.Arrived(t.Context(), "PD-1", a.ID); !errors.Is(err, filing.ErrNotThere) {
			t.Errorf("before it came: %v", err)
		}
		if f := r.file(); len(f.Events) != 0 || f.Request.Waiting.Replied || f.Files[0].State != attachment.Expected {
			t.Errorf("a form alone: %+v", f)
		}
		if again := r.expect(); again.ID != a.ID || len(r.file().Files) != 1 {
			t.Errorf("a second form is another file: %+v", again)
		}
		r.arrive()
		f := r.file()
		if f.Files[0].For != what || f.Files[0].State != attachment.Stored || !f.Request.Waiting.Replied || f.Request.Look == nil || f.Request.Look.Why != lifecycle.LookReply {
			t.Errorf("%+v", f)
		}
		if watch, _ := f.Request.Watched(); watch == lifecycle.WatchPaused {
			t.Error("it would lapse")
		}
		if e := f.Events[0]; e.Kind != "file_added" || e.Actor != audit.ByPerson || e.Facts["sha256"] != "ab12" || audit.Verify(f.Events, f.Request.Head) != nil {
			t.Errorf("%+v", e)
		}
		if _, err := r.Arrived(t.Context(), "PD-1", a.ID); err != nil || len(r.file().Events) != 1 {
			t.Errorf("asked again: %v, %d entries", err, len(r.file().Events))
		}
	}
}

func TestWhereNoFileIsAskedFor(t *testing.T) {
	for name, q := range map[string]request.Request{
		"open": {State: lifecycle.Open}, "unconfirmed": {State: lifecycle.Unverified}, "closed": {State: lifecycle.Refused}, "a fee": asked(deadline.Fee),
	} {
		r := newRig(t, q)
		if _, err := r.Expect(t.Context(), "PD-1"); !errors.Is(err, filing.ErrNotAsked) || len(r.file().Files) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := newRig(t, asked(deadline.Identity))
	for range attachment.MaxFiles {
		r.arrive()
	}
	if _, err := r.Expect(t.Context(), "PD-1"); !errors.Is(err, filing.ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
	if _, err := r.Arrived(t.Context(), "PD-1", "other"); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's: %v", err)
	}
}

func TestWhatIsNotTakenIsDeleted(t *testing.T) {
	r := newRig(t, asked(deadline.Identity))
	a := r.expect()
	r.bucket.objects[a.ID] = attachment.Content{Size: 9, Begins: []byte("MZ\x00")}
	if _, err := r.Arrived(t.Context(), "PD-1", a.ID); !errors.Is(err, attachment.ErrType) || len(r.bucket.objects) > 0 || r.file().Request.Waiting.Replied {
		t.Errorf("%v, %v", err, r.bucket.objects)
	}
	if next := r.arrive(); next.ID != a.ID {
		t.Errorf("the next try is another file: %+v", next)
	}
}

func TestProofsGoWhenTheCaseCloses(t *testing.T) {
	r := newRig(t, asked(deadline.Identity))
	r.arrive()
	r.clock = r.clock.Add(24 * time.Hour)
	if n := r.clean(holds{}); n != 0 || len(r.bucket.objects) != 1 {
		t.Errorf("while it is open: %d", n)
	}
	r.close()
	r.clock = r.clock.Add(24*time.Hour - time.Second)
	r.clean(holds{})
	r.clock = r.clock.Add(time.Second)
	r.clean(holds{"PD-1": true})
	if len(r.bucket.objects) != 1 {
		t.Fatal("it went early, or over a legal hold")
	}
	r.clock = r.clock.Add(24 * time.Hour)
	r.bucket.fails = fault.New(fault.Unavailable, "down")
	if _, err := r.Clean(t.Context(), holds{}, never); !fault.Is(err, fault.Unavailable) || r.file().Files[0].State != attachment.Stored {
		t.Errorf("while S3 is down: %v", err)
	}
	r.bucket.fails = nil
	delete(r.bucket.objects, "key1") // as a crash after it leaves it
	if n := r.clean(holds{}); n != 1 {
		t.Errorf("%d went", n)
	}
	f := r.file()
	if e := f.Events[1]; f.Files[0].State != attachment.Gone || f.Files[0].SHA256 != "ab12" || e.Kind != "file_gone" || e.Facts["sha256"] != "ab12" || audit.Verify(f.Events, f.Request.Head) != nil {
		t.Errorf("%+v", f)
	}
	if n := r.clean(holds{}); n != 0 || len(r.file().Events) != 2 {
		t.Error("it goes twice")
	}
}

func TestWordsStayWithTheCase(t *testing.T) {
	r := newRig(t, asked(deadline.Clarification))
	r.arrive()
	r.close()
	r.clock = r.clock.AddDate(1, 0, 0)
	if n := r.clean(holds{}); n != 0 || len(r.bucket.objects) != 1 {
		t.Errorf("%d went", n)
	}
}

// Whoever closes the window before S3 has sent it back has sent the file all the same.
func TestAFileThatNobodyAnnounced(t *testing.T) {
	for name, came := range map[string]bool{"came": true, "did not come": false} {
		r := newRig(t, asked(deadline.Identity))
		a := r.expect()
		if came {
			r.bucket.objects[a.ID] = pdf
		}
		r.clock = r.clock.Add(24 * time.Hour)
		r.clean(holds{})
		f := r.file()
		if want := map[bool]attachment.State{true: attachment.Stored, false: attachment.Gone}[came]; f.Files[0].State != want || f.Request.Waiting.Replied != came {
			t.Errorf("%s: %+v", name, f.Files[0])
		}
	}
}
