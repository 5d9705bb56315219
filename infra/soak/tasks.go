package main

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	others "privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit/faults"
)

// tasks is the part of a round about other systems: erasures are granted, and each system is told its part and answers,
// while calls fail, runs die in the middle, and two run at once. It has tables of its own.
type tasks struct {
	*course
	rights  *request.Service
	book    others.Book // through the faults
	direct  *requests.Store
	systems map[string]*system
	doing   []*op    // what is under way, the innermost last
	granted []string // requests whose erasure was granted, for all that the officer was told
	opened  int
	sum     taskSum // at the last check
}

// taskSum counts tasks by what became of them.
type taskSum struct{ done, setByHand, lapsed, lost int }

// inSoak are the systems: one by a call, one by the API of a product, which is asked again, one by its owner, and one
// that nobody waits for.
var inSoak = []others.System{
	{ID: "crm", Way: "webhook", Required: true, AnswerDays: 7},
	{ID: "news", Way: "mailchimp", Required: true, AnswerDays: 7},
	{ID: "files", Way: others.OwnerWay, Required: true, AnswerDays: 7},
	{ID: "bus", Way: "event", AnswerDays: 2},
}

func newTasks(ctx context.Context, r run, seed uint64) (*tasks, error) {
	t := &tasks{systems: map[string]*system{}}
	var err error
	if t.course, err = newCourse(ctx, r, seed, 4, r.tables, nil); err != nil {
		return nil, err
	}
	t.plan = &faults.Plan{Seed: seed, Clock: t.clock, Often: 0.12, Crowd: 0.1, Kill: func(*faults.Call) { t.now().dead = true }, MayAct: t.mayAct, Act: t.actMeanwhile}
	loaded, err := settings.Load()
	if err != nil {
		return nil, err
	}
	own := *loaded // the letters' part reads the other one
	desk := &own
	desk.Systems = nil
	for _, s := range inSoak {
		s.Owner, s.Told, s.Name, s.Needs = "owner@example.com", []string{string(others.Erasure)}, settings.Words{"en": s.ID}, []string{"email"}
		desk.Systems = append(desk.Systems, s)
		t.systems[s.ID] = &system{t: t, id: s.ID, did: map[string]others.Answer{}}
	}
	store := &requests.Store{Table: t.at(t.dynamoDB(), "RequestsTable"), OptOuts: t.at(t.dynamoDB(), "OptOutsTable")}
	t.direct = &requests.Store{Table: t.at(t.course.direct, "RequestsTable"), OptOuts: t.at(t.course.direct, "OptOutsTable")}
	t.book = store
	if t.rights, err = request.New(store, t.key, desk, t.clock.Now, rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), 1})); err != nil {
		return nil, err
	}
	if t.rights.Settings.FourEyes = nil; r.breakTasks != nil { // decide decides at once
		r.breakTasks(t)
	}
	return t, nil
}

func (t *tasks) at(db *dynamodb.Client, logicalID string) dynamo.Table {
	return dynamo.Table{DB: db, Name: t.tables[logicalID]}
}

func (t *tasks) run(ctx context.Context) (steps int) {
	t.proxy.Decide(t.outcome)
	return t.play(2*checkEvery, t.act, func() { t.drainAndCheck(ctx) }, func() bool { return len(t.lost) > 0 })
}

// now is what is under way.
func (t *tasks) now() *op {
	if len(t.doing) == 0 {
		return &op{}
	}
	return t.doing[len(t.doing)-1]
}

// do does something as one process, which may be killed.
func (t *tasks) do(kind string, f func() error) error {
	t.trace("%s %s", stamp(t.clock.Now()), kind)
	t.doing = append(t.doing, &op{kind: kind})
	defer func() { t.doing = t.doing[:len(t.doing)-1] }()
	return f()
}

func (t *tasks) outcome(c *faults.Call) faults.Outcome {
	if t.now().dead {
		return faults.Outcome{Lost: true}
	}
	f := t.plan.Outcome(c)
	t.trace("  %s: %s: lost %v, stale %v, refused %d, meanwhile %v, after %v", t.now().kind, c.Operation, f.Lost, f.Stale, f.Refused.Status, f.Meanwhile != nil, f.After)
	return f
}

// mayAct keeps others from acting inside of what acts inside, and while rows are read: those of a file are read at once,
// and their order would not be the seed's.
func (t *tasks) mayAct(c *faults.Call) bool {
	return len(t.doing) == 1 && (c.Operation == "UpdateItem" || c.Operation == "TransactWriteItems")
}

// actMeanwhile is another run, or somebody who answers, while a call is under way.
func (t *tasks) actMeanwhile(random *rand.Rand) {
	if random.IntN(2) == 0 {
		t.tell()
	} else {
		t.answer(random)
	}
}

func (t *tasks) act() {
	switch what := t.random.IntN(100); {
	case what < 16 || len(t.granted) == 0:
		t.grant()
	case what < 56:
		t.tell()
	case what < 76:
		t.answer(t.random)
	case what < 84:
		t.officer()
	default:
		most := []time.Duration{time.Second, time.Minute, 10 * time.Minute, time.Hour, 24 * time.Hour, 72 * time.Hour}[t.random.IntN(6)]
		t.clock.Move(time.Duration(t.random.Float64() * float64(most)).Truncate(time.Millisecond))
	}
}

// grant has somebody ask for an erasure, and grants it. What fails is tried again, as people do.
func (t *tasks) grant() {
	t.opened++
	address, err := person.Parse(fmt.Sprintf("r%d@example.com", t.opened))
	if err != nil {
		t.reportLoss("%v", err)
		return
	}
	ctx := context.Background()
	var r request.Request
	for name, f := range orderly(
		"open", func() error {
			r, err = t.rights.Open(ctx, request.Intake{Address: address, Kinds: []intake.Kind{deadline.Erasure}, Place: deadline.Jurisdiction{Country: "DE"}, Language: "en", Source: intake.FromForm})
			return err
		},
		"confirm", func() error { _, _, err := t.rights.Confirm(ctx, r.ID, r.Words()); return err },
		"decide", func() error {
			_, err := t.rights.Decide(ctx, r.ID, "dpo", decision.Answer{Outcome: decision.Grant})
			return err
		},
	) {
		if !t.tries(name, f) {
			return
		}
	}
	t.granted = append(t.granted, r.ID)
}

// orderly yields names and functions in their order.
func orderly(pairs ...any) iter.Seq2[string, func() error] {
	return func(yield func(string, func() error) bool) {
		for i := 0; i < len(pairs); i += 2 {
			if !yield(pairs[i].(string), pairs[i+1].(func() error)) {
				return
			}
		}
	}
}

func (t *tasks) tries(kind string, f func() error) bool {
	for range 3 {
		if t.do(kind, f) == nil {
			return true
		}
	}
	return false
}

// tell makes one run of the function, a line after the other: within a real run they go at once, and their order would
// not be the seed's.
func (t *tasks) tell() {
	_ = t.do("tell", func() error {
		for _, s := range t.rights.Settings.Systems {
			for _, byOwner := range []bool{false, true} {
				d := &others.Drain{
					Book: line{t.book, t.direct, s.ID, byOwner}, Systems: t.rights.Settings.Systems, Ways: t.ways(s), Whom: t.rights.Whom, Now: t.clock.Now,
					Do: func(ctx context.Context, id string, d others.Deed) error { return second(t.rights.Ledger(ctx, id, d)) },
				}
				if _, err := d.Run(context.Background(), func() bool { return t.now().dead }); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (t *tasks) ways(s others.System) map[string]others.Way {
	owners := owner{t.systems[s.ID], others.Owners{Now: t.clock.Now}}
	if s.Way == others.OwnerWay {
		return map[string]others.Way{s.Way: owners}
	}
	return map[string]others.Way{s.Way: t.systems[s.ID], others.OwnerWay: owners}
}

// line is what one line of a run tells. The index is read past the faults.
type line struct {
	others.Book
	direct  *requests.Store
	system  string
	byOwner bool
}

// Due implements others.Book.
func (l line) Due(ctx context.Context, now time.Time) iter.Seq2[others.Entry, error] {
	return func(yield func(others.Entry, error) bool) {
		for e, err := range l.direct.Due(ctx, now) {
			if err == nil && (e.System != l.system || e.ByOwner != l.byOwner) {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// answer is a system, or the owner of one, who answers what they were told before.
func (t *tasks) answer(random *rand.Rand) {
	if s := t.systems[inSoak[random.IntN(3)].ID]; len(s.owes) > 0 {
		t.answers(s, s.owes[random.IntN(len(s.owes))])
	}
}

func (t *tasks) answers(s *system, n others.Notice) {
	a := s.works(n.ID)
	d := others.Deed{Act: others.Answered, System: n.System.ID, Task: n.Task, Notice: n.ID, State: a.State, Outcome: others.Outcome{Records: a.Records}}
	if t.do("answer", func() error { return second(t.rights.Ledger(context.Background(), n.Request, d)) }) == nil {
		s.owes = slices.DeleteFunc(s.owes, func(o others.Notice) bool { return o.ID == n.ID })
	}
}

// officer has a system told again, or answers in its place.
func (t *tasks) officer() {
	id := t.granted[max(0, len(t.granted)-1-t.random.IntN(5))]
	d := others.Deed{Act: others.Again, System: inSoak[t.random.IntN(len(inSoak))].ID, Task: others.Erasure, By: "officer/dpo"}
	if t.random.IntN(3) == 0 {
		d.Act, d.State, d.Outcome = others.Set, others.NotFound, others.Outcome{Why: "They told me."}
	}
	_ = t.do(string(d.Act), func() error { return second(t.rights.Ledger(context.Background(), id, d)) })
}
