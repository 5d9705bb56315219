package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// brokenPosts are desks with one mistake each about letters.
var brokenPosts = map[string]func(*post){
	"SES's connections are kept": func(p *post) {
		p.notifier.Mailer = carrier{p, ses.NewClient(client(p.front, kept))}
	},
	"no answer counts as sent": func(p *post) {
		p.notifier.Mailer = takes{p.notifier.Mailer, request.ErrUnsure, nil}
	},
	"no answer is tried again": func(p *post) {
		p.notifier.Mailer = takes{p.notifier.Mailer, request.ErrUnsure, fault.New(fault.Unavailable, "again")}
	},
	"a refusal counts as sent": func(p *post) {
		p.notifier.Mailer = takes{p.notifier.Mailer, &fault.Error{Code: fault.Unavailable}, nil}
	},
	"no alarm rings":         func(p *post) { p.notifier.Unknown = nil },
	"a letter is not queued": func(p *post) { p.rights.Store = forgets{p.rights.Store} },
	"a letter is put off":    func(p *post) { p.notifier.Queue = claims{p.notifier.Queue} },
}

// takes takes one error for another.
type takes struct {
	request.Mailer
	err, as error
}

func (m takes) Mail(ctx context.Context, letters []request.Letter) (string, error) {
	id, err := m.Mailer.Mail(ctx, letters)
	if errors.Is(err, m.err) {
		err = m.as
	}
	return id, err
}

// forgets loses the letters of decisions.
type forgets struct{ request.Store }

func (s forgets) Save(ctx context.Context, step request.Step) error {
	if len(step.Notices) > 0 && step.Notices[0].Template == request.MailDecision {
		step.Notices = nil
	}
	return s.Store.Save(ctx, step)
}

// claims never gives a letter back.
type claims struct{ request.NoticeQueue }

func (q claims) ReleaseNotice(ctx context.Context, n request.Notice, at time.Time) error {
	return q.NoticeQueue.ReleaseNotice(ctx, n, at.AddDate(1, 0, 0))
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
