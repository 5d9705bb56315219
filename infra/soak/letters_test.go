package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
)

// brokenPosts are desks with one mistake each about letters.
var brokenPosts = map[string]func(*post){
	"SES's connections are kept": func(p *post) {
		p.outbox.Mailer = carrier{p, ses.NewClient(client(p.front, kept))}
	},
	"no answer counts as sent": func(p *post) {
		p.outbox.Mailer = takes{p.outbox.Mailer, outbox.ErrUnsure, nil}
	},
	"no answer is tried again": func(p *post) {
		p.outbox.Mailer = takes{p.outbox.Mailer, outbox.ErrUnsure, fault.New(fault.Unavailable, "again")}
	},
	"a refusal counts as sent": func(p *post) {
		p.outbox.Mailer = takes{p.outbox.Mailer, &fault.Error{Code: fault.Unavailable}, nil}
	},
	"no alarm rings":         func(p *post) { p.outbox.Unknown = nil },
	"a letter is not queued": func(p *post) { p.rights.Store = forgets{p.rights.Store} },
	"a letter is put off":    func(p *post) { p.outbox.Queue = claims{p.outbox.Queue} },
}

// takes takes one error for another.
type takes struct {
	outbox.Mailer
	err, as error
}

func (m takes) Mail(ctx context.Context, items []outbox.Item, keep func(outbox.Words) error) (string, error) {
	id, err := m.Mailer.Mail(ctx, items, keep)
	if errors.Is(err, m.err) {
		err = m.as
	}
	return id, err
}

// forgets loses the letters of decisions.
type forgets struct{ request.Store }

func (s forgets) Save(ctx context.Context, step request.Step) error {
	if len(step.Letters) > 0 && step.Letters[0].Template == requestmail.Decision {
		step.Letters = nil
	}
	return s.Store.Save(ctx, step)
}

// claims never gives a letter back.
type claims struct{ outbox.Queue }

func (q claims) Move(ctx context.Context, l outbox.Letter, to outbox.State, due time.Time) error {
	if to == outbox.Pending {
		due = due.AddDate(1, 0, 0)
	}
	return q.Queue.Move(ctx, l, to, due)
}

func TestBrokenPostsAreCaught(t *testing.T) {
	for name, breakIt := range brokenPosts {
		t.Run(name, func(t *testing.T) {
			r, s, seed := newRun(t, 1), sum{faults: map[string]int{}}, uint64(0)
			r.breakPost, r.say = breakIt, new(strings.Builder)
			for ; s.letters.lost == 0 && seed < 20; seed++ {
				if err := r.post(t.Context(), seed, &s); err != nil {
					t.Fatal(err)
				}
			}
			if s.letters.lost == 0 {
				t.Errorf("%v\n%v", s, r.say)
			}
			t.Logf("caught in round %d: %v\n%v", seed, s, r.say)
		})
	}
}
