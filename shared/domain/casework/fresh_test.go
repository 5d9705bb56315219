package casework_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

func TestSince(t *testing.T) {
	for e, want := range map[lifecycle.Event]bool{
		lifecycle.EventLooked: false, lifecycle.EventRevealed: false, lifecycle.EventExportedByOfficer: false, lifecycle.EventExported: false,
		lifecycle.EventMailed: false, lifecycle.EventMailFailed: false, lifecycle.EventResumed: false, lifecycle.EventEraseReleased: false,
		lifecycle.EventNoted: true, lifecycle.EventAssigned: true, lifecycle.EventReplied: true, lifecycle.EventAnswered: true, lifecycle.EventAmended: true,
		lifecycle.EventWithdrawn: true, lifecycle.EventAddressTold: true, lifecycle.EventExpired: true, "something new": true,
	} {
		if got := len(casework.Since([]audit.Entry{{Seq: 3, Kind: string(e)}, {Seq: 4, Kind: string(e)}}, 3)) == 1; got != want {
			t.Errorf("%s makes a form stale: %v", e, got)
		}
	}
}

func TestFresh(t *testing.T) {
	r := newRig(t)
	f := r.file(r.confirmed(germany, deadline.Access).ID)
	seq := f.Request.Head.Seq
	fresh := func(seq int) error {
		_, err := casework.AsOf(r.rights.Store, f.Request.ID, seq).Load(background, f.Request.ID)
		return err
	}
	if err := r.rights.Looked(background, &f, colleague, lifecycle.EventLooked); err != nil || f.Request.Head.Seq != seq+1 {
		t.Fatalf("%v, %+v", err, f.Request.Head)
	}
	if err := fresh(seq); err != nil {
		t.Errorf("a colleague looked: %v", err)
	}
	r.must(r.rights.Note(background, f.Request.ID, colleague, "mine"))
	f = r.file(f.Request.ID)
	err := fresh(seq)
	if why := fault.BecauseOf(err); !fault.Is(err, fault.Conflict) || why.Code != "stale" || why.Facts["since"] == "" {
		t.Errorf("a colleague noted: %v", err)
	}
	for name, seq := range map[string]int{"none": 0, "below": -1, "one to come": f.Request.Head.Seq + 1} {
		if err := fresh(seq); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := fresh(f.Request.Head.Seq); err != nil {
		t.Error(err)
	}
}

// One entry an hour, and fifteen minutes of the address, for each officer.
func TestLooks(t *testing.T) {
	r := newRig(t)
	f := r.file(r.confirmed(germany, deadline.Access).ID)
	count := func(officer string, what lifecycle.Event) (n int) {
		for _, e := range r.file(f.Request.ID).Events {
			if e.Kind == string(what) && audit.Officer(e) == officer {
				n++
			}
		}
		return n
	}
	look := func(officer string, what lifecycle.Event) {
		t.Helper()
		if err := r.rights.Looked(background, &f, officer, what); err != nil {
			t.Fatal(err)
		}
	}
	for _, minutes := range []int{0, 1, 58, 1} {
		r.now = r.now.Add(time.Duration(minutes) * time.Minute)
		look(officer, lifecycle.EventLooked)
		look(colleague, lifecycle.EventLooked)
	}
	if a, b := count(officer, lifecycle.EventLooked), count(colleague, lifecycle.EventLooked); a != 2 || b != 2 {
		t.Errorf("%d and %d looks within an hour and its end", a, b)
	}
	look(officer, lifecycle.EventRevealed)
	if until := f.RevealedUntil(officer); !until.Equal(r.now.Add(15*time.Minute)) || !f.RevealedUntil(colleague).IsZero() {
		t.Errorf("revealed until %v", until)
	}
	r.now = r.now.Add(14 * time.Minute)
	look(officer, lifecycle.EventRevealed)
	r.now = r.now.Add(time.Minute)
	look(officer, lifecycle.EventRevealed)
	look(officer, lifecycle.EventExportedByOfficer)
	look(officer, lifecycle.EventExportedByOfficer)
	if a, b := count(officer, lifecycle.EventRevealed), count(officer, lifecycle.EventExportedByOfficer); a != 2 || b != 2 {
		t.Errorf("revealed %d times, taken out %d times", a, b)
	}
	if err := r.rights.Looked(background, &f, officer, lifecycle.EventNoted); !fault.Is(err, fault.Internal) {
		t.Errorf("a note is a look: %v", err)
	}
	if f.Request.State != lifecycle.Open || audit.Verify(r.file(f.Request.ID).Events, f.Request.Head) != nil {
		t.Errorf("%+v", f.Request)
	}
}

// A look at a file that has changed meanwhile is written to the file as it is.
func TestALookAtAFileThatChanges(t *testing.T) {
	r := newRig(t)
	f := r.file(r.confirmed(germany, deadline.Access).ID)
	r.must(r.rights.Note(background, f.Request.ID, colleague, "mine"))
	if err := r.rights.Looked(background, &f, officer, lifecycle.EventLooked); err != nil {
		t.Fatal(err)
	}
	if n := len(f.Events); f.Events[n-1].Kind != string(lifecycle.EventLooked) || f.Events[n-2].Kind != string(lifecycle.EventNoted) || audit.Verify(f.Events, f.Request.Head) != nil {
		t.Errorf("%v", f.Events)
	}
}

// Opening a file is no act on what an officer must look at.
func TestALookLeavesTheLook(t *testing.T) {
	r, id := viewed(t)
	f := r.file(id["replied"])
	if err := r.rights.Looked(background, &f, officer, lifecycle.EventLooked); err != nil || f.Request.Look == nil {
		t.Errorf("%+v, %v", f.Request.Look, err)
	}
	if q := r.must(r.rights.Assign(background, f.Request.ID, officer, officer)); q.Look == nil || !q.Touched {
		t.Errorf("%+v", q)
	}
}
