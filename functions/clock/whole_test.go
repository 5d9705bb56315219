package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
)

// tables is what a clock works on.
type tables interface {
	request.Store
	agenda.Agenda
}

// inbox is the officer's.
type inbox struct {
	mu  sync.Mutex
	got []agenda.Digest
}

func (i *inbox) Mail(_ context.Context, items []outbox.Item, _ func(outbox.Words) error) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if d, ok := items[0].Subject.About.(agenda.Digest); ok {
		i.got = append(i.got, d)
	}
	return "ses-1", nil
}

// Two runs at once, again and again, on the memory store and on DynamoDB Local:
// every act is done once, and every line told once.
func TestTwoClocksAtOnce(t *testing.T) {
	for name, open := range map[string]func(*testing.T) (tables, contract.LetterTable){
		"memory": func(*testing.T) (tables, contract.LetterTable) {
			o := testkit.NewOptOuts()
			return testkit.NewRequests(o), o.Outbox
		},
		"DynamoDB Local": func(t *testing.T) (tables, contract.LetterTable) {
			db, table := testkit.Table(t, "RequestsTable")
			_, optOuts := testkit.Table(t, "OptOutsTable")
			return &requests.Store{Table: dynamo.Table{DB: db, Name: table}}, &letters.Store{OptOuts: dynamo.Table{DB: db, Name: optOuts}, Requests: dynamo.Table{DB: db, Name: table}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, letters := open(t)
			desk := testkit.Desk(t)
			now := testkit.T0
			newService := func(seed byte) *request.Service {
				s, err := request.New(store, testkit.Key(t), desk, func() time.Time { return now }, rand.NewChaCha8([32]byte{seed}))
				if err != nil {
					t.Fatal(err)
				}
				return s
			}
			service, post := newService(1), &inbox{}
			var unconfirmed, silent, open []string
			for _, i := range []int{0, 3, 6, 9, 1, 2, 4, 5, 7, 8, 10, 11} { // first those whose mails go, and who do not confirm
				in := request.Intake{
					Address: testkit.Address(t, string(rune('a'+i))+"@example.com"), Kinds: []intake.Kind{deadline.Access}, Place: germany,
					OnBehalfOf: intake.Self, Source: intake.FromForm,
				}
				q, err := service.Open(background, in)
				if err != nil {
					t.Fatal(err)
				}
				if unconfirmed = append(unconfirmed, q.ID); i%3 == 0 {
					testkit.Mailed(t, service, letters)
					continue
				}
				unconfirmed = unconfirmed[:len(unconfirmed)-1]
				if q, _, err = service.Confirm(background, q.ID, q.Words()); err != nil {
					t.Fatal(err)
				}
				if i%3 == 1 {
					open = append(open, q.ID)
					continue
				}
				silent = append(silent, q.ID)
				if _, err := service.Ask(background, q.ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "?"}); err != nil {
					t.Fatal(err)
				}
			}
			for range 9 { // five days each: past all links, answers and dates
				now = now.AddDate(0, 0, 5)
				var wg sync.WaitGroup
				for seed := range 2 {
					s := newService(byte(2*now.YearDay() + seed))
					c := agenda.Clock{Service: s, Agenda: store, Letters: letters}
					mails := testkit.Drain(t, s, letters)
					mails.Mailer, mails.Kinds[agenda.MailDigest] = post, outbox.Kind{Owner: agenda.Digests{Service: s, Agenda: store, Ender: letters}, Repeats: true}
					wg.Go(func() {
						never := func() bool { return false }
						_, err := c.Run(background, never)
						_, mailErr := mails.Run(background, never)
						if err = errors.Join(err, mailErr); err != nil && !fault.Is(err, fault.Conflict) {
							t.Error(err)
						}
					})
				}
				wg.Wait()
			}
			for id, want := range happened(unconfirmed, lifecycle.EventExpired, silent, lifecycle.EventResumed) {
				f, err := store.File(background, id)
				if err != nil {
					t.Fatal(err)
				}
				n := 0
				for _, e := range f.Events {
					if e.Kind == string(want) {
						n++
					}
				}
				if n != 1 || audit.Verify(f.Events, f.Request.Head) != nil {
					t.Errorf("%s: %d times %s", id, n, want)
				}
			}
			told, late := map[string]int{}, map[string]bool{}
			for _, d := range post.got {
				for _, l := range d.Lines {
					told[fmt.Sprintf("%s %d %d", l.Reference, l.Left, (l.Late+6)/7)]++
					late[l.Reference] = late[l.Reference] || l.Late > 0
				}
			}
			for line, n := range told {
				if n != 1 {
					t.Errorf("%s was told %d times", line, n)
				}
			}
			for _, id := range open {
				if !late[id] {
					t.Errorf("nobody was told that %s is overdue", id)
				}
			}
		})
	}
}

// happened pairs requests with what must have happened to each.
func happened(unconfirmed []string, one lifecycle.Event, silent []string, other lifecycle.Event) map[string]lifecycle.Event {
	all := map[string]lifecycle.Event{}
	for _, id := range unconfirmed {
		all[id] = one
	}
	for _, id := range silent {
		all[id] = other
	}
	return all
}
