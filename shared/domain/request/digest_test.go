package request_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// officer is the officer's mailbox, and how it fails.
type officer struct {
	got  []agenda.Digest
	next func() (err error, arrives bool) // may be nil
}

func (o *officer) Mail(_ context.Context, items []outbox.Item, _ func(outbox.Words) error) (string, error) {
	digest := items[0].Subject.About.(agenda.Digest)
	if o.next == nil {
		o.got = append(o.got, digest)
		return "ses-1", nil
	}
	err, arrives := o.next()
	if arrives {
		o.got = append(o.got, digest)
	}
	return "", err
}

// last says what the newest digest tells, and forgets it.
func (o *officer) last() string {
	var told []string
	for _, d := range o.got {
		for _, l := range d.Lines {
			told = append(told, fmt.Sprintf("%d/%d", l.Left, l.Late))
		}
	}
	o.got = nil
	return strings.Join(told, " ")
}

// hours are the clock and the outbox, which runs after it.
type hours struct {
	*agenda.Clock
	mails *outbox.Drain
	sent  outbox.Report // of the last run
}

func (d *desk) clock() (*hours, *officer) {
	o, q := &officer{}, queue{d.optOuts.Outbox, d.store, true}
	digests := agenda.Digests{Service: d.Service, Agenda: d.store, Ender: q, To: d.address("dpo@example.com")}
	mails := &outbox.Drain{
		Queue: q, Kinds: map[outbox.Template]outbox.Kind{agenda.MailDigest: {Owner: digests, Repeats: true}}, Mailer: o, Caps: d.caps,
		Now: func() time.Time { return d.now },
	}
	return &hours{Clock: &agenda.Clock{Service: d.Service, Agenda: d.store, Letters: q}, mails: mails}, o
}

func (h *hours) Run(ctx context.Context, over func() bool) (agenda.Report, error) {
	report, err := h.Clock.Run(ctx, over)
	var mailErr error
	h.sent, mailErr = h.mails.Run(ctx, over)
	return report, errors.Join(err, mailErr)
}

func (d *desk) run(h *hours) agenda.Report {
	d.t.Helper()
	report, err := h.Run(background, never)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	return report
}

// due opens a request whose answer is due on a date.
func (d *desk) due(place deadline.Jurisdiction, at time.Time) request.Request {
	d.t.Helper()
	r := d.opened(d.asks(place, deadline.Access))
	r.Version++
	r.DueAt = at
	if err := d.store.Requests.Save(background, request.Step{Request: r}); err != nil {
		d.t.Fatalf("%v", err)
	}
	return r
}

// Which day tells of which threshold: "days left/days late" of the lines, by
// the controller's calendar and clock.
func TestThresholds(t *testing.T) {
	for name, c := range map[string]struct {
		zone, calendar, due string
		looks               []string // a moment and what it tells
	}{
		"each once": {"America/Los_Angeles", "weekends", "2026-12-22 23:59:59", []string{
			"2026-12-10 12:00", "", "2026-12-11 00:00", "7/0", "2026-12-11 23:59", "", "2026-12-16 12:00", "", "2026-12-17 00:00", "3/0",
			"2026-12-20 12:00", "", "2026-12-21 00:00", "1/0", "2026-12-22 12:00", "0/0", "2026-12-22 23:59", "", "2026-12-23 00:00", "0/1",
			"2026-12-29 23:00", "", "2026-12-30 00:00", "0/8", "2027-01-06 12:00", "0/15", "2027-01-06 13:00", ""}},
		"after an outage one line for the nearest": {"America/Los_Angeles", "weekends", "2026-12-22 23:59:59", []string{
			"2026-12-21 09:00", "1/0", "2026-12-21 10:00", "", "2027-01-20 10:00", "0/29", "2027-01-20 11:00", ""}},
		"holidays are no days": {"Europe/London", "gb-england", "2026-12-29 23:59:59", []string{
			"2026-12-15 12:00", "", "2026-12-16 12:00", "7/0", "2026-12-23 12:00", "2/0", "2026-12-24 12:00", "1/0", "2026-12-25 12:00", "", "2026-12-28 12:00", "", "2026-12-29 12:00", "0/0"}},
		"the last working day is the Friday": {"America/Los_Angeles", "weekends", "2026-12-20 23:59:59", []string{
			"2026-12-17 12:00", "1/0", "2026-12-18 00:00", "0/0", "2026-12-20 23:59", "", "2026-12-21 00:00", "0/1"}},
		"over the change of the clocks": {"Europe/Berlin", "weekends", "2027-03-29 23:59:59", []string{
			"2027-03-25 23:59", "2/0", "2027-03-26 00:00", "1/0", "2027-03-28 03:30", "", "2027-03-29 00:00", "0/0", "2027-03-30 00:00", "0/1"}},
		"over the other change": {"America/Los_Angeles", "weekends", "2027-11-08 23:59:59", []string{
			"2027-11-05 00:00", "1/0", "2027-11-07 01:30", "", "2027-11-08 00:00", "0/0"}},
		"over 29 February": {"Europe/Berlin", "weekends", "2028-03-01 23:59:59", []string{
			"2028-02-25 12:00", "3/0", "2028-02-28 12:00", "", "2028-02-29 12:00", "1/0", "2028-03-01 12:00", "0/0"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			if d.Law, err = deadline.New(deadline.Default(), zone, c.calendar); err != nil {
				t.Fatal(err)
			}
			at := func(text string) time.Time {
				v, err := time.ParseInLocation("2006-01-02 15:04:05", (text + ":00")[:19], zone)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			d.due(california, at(c.due))
			clock, post := d.clock()
			for look := range slices.Chunk(c.looks, 2) {
				d.now = at(look[0])
				d.run(clock)
				if got := post.last(); got != look[1] {
					t.Errorf("%s: %q, want %q", look[0], got, look[1])
				}
			}
		})
	}
}

func TestDigestTellsWhatTheOfficerMayKnow(t *testing.T) {
	d := newDesk(t)
	waits := d.opened(d.asks(california, deadline.Access))
	d.now = waits.DueAt.AddDate(0, 0, -28)
	other := d.asks(germany, deadline.Access)
	other.Address = d.address("trillian@example.com")
	paused := d.opened(other)
	d.now = waits.DueAt.AddDate(0, 0, -2)
	late := d.due(germany, d.now.Add(-time.Hour))
	soon := d.due(california, d.now.AddDate(0, 0, 1))
	far := d.due(california, d.now.AddDate(0, 0, 60))
	for _, r := range []request.Request{waits, paused} {
		asked := d.ok(d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
		if asked.DueAt.After(d.now.AddDate(0, 0, 9)) || !asked.DueAt.Equal(r.DueAt) {
			t.Fatalf("due %v", asked.DueAt)
		}
	}
	clock, post := d.clock()
	report := d.run(clock)
	if len(post.got) != 1 {
		t.Fatalf("%d digests", len(post.got))
	}
	digest := post.got[0]
	var lines []string
	for _, l := range digest.Lines {
		lines = append(lines, l.Reference)
		if l.Reference == waits.ID && l.State != lifecycle.WaitingForPerson || l.Due.Rule == "" || l.Kinds[0] != deadline.Access {
			t.Errorf("%+v", l)
		}
	}
	if !slices.Equal(lines, []string{late.ID, soon.ID, waits.ID}) {
		t.Errorf("%v; far away %s, paused %s", lines, far.ID, paused.ID)
	}
	if text := fmt.Sprintf("%+v", digest.Lines); strings.Contains(strings.ToLower(text), "marvin") || strings.Contains(text, "trillian") || strings.Contains(text, "Who?") {
		t.Errorf("names a person: %s", text)
	}
	if report.Overdue != 1 || report.DueSoon != 2 || !report.Counted || !report.Queued || clock.sent.Sent != 1 {
		t.Errorf("%+v", report)
	}
}

// What becomes of a digest that fails, in every way, and what the next hours
// make of it: it is never lost, and comes twice only where nobody knows whether
// it went. Then it says so.
func TestDigestIsNeverLost(t *testing.T) {
	killed := errors.New("killed")
	for name, c := range map[string]struct {
		break_  func(d *desk, o *officer)
		runs    []string // of each hour: what the officer got
		fails   bool     // the first run
		unknown int
		again   int // lines that say that they may have been told
	}{
		"SES is busy":                   {func(_ *desk, o *officer) { o.fail(fault.New(fault.Unavailable, "busy"), false) }, []string{"", "1/0", ""}, false, 0, 0},
		"SES says nothing":              {func(_ *desk, o *officer) { o.fail(outbox.ErrUnsure, false) }, []string{"", "1/0", ""}, false, 1, 1},
		"it went, and nobody knows":     {func(_ *desk, o *officer) { o.fail(outbox.ErrUnsure, true) }, []string{"1/0", "1/0", ""}, false, 1, 1},
		"killed before it is queued":    {func(d *desk, _ *officer) { d.store.fail("queue", killed, 1) }, []string{"", "1/0", ""}, true, 0, 0},
		"killed before SES is asked":    {func(d *desk, _ *officer) { d.store.fail("move", killed, 1) }, []string{"", "1/0", ""}, true, 0, 0},
		"killed before the reminders":   {func(d *desk, _ *officer) { d.store.dies("save", killed) }, []string{"", "1/0", ""}, true, 0, 0},
		"killed before its end":         {func(d *desk, _ *officer) { d.store.fail("end", killed, 1) }, []string{"1/0", "1/0", ""}, true, 0, 1},
		"a reminder cannot be written":  {func(d *desk, _ *officer) { d.store.fail("save", killed, 1) }, []string{"", "1/0", ""}, true, 0, 0},
		"a request cannot be read once": {func(d *desk, _ *officer) { d.store.fail("load", errDown, 1) }, []string{"", "1/0", ""}, true, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.now = time.Date(2026, 12, 21, 20, 0, 0, 0, time.UTC)
			d.due(california, d.now.AddDate(0, 0, 1))
			clock, post := d.clock()
			c.break_(d, post)
			unknown, again := 0, 0
			for i, want := range c.runs {
				_, err := clock.Run(background, never)
				d.store.before = nil
				unknown += clock.sent.Unknown
				for _, digest := range post.got {
					for _, l := range digest.Lines {
						if l.Again {
							again++
						}
					}
				}
				if got := post.last(); got != want || (err != nil) != (c.fails && i == 0) {
					t.Errorf("run %d: %q, want %q: %v", i, got, want, err)
				}
				d.later(time.Hour)
			}
			if unknown != c.unknown || again != c.again {
				t.Errorf("%d digests are unknown, %d lines come again", unknown, again)
			}
		})
	}
}

// fail makes the first digest fail.
func (o *officer) fail(err error, arrives bool) {
	first := true
	o.next = func() (error, bool) {
		if !first {
			return nil, true
		}
		first = false
		return err, arrives
	}
}

// fail makes the nth call of a name fail, and nothing is written.
func (s *store) fail(name string, err error, nth int) {
	s.before = func(call string) error {
		if call == name {
			if nth--; nth == 0 {
				return err
			}
		}
		return nil
	}
}

// dies makes all calls fail from the first of a name on.
func (s *store) dies(name string, err error) {
	dead := false
	s.before = func(call string) error {
		if dead = dead || call == name; dead {
			return err
		}
		return nil
	}
}

// Watched implements agenda.Agenda, and counts what it gives.
func (s *store) Watched(ctx context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	return func(yield func(request.Summary, error) bool) {
		if err := s.call("watched " + string(w)); err != nil {
			yield(request.Summary{}, err)
			return
		}
		for q, err := range s.Requests.Watched(ctx, w, by) {
			s.calls = append(s.calls, "row")
			if !yield(q, err) {
				return
			}
		}
	}
}

// A request that can be read and never written holds up no other, brings no
// mail by itself, and is reported at every run.
func TestOneThatCannotBeWrittenBringsNoMails(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2026, 12, 21, 20, 0, 0, 0, time.UTC)
	bad := d.due(california, d.now.AddDate(0, 0, 1))
	d.due(california, d.now.AddDate(0, 0, 1))
	d.store.broken = bad.ID
	clock, post := d.clock()
	var digests []agenda.Digest
	for range 24 {
		if _, err := clock.Run(background, never); err == nil {
			t.Error("nobody hears of it")
		}
		digests, post.got = append(digests, post.got...), nil
		d.later(10 * time.Minute)
	}
	if len(digests) != 1 || len(digests[0].Lines) != 1 || digests[0].Lines[0].Reference == bad.ID || digests[0].DueSoon != 2 {
		t.Errorf("%+v", digests)
	}
	d.store.broken = ""
	d.run(clock)
	if got := post.last(); got != "1/0" {
		t.Errorf("once it can be written: %q", got)
	}
}

// An address that SES refuses loses nothing: it is all told once it takes mail.
func TestRefusedDigestIsToldLater(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2026, 12, 21, 20, 0, 0, 0, time.UTC)
	d.due(california, d.now.AddDate(0, 0, 1))
	clock, post := d.clock()
	post.fail(fault.New(fault.Invalid, "no such mailbox"), false)
	d.run(clock)
	d.later(time.Hour)
	if d.run(clock); post.last() != "1/0" {
		t.Error("it was lost")
	}
}

// Two runs at once: one tells.
func TestTwoRunsTellOnce(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2026, 12, 21, 20, 0, 0, 0, time.UTC)
	for i := range 5 {
		d.due(california, d.now.Add(time.Duration(i+1)*time.Hour))
	}
	one, post := d.clock()
	two, _ := d.clock()
	two.mails.Mailer = post
	inside := false
	d.store.before = func(call string) error { // the other runs whenever this one is about to write what it has chosen
		if inside || strings.HasPrefix(call, "watched") {
			return nil
		}
		inside = true
		defer func() { inside = false }()
		if _, err := two.Run(background, never); err != nil {
			t.Error(err)
		}
		return nil
	}
	d.run(one)
	d.store.before = nil
	for range 3 {
		d.later(time.Hour)
		d.run(one)
	}
	told := map[string]int{} // each comes close, and two are overdue at the end
	for _, digest := range post.got {
		for _, l := range digest.Lines {
			told[fmt.Sprintf("%s, late %v", l.Reference, l.Late > 0)]++
		}
	}
	for line, n := range told {
		if n != 1 {
			t.Errorf("%s: told %d times", line, n)
		}
	}
	if len(told) != 5+2 {
		t.Errorf("told %v", told)
	}
}

// A run costs what is due: neither what is due later nor what is closed.
func TestCostIsThatOfWhatIsDue(t *testing.T) {
	cost := func(later, closed int) int {
		d := newDesk(t)
		d.now = time.Date(2026, 12, 21, 20, 0, 0, 0, time.UTC)
		for i := range 3 {
			d.due(california, d.now.Add(time.Duration(i+1)*time.Hour))
		}
		for i := range later {
			d.due(california, d.now.AddDate(0, 0, 20+i%20))
		}
		for range closed {
			d.refused(d.asks(california, deadline.Access))
		}
		clock, _ := d.clock()
		d.store.calls = nil
		d.run(clock)
		return len(d.store.calls)
	}
	if few, many := cost(0, 0), cost(200, 200); few != many {
		t.Errorf("%d calls and rows, %d with 400 requests that are not due", few, many)
	}
}

// Whatever times the clock runs at, and however it dies: each threshold of a
// date is told at most once for certain, and what is overdue is told.
func TestRandomClocks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDeskFor(t, rt)
		d.now = time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
		ids := map[string]time.Time{}
		for range rapid.IntRange(1, 4).Draw(rt, "requests") {
			r := d.due(california, d.now.Add(time.Duration(rapid.IntRange(1, 30*24).Draw(rt, "hours"))*time.Hour))
			ids[r.ID] = r.DueAt
		}
		clock, post := d.clock()
		fails := rapid.Bool().Draw(rt, "fails")
		d.store.before = func(call string) error {
			if fails && rapid.IntRange(0, 9).Draw(rt, "the table fails") == 7 {
				return errDown
			}
			return nil
		}
		post.next = func() (error, bool) {
			switch n := rapid.IntRange(0, 9).Draw(rt, "the mail"); {
			case !fails || n > 2:
				return nil, true
			case n == 0:
				return fault.New(fault.Unavailable, "busy"), false
			default:
				return outbox.ErrUnsure, n == 1
			}
		}
		for range rapid.IntRange(1, 60).Draw(rt, "runs") {
			d.later(time.Duration(rapid.IntRange(1, 40*60).Draw(rt, "minutes")) * time.Minute)
			_, _ = clock.Run(background, never)
		}
		fails = false
		for range 3 { // at last all is well, the reminders of what died run out
			d.later(8 * day)
			_, _ = clock.Run(background, never)
		}
		told, overdue := map[string]int{}, map[string]bool{}
		for _, digest := range post.got {
			for _, l := range digest.Lines {
				if !l.Again {
					told[fmt.Sprintf("%s %d %d", l.Reference, nearest(l), (l.Late+6)/7)]++
				}
				overdue[l.Reference] = overdue[l.Reference] || l.Late > 0
			}
		}
		for step, n := range told {
			if n > 1 {
				rt.Errorf("%s was told %d times", step, n)
			}
		}
		for id, due := range ids {
			if d.now.After(due) && !overdue[id] {
				rt.Errorf("%s is overdue since %s, and nobody was told", id, due)
			}
		}
	})
}

func nearest(l agenda.Line) int {
	for _, days := range []int{0, 1, 3, 7} {
		if l.Left <= days {
			return days
		}
	}
	return -1
}

// What goes by itself needs nothing of the officer: a digest tells of it when it was called back.
func TestDigestLeavesOutWhatIsOnItsWay(t *testing.T) {
	d := newDesk(t)
	d.now = time.Date(2026, 12, 21, 20, 0, 0, 0, time.UTC)
	q := d.due(germany, time.Date(2026, 12, 23, 7, 59, 59, 0, time.UTC))
	d.ok(d.SaveDraft(background, q.ID, "dpo/A", grant))
	d.ok(d.Send(background, q.ID, "dpo/A", draft.Morning))
	h, o := d.clock()
	if report := d.run(h); report.Queued || report.DueSoon != 1 || o.last() != "" {
		t.Errorf("told of what is on its way: %+v", report)
	}
	d.ok(d.CallBack(background, q.ID, "dpo/A"))
	if report := d.run(h); !report.Queued || o.last() != "1/0" {
		t.Errorf("not told of what was called back: %+v", report)
	}
}
