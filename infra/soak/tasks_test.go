package main

import (
	"context"
	"strings"
	"testing"

	others "privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
)

// brokenTasks are desks with one mistake each about other systems.
var brokenTasks = map[string]func(*tasks){
	"a system is forgotten":       func(t *tasks) { t.rights.Store = forgetsSystem{t.rights.Store} },
	"a case closes too early":     func(t *tasks) { t.rights.Store = blind{t.rights.Store} },
	"an answer is taken for more": func(t *tasks) { t.rights.Store = exaggerates{t.rights.Store} },
	"an attempt is put off":       func(t *tasks) { t.book = putsOff{t.book} },
	"an owner is not mailed":      func(t *tasks) { t.rights.Store = mailsNobody{t.rights.Store} },
}

// forgetsSystem loses the newsletter's task.
type forgetsSystem struct{ request.Store }

func (s forgetsSystem) Save(ctx context.Context, step request.Step) error {
	var kept []others.Entry
	for _, e := range step.Systems {
		if e.System != "news" {
			kept = append(kept, e)
		}
	}
	step.Systems = kept
	return s.Store.Save(ctx, step)
}

// blind does not see the owners' tasks.
type blind struct{ request.Store }

func (s blind) Systems(ctx context.Context, id string) ([]others.Entry, error) {
	all, err := s.Store.Systems(ctx, id)
	for i := range all {
		all[i].Required = all[i].Required && all[i].System != "files"
	}
	return all, err
}

type exaggerates struct{ request.Store }

func (s exaggerates) Save(ctx context.Context, step request.Step) error {
	for i := range step.Systems {
		if step.Systems[i].Records > 0 {
			step.Systems[i].Records++
		}
	}
	return s.Store.Save(ctx, step)
}

type putsOff struct{ others.Book }

func (b putsOff) Try(ctx context.Context, was, is others.Entry) error {
	is.TellAt = is.TellAt.AddDate(1, 0, 0)
	return b.Book.Try(ctx, was, is)
}

type mailsNobody struct{ request.Store }

func (s mailsNobody) Save(ctx context.Context, step request.Step) error {
	if len(step.Letters) > 0 && step.Letters[0].Template == "owner_task" {
		step.Letters = nil
	}
	return s.Store.Save(ctx, step)
}

func TestBrokenTasksAreCaught(t *testing.T) {
	for name, breakIt := range brokenTasks {
		t.Run(name, func(t *testing.T) {
			r, s, seed := newRun(t, 1), sum{faults: map[string]int{}}, uint64(0)
			r.breakTasks, r.say = breakIt, new(strings.Builder)
			for ; s.tasks.lost == 0 && seed < 20; seed++ {
				if err := r.tell(t.Context(), seed, &s); err != nil {
					t.Fatal(err)
				}
			}
			if s.tasks.lost == 0 {
				t.Errorf("%v\n%v", s, r.say)
			}
			t.Logf("caught in round %d: %v\n%v", seed, s, r.say)
		})
	}
}

// Unbroken, they lose nothing.
func TestTasksLoseNothing(t *testing.T) {
	r, s := newRun(t, 1), sum{faults: map[string]int{}}
	for seed := uint64(0); seed < 4; seed++ {
		if err := r.tell(t.Context(), seed, &s); err != nil {
			t.Fatal(err)
		}
	}
	if t.Log(s); s.failed() || s.tasks.done < 20 || s.tasks.setByHand == 0 || s.tasks.lapsed == 0 {
		t.Error(s)
	}
}
