package request_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
)

// joined keeps what each mail holds.
type joined struct {
	mails [][]outbox.Item
	at    []time.Time
	d     *desk
}

func (j *joined) Mail(_ context.Context, letters []outbox.Item, _ func(outbox.Words) error) (string, error) {
	j.mails, j.at = append(j.mails, letters), append(j.at, j.d.now)
	return fmt.Sprint("ses-", len(j.mails)), nil
}

// with is the time of the mail that holds a request, zero if there is none.
func (j *joined) with(id string) time.Time {
	for i, m := range j.mails {
		if slices.ContainsFunc(m, func(l outbox.Item) bool { return l.SubjectID == id }) {
			return j.at[i]
		}
	}
	return time.Time{}
}

func (d *desk) joined() (*outbox.Drain, *joined) {
	j := &joined{d: d}
	n, _ := d.notifier()
	n.Mailer = j
	return n, j
}

// Ten strangers may send three hundred requests in somebody's name: the
// person's own, which comes last, is told within hours, in few mails.
func TestStrangersHoldNobodyUpForLong(t *testing.T) {
	d := newDesk(t)
	d.caps.PerMailbox = 3
	n, j := d.joined()
	for range 300 {
		d.open(d.asks(germany, deadline.Access))
		d.later(time.Second)
		d.drain(n)
	}
	own := d.open(d.asks(germany, deadline.Erasure))
	asked := d.now
	for range 24 * 60 {
		d.drain(n)
		d.later(time.Minute)
	}
	told := j.with(own.ID)
	if told.IsZero() || told.Sub(asked) > 3*quota.Window {
		t.Errorf("asked at %v, told at %v", asked, told)
	}
	if r := d.file(own.ID).Request; !r.VerifyBy.Equal(dayEnd(told, 7)) {
		t.Errorf("told at %v, to be confirmed by %v", told, r.VerifyBy)
	}
	perWindow := map[time.Time]int{}
	seen := map[string]int{}
	last := time.Time{}
	for i, m := range j.mails {
		perWindow[j.at[i].Truncate(quota.Window)]++
		for _, l := range m {
			seen[l.SubjectID]++
			if l.Subject.Since.Before(last) {
				t.Errorf("%s comes after what is younger", l.SubjectID)
			}
			last = l.Subject.Since
		}
		if len(m) > 50 {
			t.Errorf("a mail lists %d requests", len(m))
		}
	}
	for at, count := range perWindow {
		if count > 3 {
			t.Errorf("%d mails from %v on", count, at)
		}
	}
	if len(seen) != 301 {
		t.Errorf("%d requests were told", len(seen))
	}
}

// What strangers cause in somebody's name uses up no mail of what the person
// has confirmed, of an officer, or of a mail that is surely theirs.
func TestStrangersUseUpNoOthersMails(t *testing.T) {
	byMail := func(d *desk, authentic bool) request.Request {
		in := d.asks(germany, deadline.Access)
		in.Source, in.Authentic = intake.FromMail, authentic
		return d.open(in)
	}
	d := newDesk(t)
	d.caps.PerMailbox, d.caps.PerDay = 1, 2
	mine := d.open(d.asks(germany, deadline.Access))
	n, j := d.joined()
	d.drain(n)
	byMail(d, false) // uses the desk's second mail
	for range 5 {
		d.open(d.asks(germany, deadline.Erasure))
	}
	d.drain(n)
	if len(j.mails) != 2 {
		t.Fatalf("%d mails", len(j.mails))
	}
	d.confirm(mine)
	paper := d.asks(germany, deadline.Correction)
	paper.Source = intake.FromOfficer
	author, entered, waiting := byMail(d, true), d.open(paper), d.open(d.asks(germany, deadline.Access))
	d.later(time.Second)
	d.drain(n)
	if d.mails(mine.ID) != "verify acknowledge" || j.with(author.ID).IsZero() || j.with(entered.ID).IsZero() || !j.with(waiting.ID).IsZero() || len(j.mails) != 5 {
		t.Errorf("%d mails", len(j.mails))
	}
	d.ok(d.Resend(background, waiting.ID, "officer:dpo"))
	d.later(time.Second)
	if report := d.drain(n); report.Sent != 1 || j.with(waiting.ID).IsZero() {
		t.Errorf("what an officer sends waits: %+v", report)
	}
}

// Mails that are sent for a machine's mails are one a day, and the rest of the
// day's go together.
func TestMailsAreAnsweredOnceADay(t *testing.T) {
	d := newDesk(t)
	n, j := d.joined()
	d.now = d.now.Truncate(quota.Day)
	for i := range 10 {
		in := d.asks(germany, deadline.Access)
		in.Source, in.Authentic = intake.FromMail, i%2 == 0
		d.open(in)
		d.drain(n)
		d.later(time.Hour)
	}
	if len(j.mails) != 2 {
		t.Errorf("%d answers", len(j.mails))
	}
	d.now = d.now.Truncate(quota.Day).Add(quota.Day)
	d.drain(n)
	if len(j.mails) != 4 || len(j.mails[2])+len(j.mails[3]) != 8 {
		t.Errorf("%d answers", len(j.mails))
	}
}

// Strangers cannot have more mails sent in a day than the desk has for them,
// to whomever; the rest goes the next day, oldest first, and the run says so.
func TestBudgetOfTheDesk(t *testing.T) {
	d := newDesk(t)
	d.caps.PerDay = 3
	n, j := d.joined()
	var ids []string
	for i := range 5 {
		in := d.asks(germany, deadline.Access)
		in.Address = d.address(fmt.Sprintf("marvin%d@example.com", i))
		ids = append(ids, d.open(in).ID)
		d.later(time.Second)
	}
	if report := d.drain(n); report.Sent != 3 || report.Postponed != 2 || report.OverBudget != 2 {
		t.Errorf("%+v", report)
	}
	d.now = d.now.Truncate(quota.Day).Add(quota.Day)
	if report := d.drain(n); report != (outbox.Report{Sent: 2}) {
		t.Errorf("the next day: %+v", report)
	}
	for i, id := range ids {
		if j.with(id).IsZero() || j.mails[i][0].SubjectID != id {
			t.Errorf("%s is not the mail number %d", id, i+1)
		}
	}
}

// While the mail waits that asks for it, the time to confirm does not end.
func TestTimeToConfirmCountsFromTheMail(t *testing.T) {
	d := newDesk(t)
	d.caps.PerDay = 0
	r := d.open(d.asks(germany, deadline.Access))
	n, j := d.joined()
	for range 10 {
		d.drain(n)
		d.later(day)
	}
	_, err := d.Expire(background, r.ID, audit.BySystem)
	d.wantFault(err, fault.Conflict, "not gone")
	d.ok(d.Resend(background, r.ID, audit.ByPerson))
	d.caps.PerDay = 1
	d.drain(n)
	told := j.with(r.ID)
	d.now = dayEnd(told, 7).Add(-time.Second)
	if got := d.confirm(r); got.State != lifecycle.Open {
		t.Errorf("told at %v: %s", told, got.State)
	}
}

// Where it cannot be known whether there is room, the mail waits.
func TestUncountedMailsWait(t *testing.T) {
	d := newDesk(t)
	d.open(d.asks(germany, deadline.Access))
	n, j := d.joined()
	d.store.Counts.Err = errDown
	if report := d.drain(n); report != (outbox.Report{Failed: 1}) || len(j.mails) != 0 {
		t.Errorf("%+v", report)
	}
	d.store.Counts.Err = nil
	if report := d.drain(n); report != (outbox.Report{Sent: 1}) {
		t.Errorf("%+v", report)
	}
}
