package outbox_test

import (
	"context"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

// owner ends letters in the queue, and may fail to read some.
type owner struct {
	queue outbox.Ender
	err   error
	reads int
}

func (o *owner) Read(context.Context, outbox.Letter) (outbox.Subject, error) {
	o.reads++
	return outbox.Subject{About: "words"}, o.err
}

func (o *owner) Settle(ctx context.Context, i outbox.Item) error { return o.queue.End(ctx, i.Letter) }

// mailer answers each mail with the next of its errors, then with none.
type mailer struct {
	errs []error
	sent []outbox.Template
}

func (m *mailer) Mail(_ context.Context, items []outbox.Item, _ func(outbox.Words) error) (string, error) {
	if len(m.errs) > 0 {
		err := m.errs[0]
		m.errs = m.errs[1:]
		return "", err
	}
	m.sent = append(m.sent, items[0].Template)
	return "ses-1", nil
}

type rig struct {
	outbox.Drain
	t      *testing.T
	queue  *testkit.Outbox
	mailer *mailer
	now    time.Time
}

func newRig(t *testing.T, owners map[outbox.Template]*owner) *rig {
	r := &rig{t: t, queue: testkit.NewOptOuts().Outbox, mailer: &mailer{}, now: testkit.T0}
	kinds := map[outbox.Template]outbox.Kind{}
	for template, o := range owners {
		o.queue = r.queue
		kinds[template] = outbox.Kind{Owner: o, Repeats: true}
	}
	r.Drain = outbox.Drain{Queue: r.queue, Kinds: kinds, Mailer: r.mailer, Caps: &quota.Mails{}, Now: func() time.Time { return r.now }}
	return r
}

func (r *rig) queued(subject string, template outbox.Template) {
	r.t.Helper()
	l := outbox.Letter{SubjectID: subject, Template: template, QueuedAt: r.now, DueAt: r.now, State: outbox.Pending}
	if err := r.queue.Queue(context.Background(), l); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) run() error {
	_, err := r.Run(context.Background(), func() bool { return false })
	return err
}

// An owner that cannot read holds up no letter of another, and is asked once.
func TestAnOwnerThatIsDownHoldsUpNoOther(t *testing.T) {
	down, well := &owner{err: fault.New(fault.Unavailable, "throttled")}, &owner{}
	r := newRig(t, map[outbox.Template]*owner{"confirmation": down, "letter": well})
	for _, subject := range []string{"a", "b"} {
		r.queued(subject, "confirmation")
		r.queued(subject, "letter")
	}
	if err := r.run(); !fault.Is(err, fault.Unavailable) || len(r.mailer.sent) != 2 || down.reads != 1 {
		t.Errorf("%v: %q, %d reads", err, r.mailer.sent, down.reads)
	}
	down.err = nil
	if err := r.run(); err != nil || len(r.mailer.sent) != 4 {
		t.Errorf("afterwards %v: %q", err, r.mailer.sent)
	}
}

// What may have gone is not forgotten when SES surely does not take the next
// attempt: the letter stays sending.
func TestWhatMayHaveGoneStaysSending(t *testing.T) {
	r := newRig(t, map[outbox.Template]*owner{"digest": {}})
	busy := fault.New(fault.Unavailable, "busy")
	r.mailer.errs = []error{busy, outbox.ErrUnsure, busy}
	r.queued("a", "digest")
	for i, want := range []outbox.State{outbox.Pending, outbox.Sending, outbox.Sending, ""} {
		if err := r.run(); err != nil {
			t.Fatal(err)
		}
		r.now = r.now.Add(time.Hour)
		var state outbox.State
		for l, err := range r.queue.Pending(context.Background(), r.now) {
			if state = l.State; err != nil {
				t.Fatal(err)
			}
		}
		if state != want {
			t.Errorf("after run %d it is %q, want %q", i+1, state, want)
		}
	}
	if len(r.mailer.sent) != 1 {
		t.Errorf("%d mails", len(r.mailer.sent))
	}
}
