package outbox

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/quota"
)

// How long one attempt may take, and how long after a failed one the next
// begins.
const (
	attemptFor = 10 * time.Minute
	retryAfter = time.Minute
)

// Drain sends what is due. What others may have caused in somebody's name goes
// after all else.
type Drain struct {
	Queue  Queue
	Kinds  map[Template]Kind
	Mailer Mailer
	Caps   *quota.Mails
	Now    func() time.Time
	// Unknown is called for every letter of which nobody knows whether it went,
	// before that is stored: the alarm rings even if the run dies. May be nil.
	Unknown func(context.Context, Letter)
}

// Report counts what one run did: mails, and letters that are no mail.
type Report struct {
	Sent, Refused, Unknown int
	ToPost                 int // written on paper
	Failed                 int // surely not sent, and tried again
	Postponed              int // letters
	OverBudget             int // of those, held up by the budget of the whole desk
}

// Run works until no letter is due or over says that no more may be begun; the
// rest stays pending. A letter that cannot be worked on holds up no other. The
// error is the store's.
func (d *Drain) Run(ctx context.Context, over func() bool) (Report, error) {
	r := run{Drain: d, held: map[mailbox][]Item{}, down: map[Template]bool{}}
	for letter, err := range d.Queue.Pending(ctx, d.now()) {
		if over() {
			return r.report, errors.Join(r.failed, err)
		}
		if err != nil { // what was found is sent all the same
			r.failed = errors.Join(r.failed, err)
			break
		}
		if !r.goesOn(r.take(ctx, letter)) {
			return r.report, r.failed
		}
	}
	for _, items := range r.oldestFirst() {
		if over() || !r.goesOn(r.send(ctx, items)) {
			break
		}
	}
	return r.report, r.failed
}

// now is the time as all rows have it.
func (d *Drain) now() time.Time { return d.Now().UTC().Truncate(time.Millisecond) }

// run is one run of a Drain.
type run struct {
	*Drain
	report Report
	held   map[mailbox][]Item
	count  int // of held
	failed error
	down   map[Template]bool // whose owner cannot read
}

// goesOn keeps an error and reports whether the store answers.
func (r *run) goesOn(err error) bool {
	r.failed = errors.Join(r.failed, err)
	return fault.CodeOf(err) != fault.Unavailable
}

// take sends a letter, or holds it until all that waits for its mailbox is known.
func (r *run) take(ctx context.Context, l Letter) error {
	kind, known := r.Kinds[l.Template]
	joins := kind.Joined && l.Cause != quota.ByConfirmed && !l.Paper
	switch {
	case !known:
		return fault.New(fault.Internal, "unknown template %q of a letter", l.Template)
	case l.State == Sending && !kind.Repeats: // a run died within its attempt
		return r.interrupted(ctx, kind, l)
	case r.down[l.Template], joins && r.count == maxHeld:
		return nil // the next run's
	}
	subject, err := kind.Read(ctx, l)
	switch {
	case err != nil: // other owners, in other tables, are not held up
		r.down[l.Template] = fault.Is(err, fault.Unavailable)
		r.failed = errors.Join(r.failed, unlessGone(err))
		return nil
	case subject.Obsolete:
		return r.attempt(ctx, []Item{{Letter: l, Subject: subject}})
	case joins:
		r.hold(l, subject)
		return nil
	}
	return r.send(ctx, []Item{{Letter: l, Subject: subject}})
}

// interrupted ends a letter whose run died, or begins again where it surely has
// not gone.
func (r *run) interrupted(ctx context.Context, kind Kind, l Letter) error {
	begins := l.Paper // nothing has left the house
	if _, prepares := kind.Owner.(Preparer); prepares && !begins {
		subject, err := kind.Read(ctx, l)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		begins = err == nil && subject.NeverBegun
	}
	if begins {
		return r.beginAgain(ctx, l)
	}
	r.report.Unknown++
	return r.settle(ctx, Item{Letter: l}, Unknown, "")
}

func (r *run) beginAgain(ctx context.Context, l Letter) error {
	now := r.now()
	if err := r.Queue.Move(ctx, l, Pending, now); err != nil {
		return unlessGone(err)
	}
	l.State, l.DueAt, l.Words = Pending, now, Words{}
	return r.take(ctx, l)
}

// send sends items in one mail, or postpones all of them until there is room. What
// goes on paper fills no mailbox.
func (r *run) send(ctx context.Context, items []Item) error {
	if items[0].Paper {
		return r.attempt(ctx, items)
	}
	full := r.Caps.Room(ctx, items[0].Cause, items[0].Subject.To)
	switch fault.CodeOf(full) {
	case "":
		return r.attempt(ctx, items[:min(len(items), maxJoined)])
	case fault.TooMany:
		return r.postpone(ctx, items, full)
	}
	r.report.Failed++ // whether there is room is not known
	return nil
}

func (r *run) attempt(ctx context.Context, items []Item) error {
	items, err := r.claim(ctx, items)
	if len(items) == 0 {
		return err
	}
	id, mailErr := r.Mailer.Mail(ctx, items, func(w Words) error { return r.keep(ctx, items, w) })
	state := r.outcome(items[0].Paper, mailErr)
	if state == Sent || state == Unknown {
		err = errors.Join(err, r.Caps.Spend(ctx, items[0].Cause, items[0].Subject.To))
	}
	for _, i := range items {
		err = errors.Join(err, r.end(ctx, i, state, id))
	}
	return err
}

// keep stores what a mail says in the rows of its letters, before it goes: else a
// run that dies would leave a mail that nobody can show.
func (r *run) keep(ctx context.Context, items []Item, w Words) error {
	for n := range items {
		i := &items[n]
		if !r.Kinds[i.Template].Keeps {
			continue
		}
		i.Words = w
		if err := r.Queue.Keep(ctx, i.Letter); err != nil {
			return err
		}
	}
	return nil
}

// outcome counts what became of a mail. Pending: it is tried again.
func (r *run) outcome(paper bool, err error) State {
	switch {
	case err == nil && paper:
		r.report.ToPost++
		return ToPost
	case err == nil:
		r.report.Sent++
		return Sent
	case errors.Is(err, ErrUnsure):
		r.report.Unknown++
		return Unknown
	case fault.CodeOf(err) == fault.Invalid:
		r.report.Refused++
		return Refused
	}
	r.report.Failed++
	return Pending
}

func (r *run) end(ctx context.Context, i Item, state State, messageID string) error {
	if state == Pending {
		return unlessGone(r.Queue.Move(ctx, i.Letter, i.before, r.now().Add(retryAfter)))
	}
	return r.settle(ctx, i, state, messageID)
}

// settle stores the end of a letter. One that may go twice stays Sending, and
// is due again when the attempt's time is over.
func (r *run) settle(ctx context.Context, i Item, state State, messageID string) error {
	if state == Unknown && r.Unknown != nil {
		r.Unknown(ctx, i.Letter)
	}
	kind := r.Kinds[i.Template]
	if state == Unknown && kind.Repeats {
		return nil
	}
	if i.State, i.MessageID = state, messageID; state == ToPost {
		i.WrittenAt = r.now()
	} else {
		i.SentAt = r.now()
	}
	return unlessGone(kind.Settle(ctx, i))
}

// claim makes letters this run's own and reads what they are about as it is
// now; those that need not be sent end here.
func (r *run) claim(ctx context.Context, items []Item) ([]Item, error) {
	var claimed []Item
	for _, i := range items {
		i, err := r.claimOne(ctx, i)
		if err == nil && i.Subject.Obsolete {
			err = r.settle(ctx, i, Obsolete, "")
		} else if err == nil {
			claimed = append(claimed, i)
		}
		if err = unlessGone(err); err != nil {
			return claimed, err
		}
	}
	return claimed, nil
}

func (r *run) claimOne(ctx context.Context, i Item) (_ Item, err error) {
	if i.Subject.About == nil {
		if i.Subject, err = r.Kinds[i.Template].Read(ctx, i.Letter); err != nil {
			return i, err
		}
	}
	until := r.now().Add(attemptFor)
	if err = r.Queue.Move(ctx, i.Letter, Sending, until); err != nil {
		return i, err
	}
	i.before, i.State, i.DueAt = i.State, Sending, until
	if p, ok := r.Kinds[i.Template].Owner.(Preparer); ok {
		i.Subject, err = p.Prepare(ctx, i)
	}
	return i, err
}

// unlessGone takes it for no fault that another run has a letter, or that it
// was disposed of.
func unlessGone(err error) error {
	if code := fault.CodeOf(err); code == fault.Conflict || code == fault.NotFound {
		return nil
	}
	return err
}
