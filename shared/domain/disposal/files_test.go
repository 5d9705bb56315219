package disposal_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
)

// filed is a store whose requests have two files each, one of which was replaced, and others that are gone.
type filed struct{ disposal.Store }

func (f filed) Read(ctx context.Context, items []disposal.Item) ([]disposal.Record, error) {
	all, err := f.Store.Read(ctx, items)
	for i := range all {
		if q := all[i].Request; q != nil {
			q.Files = []attachment.File{{ID: "of " + all[i].ID, State: attachment.Stored}, {ID: "left by " + all[i].ID, State: attachment.Leaving},
				{ID: "gone", State: attachment.Gone}, {ID: "replaced", State: attachment.Replaced}, {ID: "refused", State: attachment.Refused}}
		}
	}
	return all, err
}

// emptied is which objects were deleted.
type emptied struct {
	ids   []string
	fails error
}

func (e *emptied) Delete(_ context.Context, id string) error {
	if e.fails == nil {
		e.ids = append(e.ids, id)
	}
	return e.fails
}

// What files hold goes before the rows that name it; while it cannot, they stay.
func TestFilesGoWithTheirRequest(t *testing.T) {
	r := newRig(t)
	due, stay := r.put(schedule.ClosedRequest, 2, 800), r.put(schedule.ClosedRequest, 1, 100)
	bucket := &emptied{fails: errors.New("S3 is down")}
	sweep := func(task disposal.Task, store disposal.Store) error {
		s := r.sweeper(filed{store})
		s.Objects = bucket
		_, err := s.Sweep(background, task, never)
		return err
	}
	if err := sweep(disposal.Task{}, r.store); err == nil {
		t.Error("nobody was told")
	}
	r.states(slices.Concat(due, stay), "kept")
	bucket.fails = nil
	if err := sweep(disposal.Task{DryRun: true}, r.store); err != nil || len(bucket.ids) > 0 {
		t.Errorf("a dry run deletes %q, %v", bucket.ids, err)
	}
	killed := &hooked{Store: r.store, fail: map[string]error{"Dispose": errKilled}}
	if err := sweep(disposal.Task{}, killed); !errors.Is(err, errKilled) {
		t.Errorf("killed between the two: %v", err)
	}
	r.states(due, "kept")
	if err := sweep(disposal.Task{}, r.store); err != nil {
		t.Error(err)
	}
	r.states(due, "reduced")
	r.states(stay, "kept")
	slices.Sort(bucket.ids)
	// Whoever still had its form may have put something there after a file was gone.
	want := []string{"gone", "left by " + due[0], "left by " + due[1], "of " + due[0], "of " + due[1], "refused", "replaced"}
	slices.Sort(want)
	if got := slices.Compact(bucket.ids); !slices.Equal(got, want) {
		t.Errorf("deleted %q, want %q", got, want)
	}
}
