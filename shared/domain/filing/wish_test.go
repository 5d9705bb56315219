package filing_test

import (
	"errors"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

const officer = "dpo/1"

var (
	table  = attachment.Content{Size: 20, ETag: `"t"`, SHA256: "cd34", Begins: []byte("name,ssn\nZ,536228726\n"), Text: []byte("name,ssn\nZ,536228726\n")}
	zipped = attachment.Content{Size: 100 << 20, ETag: `"z"`, SHA256: "ef56", Begins: []byte("PK\x03\x04")}
	answer = filing.Wish{For: attachment.Answer, By: audit.AsOfficer(officer)}
)

func access(state lifecycle.State) request.Request {
	return request.Request{State: state, Kinds: []intake.Kind{deadline.Access}}
}

// adds has a file arrive that somebody wished for.
func (r *rig) adds(w filing.Wish, c attachment.Content) attachment.File {
	r.Helper()
	a, err := r.ExpectFrom(r.Context(), "PD-1", w)
	if err != nil {
		r.Fatal(err)
	}
	r.bucket.objects[a.ID] = c
	if a, err = r.Arrived(r.Context(), "PD-1", a.ID); err != nil {
		r.Fatal(err)
	}
	return a
}

func (r *rig) state(id string) attachment.State {
	r.Helper()
	for _, a := range r.file().Files {
		if a.ID == id {
			return a.State
		}
	}
	return ""
}

func (r *rig) kinds() (all []string) {
	r.Helper()
	f := r.file()
	if err := audit.Verify(f.Events, f.Request.Head); err != nil {
		r.Error(err)
	}
	for _, e := range f.Events {
		all = append(all, e.Kind)
	}
	return all
}

func TestWhatIsTakenOfWhom(t *testing.T) {
	internal, system := filing.Wish{For: attachment.Internal, By: audit.AsOfficer(officer)}, filing.Wish{For: attachment.Answer, System: "crm", By: audit.BySystem}
	archive := filing.Wish{For: attachment.Archive, By: audit.ByPerson}
	reduced := access(lifecycle.Fulfilled)
	reduced.ReducedAt = time.Now()
	shown := access(lifecycle.Fulfilled)
	shown.ExportUntil = time.Now().AddDate(10, 0, 0)
	for name, c := range map[string]struct {
		q    request.Request
		w    filing.Wish
		want error
	}{
		"an answer":                       {access(lifecycle.Open), answer, nil},
		"to portability":                  {request.Request{State: lifecycle.Open, Kinds: []intake.Kind{deadline.Portability}}, answer, nil},
		"of a system":                     {access(lifecycle.WaitingForPerson), system, nil},
		"to an erasure":                   {request.Request{State: lifecycle.Open, Kinds: []intake.Kind{deadline.Erasure}}, answer, filing.ErrNoAnswer},
		"after the end":                   {access(lifecycle.Fulfilled), answer, filing.ErrNoAnswer},
		"of a system, after the end":      {access(lifecycle.Refused), system, filing.ErrNoAnswer},
		"for officers":                    {request.Request{State: lifecycle.Open, Kinds: []intake.Kind{deadline.Erasure}}, internal, nil},
		"for officers, after the end":     {access(lifecycle.Refused), internal, nil},
		"for officers, of a log":          {reduced, internal, request.ErrReduced},
		"in the place of none":            {access(lifecycle.Open), filing.Wish{For: attachment.Answer, By: "officer:a/1", Replaces: "x"}, filing.ErrReplaces},
		"an archive of what is not given": {access(lifecycle.Open), archive, filing.ErrNoAnswer},
		"an archive":                      {shown, archive, nil},
	} {
		r := newRig(t, c.q)
		a, err := r.ExpectFrom(t.Context(), "PD-1", c.w)
		if !errors.Is(err, c.want) || (err == nil) != (len(r.file().Files) == 1) {
			t.Errorf("%s: %v", name, err)
		}
		if again, _ := r.ExpectFrom(t.Context(), "PD-1", c.w); err == nil && (again.ID == a.ID) != (c.w.For != attachment.Archive) {
			t.Errorf("%s: %q, then %q", name, a.ID, again.ID)
		}
	}
	r := newRig(t, asked(deadline.Identity))
	if _, err := r.ExpectFrom(t.Context(), "PD-1", filing.Wish{For: attachment.Proof, By: officer}); !fault.Is(err, fault.Internal) {
		t.Errorf("a proof by an officer: %v", err)
	}
}

func TestAFileOfAnOfficer(t *testing.T) {
	for _, w := range []filing.Wish{answer, {For: attachment.Internal, By: answer.By}, {For: attachment.Answer, System: "crm", By: audit.BySystem}} {
		q := access(lifecycle.WaitingForPerson)
		q.Waiting = asked(deadline.Identity).Waiting
		r := newRig(t, q)
		a := r.adds(w, table)
		f := r.file()
		if a.Type != attachment.CSV || a.By != w.By || a.System != w.System || f.Request.Waiting.Replied || f.Request.Look != nil || (len(a.Found) == 1) != (w.For == attachment.Answer) {
			t.Errorf("%+v: %+v", w, a)
		}
		if e := f.Events[0]; e.Facts["for"] != string(w.For) || e.Facts["system"] != w.System || (e.Actor == audit.ByOfficer) != (audit.Officer(e) == officer) {
			t.Errorf("%+v: %+v", w, e)
		}
	}
}

func TestTooManyFiles(t *testing.T) {
	for _, c := range []struct {
		w    filing.Wish
		most int
	}{{answer, 10}, {filing.Wish{For: attachment.Internal, By: answer.By}, 10}, {filing.Wish{For: attachment.Answer, System: "crm", By: audit.BySystem}, 5}} {
		r := newRig(t, access(lifecycle.Open))
		var last attachment.File
		for range c.most {
			last = r.adds(c.w, pdf)
		}
		if _, err := r.ExpectFrom(t.Context(), "PD-1", c.w); !errors.Is(err, filing.ErrTooMany) {
			t.Errorf("%+v: %v", c.w, err)
		}
		other := filing.Wish{For: attachment.Answer, System: "shop", By: audit.BySystem}
		r.adds(other, pdf)
		instead := c.w
		instead.Replaces = last.ID
		r.adds(instead, pdf)
		if _, err := r.ExpectFrom(t.Context(), "PD-1", c.w); !errors.Is(err, filing.ErrTooMany) {
			t.Errorf("%+v after a replacement: %v", c.w, err)
		}
	}
}

func TestRemoved(t *testing.T) {
	r := newRig(t, access(lifecycle.Open))
	a, b := r.adds(answer, pdf), r.adds(filing.Wish{For: attachment.Internal, By: answer.By}, pdf)
	if _, err := r.Remove(t.Context(), "PD-1", "other", officer); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's: %v", err)
	}
	if got, err := r.Remove(t.Context(), "PD-1", a.ID, officer); err != nil || got.State != attachment.Leaving || got.Readable(pdf.ETag) || len(r.bucket.objects) != 2 {
		t.Errorf("where no hold is known: %+v, %v", got, err)
	}
	r.Holds = holds{}
	for range 2 {
		if _, err := r.Remove(t.Context(), "PD-1", b.ID, officer); err != nil || r.state(b.ID) != attachment.Gone || len(r.bucket.objects) != 1 {
			t.Errorf("%v, %+v", err, r.file().Files)
		}
	}
	r.clean(holds{"PD-1": true})
	if len(r.bucket.objects) != 1 {
		t.Error("a legal hold was on it")
	}
	r.clock = r.clock.Add(24 * time.Hour)
	if n := r.clean(holds{}); n != 1 || len(r.bucket.objects) != 0 {
		t.Errorf("%d went, %v", n, r.bucket.objects)
	}
	got := r.kinds()
	if len(got) != 4 || got[2] != "file_removed" || audit.Officer(r.file().Events[2]) != officer {
		t.Errorf("%q", got)
	}
	proofs := newRig(t, asked(deadline.Identity))
	if _, err := proofs.Remove(t.Context(), "PD-1", proofs.arrive().ID, officer); !fault.Is(err, fault.NotFound) {
		t.Errorf("a proof: %v", err)
	}
}

func TestArchives(t *testing.T) {
	q := access(lifecycle.Fulfilled)
	q.ExportUntil = time.Now().AddDate(10, 0, 0)
	r := newRig(t, q)
	r.Holds = holds{}
	w := filing.Wish{For: attachment.Archive, By: audit.ByPerson}
	archive := func() attachment.File {
		a, err := r.ExpectFrom(t.Context(), "PD-1", w)
		if err != nil {
			t.Fatal(err)
		}
		r.bucket.objects[a.ID] = zipped
		return a
	}
	write := func() attachment.File {
		a := archive()
		a, err := r.Archived(t.Context(), "PD-1", a.ID, zipped)
		if err != nil || a.State != attachment.Stored || a.Type != attachment.ZIP {
			t.Fatalf("%+v, %v", a, err)
		}
		return a
	}
	first := write()
	second := write()
	if len(r.bucket.objects) != 1 || r.state(first.ID) != attachment.Gone {
		t.Errorf("the first: %v", r.bucket.objects)
	}
	if e := r.file().Events[1]; e.Kind != "exported" || e.Facts["sha256"] != "ef56" || e.Actor != audit.ByPerson || r.file().Request.Fetched != 2 {
		t.Errorf("%+v", e)
	}
	archive() // of which the writer dies before it says so
	r.clock = r.clock.Add(24 * time.Hour)
	if n := r.clean(holds{}); n != 2 || r.state(second.ID) != attachment.Gone || len(r.bucket.objects) != 0 || len(r.kinds()) != 2 {
		t.Errorf("%d went, %v, %q", n, r.bucket.objects, r.kinds())
	}
}

// What is taken away from an answer is in no archive of it either.
func TestAnArchiveGoesWithWhatItHolds(t *testing.T) {
	r := newRig(t, access(lifecycle.Open))
	tagged := tags{}
	r.Verdict = tagged.of
	r.Holds = holds{}
	a, b := r.adds(answer, pdf), r.adds(answer, pdf)
	q := r.file().Request
	q.State, q.ExportUntil, q.Version = lifecycle.Fulfilled, time.Now().AddDate(10, 0, 0), q.Version+1
	if err := r.Store.Save(t.Context(), request.Step{Request: q}); err != nil {
		t.Fatal(err)
	}
	for name, goes := range map[string]func(){
		"removed": func() { _, _ = r.Remove(t.Context(), "PD-1", a.ID, officer) },
		"malware": func() {
			tagged[b.ID] = attachment.Threat
			_, _ = r.Arrived(t.Context(), "PD-1", b.ID)
		},
	} {
		z, err := r.ExpectFrom(t.Context(), "PD-1", filing.Wish{For: attachment.Archive, By: audit.BySystem})
		if err != nil {
			t.Fatal(err)
		}
		r.bucket.objects[z.ID] = zipped
		if _, err := r.Archived(t.Context(), "PD-1", z.ID, zipped); err != nil {
			t.Fatal(err)
		}
		goes()
		if r.state(z.ID) == attachment.Stored {
			t.Errorf("%s: %v", name, r.file().Files)
		}
		r.clean(holds{})
		if _, there := r.bucket.objects[z.ID]; there || r.state(z.ID) != attachment.Gone {
			t.Errorf("%s: %v", name, r.file().Files)
		}
	}
}

// An archive that is written while its request is reduced is no object without a row.
func TestAnArchiveThatComesTooLate(t *testing.T) {
	q := access(lifecycle.Fulfilled)
	q.ExportUntil = time.Now().AddDate(10, 0, 0)
	r := newRig(t, q)
	z, err := r.ExpectFrom(t.Context(), "PD-1", filing.Wish{For: attachment.Archive, By: audit.BySystem})
	if err != nil {
		t.Fatal(err)
	}
	reduced := r.file().Request
	reduced.ReducedAt, reduced.Version = r.clock, reduced.Version+1
	if err := r.Store.Save(t.Context(), request.Step{Request: reduced, Files: []attachment.File{z.Left(r.clock)}}); err != nil {
		t.Fatal(err)
	}
	r.bucket.objects[z.ID] = zipped
	if _, err := r.Archived(t.Context(), "PD-1", z.ID, zipped); err == nil || len(r.bucket.objects) > 0 {
		t.Errorf("%v, %v", err, r.bucket.objects)
	}
}
