package filing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

// tags is what a scan says of each object.
type tags map[string]attachment.Verdict

func (v tags) of(_ context.Context, id string) (attachment.Verdict, error) { return v[id], nil }

func scannedRig(t *testing.T) (*rig, tags) {
	r, found := newRig(t, access(lifecycle.Open)), tags{}
	r.Verdict, r.Holds = found.of, holds{}
	return r, found
}

func TestMalwareThatIsKnownAtOnce(t *testing.T) {
	r, found := scannedRig(t)
	found["key1"] = attachment.Threat
	a, _ := r.ExpectFrom(t.Context(), "PD-1", answer)
	r.bucket.objects[a.ID] = pdf
	if _, err := r.Arrived(t.Context(), "PD-1", a.ID); !errors.Is(err, attachment.ErrThreat) || len(r.bucket.objects) > 0 || r.state(a.ID) != attachment.Expected {
		t.Errorf("%v, %+v", err, r.file().Files)
	}
}

// A scan takes some seconds, and who waits for it asks again, or nobody does.
func TestMalwareThatIsFoundLater(t *testing.T) {
	for name, ask := range map[string]func(*rig) error{
		"asked again": func(r *rig) error { _, err := r.Arrived(t.Context(), "PD-1", "key1"); return err },
		"at night": func(r *rig) error {
			r.clock = r.clock.Add(24 * time.Hour)
			r.clean(holds{})
			return attachment.ErrThreat
		},
	} {
		r, found := scannedRig(t)
		a := r.adds(answer, pdf)
		if err := ask(r); name == "asked again" && err != nil || r.state(a.ID) != attachment.Stored {
			t.Errorf("%s, before the scan: %v", name, err)
		}
		found[a.ID] = attachment.Threat
		for range 2 {
			if err := ask(r); !errors.Is(err, attachment.ErrThreat) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if e := r.file().Events[1]; len(r.kinds()) != 2 || e.Kind != "file_gone" || e.Facts["because"] != "malware" || len(r.bucket.objects) > 0 || r.state(a.ID) != attachment.Refused {
			t.Errorf("%s: %q, %+v", name, r.kinds(), r.file().Files)
		}
	}
}

func TestNobodyLooksAgainAtACleanFile(t *testing.T) {
	for what, c := range map[attachment.Verdict]bool{"": true, attachment.Unchecked: true, attachment.Clean: false} {
		r, found := scannedRig(t)
		a := r.adds(answer, pdf)
		found[a.ID] = what
		r.clock = r.clock.Add(24 * time.Hour)
		r.clean(holds{})
		if got := r.file().Files[0]; got.State != attachment.Stored || got.CheckAt.IsZero() == c {
			t.Errorf("%q: %+v", what, got)
		}
	}
}

func TestALegalHoldKeepsMalwareToo(t *testing.T) {
	r, found := scannedRig(t)
	a := r.adds(answer, pdf)
	found[a.ID], r.Holds = attachment.Threat, holds{"PD-1": true}
	if _, err := r.Arrived(t.Context(), "PD-1", a.ID); err != nil || len(r.bucket.objects) != 1 {
		t.Errorf("%v, %v", err, r.bucket.objects)
	}
}

func TestProofsAreScannedAndGo(t *testing.T) {
	r := newRig(t, asked(deadline.Identity))
	found := tags{}
	r.Verdict = found.of
	a := r.arrive()
	r.clock = r.clock.Add(24 * time.Hour)
	r.clean(holds{})
	found[a.ID] = attachment.Clean
	r.clock = r.clock.Add(24 * time.Hour)
	r.clean(holds{})
	r.close()
	r.clock = r.clock.Add(24 * time.Hour)
	if n := r.clean(holds{}); n != 1 || r.state(a.ID) != attachment.Gone {
		t.Errorf("%d, %+v", n, r.file().Files)
	}
}

func TestAScanThatCannotBeAsked(t *testing.T) {
	r, _ := scannedRig(t)
	r.Verdict = func(context.Context, string) (attachment.Verdict, error) {
		return "", fault.New(fault.Unavailable, "down")
	}
	a, _ := r.ExpectFrom(t.Context(), "PD-1", answer)
	r.bucket.objects[a.ID] = pdf
	if _, err := r.Arrived(t.Context(), "PD-1", a.ID); !fault.Is(err, fault.Unavailable) || r.state(a.ID) != attachment.Expected {
		t.Errorf("%v", err)
	}
}
