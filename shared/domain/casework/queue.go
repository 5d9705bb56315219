package casework

import (
	"context"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// Page is a part of a queue.
type Page struct {
	View   View      `json:"view"`
	Rows   []Row     `json:"requests"`
	Next   string    `json:"next,omitempty"`   // Query.After of what follows; "" at the end
	Partly bool      `json:"partly,omitempty"` // fewer rows than asked for fit the view and the filters in what was read: Next reads on
	Counts *Counts   `json:"counts,omitempty"` // on the first page of what is under way
	Today  civil.Day `json:"today"`            // the organisation's
}

// Counts are the first line of a queue, whatever its view and filters.
type Counts struct {
	Overdue Count `json:"overdue"`
	Week    Count `json:"week"`    // due this week, and not overdue
	Appeals Count `json:"appeals"` // and complaints
	Waiting Count `json:"waiting"` // for the person
	New     Count `json:"new"`     // nobody at the desk has opened it

	Unconfirmed Count `json:"unconfirmed"` // by anybody, and not under way; at most a minute old
}

// Count is a number of requests.
type Count struct {
	N    int  `json:"n"`
	More bool `json:"more,omitempty"` // at least so many
}

// The first call of a list reads chunk rows. Further ones read more, only where the
// filters leave too few, until a page has made maxReads.
const (
	chunk     = 250
	bigChunk  = 1000
	maxReads  = 10
	nameReads = 6 // of a search by name
)

// Queue returns a page of requests in the order in which they are next. What
// changes its place between two pages is shown on both or on none; what stays is
// shown once. Invalid: a view, a filter or a position is unknown.
func (d *Desk) Queue(ctx context.Context, q Query) (Page, error) {
	if err := q.check(); err != nil {
		return Page{}, err
	}
	now := d.Requests.Now()
	v := d.view(&q, now)
	after, err := readCursor(q.View, q.After)
	if err != nil {
		return Page{}, err
	}
	holds, err := d.holds(ctx, now, keptFor)
	if err != nil {
		return Page{}, err
	}
	r := d.open(v.lists, after)
	r.until = v.until
	if err := r.begin(ctx); err != nil {
		return Page{}, err
	}
	if q.View == ViewUnconfirmed && q.After == "" {
		d.unconfirmed.get(now, 0, func() (Count, error) { return r.lists[0].count(), nil }) // whoever closes some looks at the first line next
	}
	page := Page{View: q.View, Today: civil.Of(now, d.Requests.Law.Zone())}
	if q.After == "" {
		if page.Counts, err = d.countFor(ctx, v.beside, r, now); err != nil {
			return Page{}, err
		}
	}
	matches := func(s *request.Summary) bool {
		return v.matches(s) && d.filter(&q, s) && (!q.Held || held(holds, s, now))
	}
	found, err := page.take(ctx, r, q, matches)
	page.Rows = d.rows(found, holds)
	return page, err
}

// take takes from the lists what matches, until the page is full, and says where
// the next one begins: behind the last row, if another matches.
func (p *Page) take(ctx context.Context, r *reader, q Query, matches func(*request.Summary) bool) (found []request.Summary, err error) {
	behind := ""
	for {
		s, end, err := r.next(ctx)
		switch {
		case err != nil || end == readOut:
			return found, err
		case end == readEnough && len(found) < q.Size:
			p.Next, p.Partly = r.cursor(q.View), true
			return found, nil
		case end == readEnough:
			p.Next = behind
			return found, nil
		case !matches(&s):
			continue
		case len(found) == q.Size:
			p.Next = behind
			return found, nil
		}
		if found = append(found, s); len(found) == q.Size {
			behind = r.cursor(q.View)
		}
	}
}

// countFor counts what is under way, and beside it what nobody confirmed, where a
// view shows that.
func (d *Desk) countFor(ctx context.Context, beside []List, r *reader, now time.Time) (*Counts, error) {
	if beside == nil && r.lists[0].List != open {
		return nil, nil
	}
	others := d.open(beside, nil)
	if err := others.begin(ctx); err != nil {
		return nil, err
	}
	c := d.count(append(others.lists, r.lists...), now)
	unconfirmed, err := d.unconfirmed.get(now, keptFor, func() (Count, error) {
		r := d.open(unconfirmed, nil)
		err := r.begin(ctx)
		return r.lists[0].count(), err
	})
	c.Unconfirmed = unconfirmed
	return c, err
}

// count counts what was read of what is under way, before any of it is taken.
func (d *Desk) count(lists []*listReader, now time.Time) *Counts {
	week, c, counted := d.endOfWeek(now), Counts{}, map[string]bool{}
	for _, l := range lists {
		for i := range l.rows {
			if s := &l.rows[i]; !counted[s.ID] && !s.State.Closed() {
				counted[s.ID] = true
				c.Overdue.add(overdue(s, now))
				c.Week.add(dueBy(s, week) && !overdue(s, now))
				c.Appeals.add(appealOrComplaint(s))
				c.Waiting.add(s.State == lifecycle.WaitingForPerson)
				c.New.add(!s.Touched)
			}
		}
		if l.more {
			l.beyond(&c, now, week)
		}
	}
	if l := lists[len(lists)-1]; l.Special { // it has all that waits, all appeals and complaints
		c.Appeals.More, c.Waiting.More = l.more, l.more
	}
	return &c
}

// beyond says of which there may be more behind what was read.
func (l *listReader) beyond(c *Counts, now, week time.Time) {
	c.Appeals.More, c.Waiting.More, c.New.More = true, true, true
	if l.List == open && len(l.rows) > 0 { // the soonest come first
		last := l.rows[len(l.rows)-1].Watched
		c.Overdue.More, c.Week.More = !last.After(now), !last.After(week)
	}
}

// count is how many were read of a list, before any of it is taken.
func (l *listReader) count() Count { return Count{len(l.rows), l.more} }

func (c *Count) add(one bool) {
	if one {
		c.N++
	}
}
