package filing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// A redacted copy takes a file's place at once, and what the first held goes, wherever
// a crash falls.
func TestAReplacementKilledAtEachStep(t *testing.T) {
	for kill := range 7 {
		r := newRig(t, access(lifecycle.Open))
		old := r.adds(answer, pdf)
		redacted := answer
		redacted.Replaces = old.ID
		a, err := r.ExpectFrom(t.Context(), "PD-1", redacted)
		if err != nil {
			t.Fatal(err)
		}
		r.bucket.objects[a.ID] = table
		r.Holds = holds{}
		ctx, dying := context.WithCancel(t.Context())
		killer := &killed{r.store, r.bucket, kill, dying}
		r.Store, r.Objects = killer, killer
		_, err = r.Arrived(ctx, "PD-1", a.ID)
		if (err != nil) != (kill < 6) {
			t.Errorf("%d: %v", kill, err)
		}
		r.Store, r.Objects = r.store, r.bucket
		if now := r.state(a.ID); now == attachment.Stored && r.state(old.ID) == attachment.Stored {
			t.Errorf("%d: both are given out", kill)
		}
		if kill%2 == 0 { // the browser asks again, or nobody does
			if _, err := r.Arrived(t.Context(), "PD-1", a.ID); err != nil {
				t.Errorf("%d: %v", kill, err)
			}
		}
		r.clock = r.clock.Add(24 * time.Hour)
		r.clean(holds{})
		if r.state(a.ID) != attachment.Stored || r.state(old.ID) != attachment.Replaced || len(r.bucket.objects) != 1 {
			t.Errorf("%d: %+v, %v", kill, r.file().Files, r.bucket.objects)
		}
		if got := r.kinds(); len(got) != 3 || got[1] != "file_added" || got[2] != "file_replaced" {
			t.Errorf("%d: %q", kill, got)
		}
		if e := r.file().Events[2]; e.Facts["sha256"] != pdf.SHA256 || e.Facts["by_sha256"] != table.SHA256 || e.Actor != audit.BySystem {
			t.Errorf("%d: %+v", kill, e)
		}
	}
}

// killed is a store and a bucket of which the process dies before a call.
type killed struct {
	filing.Store
	bucket filing.Objects
	left   int
	die    func()
}

func (k *killed) step() error {
	k.left--
	if k.left < 0 {
		k.die()
		return errors.New("killed")
	}
	return nil
}

func (k *killed) File(ctx context.Context, id string) (request.File, error) {
	if err := k.step(); err != nil {
		return request.File{}, err
	}
	return k.Store.File(ctx, id)
}

func (k *killed) Save(ctx context.Context, s request.Step) error {
	if err := k.step(); err != nil {
		return err
	}
	return k.Store.Save(ctx, s)
}

func (k *killed) Read(ctx context.Context, id string) (attachment.Content, error) {
	if err := k.step(); err != nil {
		return attachment.Content{}, err
	}
	return k.bucket.Read(ctx, id)
}

func (k *killed) Delete(ctx context.Context, id string) error {
	if err := k.step(); err != nil {
		return err
	}
	return k.bucket.Delete(ctx, id)
}

func TestTwoReplacementsOfOneFile(t *testing.T) {
	r := newRig(t, access(lifecycle.Open))
	r.Holds = holds{}
	old := r.adds(answer, pdf)
	first, second := answer, answer
	first.Replaces, second.Replaces, second.By = old.ID, old.ID, "officer:dpo/2"
	late, err := r.ExpectFrom(t.Context(), "PD-1", second)
	if err != nil {
		t.Fatal(err)
	}
	r.adds(first, table)
	r.bucket.objects[late.ID] = pdf
	if _, err := r.Arrived(t.Context(), "PD-1", late.ID); !errors.Is(err, filing.ErrReplaces) || len(r.bucket.objects) != 1 {
		t.Errorf("%v, %v", err, r.bucket.objects)
	}
}

func TestAnAnswerThatComesAfterTheEnd(t *testing.T) {
	r := newRig(t, access(lifecycle.Open))
	a, err := r.ExpectFrom(t.Context(), "PD-1", answer)
	if err != nil {
		t.Fatal(err)
	}
	r.close()
	r.bucket.objects[a.ID] = pdf
	if _, err := r.Arrived(t.Context(), "PD-1", a.ID); !errors.Is(err, filing.ErrNoAnswer) || len(r.bucket.objects) != 0 {
		t.Errorf("%v, %v", err, r.bucket.objects)
	}
}
