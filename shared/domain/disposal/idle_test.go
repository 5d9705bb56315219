package disposal_test

import (
	"slices"
	"testing"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
)

// The frequent call of a day on which nothing is due reads the newest
// certificate and the index of orders, and nothing else.
func TestIdleCallReadsLittle(t *testing.T) {
	r := newRig(t)
	r.sweep(disposal.Task{})
	var calls []string
	limits := []int{}
	store := &hooked{Store: counting{r.store, &limits}, each: func(call string, after bool) error {
		if !after {
			calls = append(calls, call)
		}
		return nil
	}}
	rep, err := r.sweeper(store).Sweep(background, disposal.Task{Continue: true}, never)
	if err != nil || rep.Run != "" || !slices.Equal(calls, []string{"Proofs", "Due " + string(schedule.ErasureOrder)}) || !slices.Equal(limits, []int{1}) {
		t.Errorf("%+v, %v, %q, %d", rep, err, calls, limits)
	}
}

// The quarter-hourly calls make up for a lost night, not for the first one: the
// alarm knows nothing until then.
func TestNothingIsMadeUpForBeforeTheFirstNight(t *testing.T) {
	r := newRig(t)
	for n := range 2 {
		if rep := r.sweep(disposal.Task{Continue: true}); rep.Nightly {
			t.Errorf("call %d: %+v", n, rep)
		}
		r.person(n)
	}
}

// Certificates of orders since the night do not hide its end.
func TestOrdersSinceTheNight(t *testing.T) {
	r := newRig(t)
	r.sweep(disposal.Task{})
	for n := range 4 {
		r.person(n)
		r.sweep(disposal.Task{Continue: true})
	}
	if rep := r.sweep(disposal.Task{Continue: true}); rep.Run != "" || line(rep, schedule.ErasureOrder).Due != 0 {
		t.Errorf("%+v", rep)
	}
}

// counting notes how many certificates are asked for.
type counting struct {
	disposal.Store
	limits *[]int
}

func (c counting) Proofs(x ctx, before, limit int) ([]disposal.Proof, error) {
	*c.limits = append(*c.limits, limit)
	return c.Store.Proofs(x, before, limit)
}
