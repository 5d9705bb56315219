package agenda

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// Tasks finds what is to be done in other systems.
type Tasks interface {
	// Due yields the entries that are to be told, or asked, at the time now; see
	// ledger.Book.
	Due(ctx context.Context, now time.Time) iter.Seq2[ledger.Entry, error]
}

// Week is the mail to the owner of systems about all of their tasks that are open. It
// comes once a week, and not when nothing is open.
type Week struct {
	Tasks []ledger.Notice // soonest first
	More  int             // that are not named
}

const (
	weekOpen = 24 * time.Hour       // for which a week's mail can still be queued
	ahead    = 366 * 24 * time.Hour // within which every open task is asked for again
	maxTasks = 100                  // that one mail names
)

// owner is whoever answers for systems: a mailbox, named by the first of its systems.
type owner struct{ id, mailbox string }

// Weekly are the templates of the weekly mails, one an owner, with who writes each.
func Weekly(s *request.Service, tasks Tasks, e outbox.Ender) map[outbox.Template]outbox.Owner {
	all := map[outbox.Template]outbox.Owner{}
	for _, o := range owners(s.Settings.Systems) {
		all[o.template()] = weeks{s, tasks, e, o}
	}
	return all
}

func owners(systems []ledger.System) []owner {
	var all []owner
	for _, s := range systems {
		if !slices.ContainsFunc(all, func(o owner) bool { return o.mailbox == s.Owner }) {
			all = append(all, owner{s.ID, s.Owner})
		}
	}
	return all
}

// MailWeek begins the template of every owner's mail.
const MailWeek = "owner_week."

func (o owner) template() outbox.Template { return outbox.Template(MailWeek + o.id) }

// weekly is when this week's mails are due, on its first working day, and whether they
// can be queued now.
func (s service) weekly(now time.Time) (at time.Time, due bool) {
	zone := s.Law.Zone()
	today := civil.Of(now, zone)
	sunday := today - 1 - civil.Day((today.Weekday()+6)%7)
	at = s.Law.NextWorking(sunday.End(zone).Add(-time.Second), s.Settings.Morning).UTC()
	return at, !now.Before(at) && now.Before(at.Add(weekOpen))
}

// open are the tasks that an owner had before a time, and that wait for an answer.
func open(ctx context.Context, tasks Tasks, systems []ledger.System, before time.Time) (map[string][]ledger.Notice, error) {
	all := map[string][]ledger.Notice{}
	for e, err := range tasks.Due(ctx, before.Add(ahead)) {
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(systems, func(s ledger.System) bool { return s.ID == e.System })
		if i >= 0 && e.State == ledger.Told && e.OfOwner(systems[i]) && e.ToldAt.Before(before) {
			n := ledger.Notice{ID: e.ID(), System: systems[i], Task: e.Task, Request: e.Request, DueAt: e.DueAt, Asked: true}
			all[n.System.Owner] = append(all[n.System.Owner], n)
		}
	}
	for _, of := range all {
		slices.SortFunc(of, func(a, b ledger.Notice) int {
			return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID))
		})
	}
	return all, nil
}

// weeks queues this week's mails, each once.
func (c *Clock) weeks(ctx context.Context) error {
	s := service{c.Service}
	now := s.rowTime()
	at, due := s.weekly(now)
	if !due || len(s.Settings.Systems) == 0 {
		return nil
	}
	all, err := open(ctx, c.Tasks, s.Settings.Systems, at)
	if err != nil {
		return err
	}
	for _, o := range owners(s.Settings.Systems) {
		if len(all[o.mailbox]) == 0 {
			continue
		}
		l := outbox.Letter{SubjectID: DigestID, Template: o.template(), QueuedAt: at, DueAt: now, State: outbox.Pending}
		if err := c.Letters.QueueOnce(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// weeks is the outbox.Owner of one owner's mails. What they tell is read when one goes.
type weeks struct {
	*request.Service
	tasks Tasks
	ender outbox.Ender
	owner owner
}

// Read implements outbox.Owner.
func (w weeks) Read(ctx context.Context, l outbox.Letter) (outbox.Subject, error) {
	to, err := person.Parse(w.owner.mailbox)
	if err != nil {
		return outbox.Subject{Obsolete: true}, nil // desk.yaml has another by now
	}
	all, err := open(ctx, w.tasks, w.Settings.Systems, l.QueuedAt)
	if err != nil {
		return outbox.Subject{}, err
	}
	tasks := all[w.owner.mailbox]
	named := tasks[:min(len(tasks), maxTasks)]
	return outbox.Subject{To: to, Since: l.QueuedAt, Obsolete: len(tasks) == 0, About: Week{Tasks: named, More: len(tasks) - len(named)}}, nil
}

// Settle implements outbox.Owner.
func (w weeks) Settle(ctx context.Context, i outbox.Item) error { return w.ender.End(ctx, i.Letter) }
