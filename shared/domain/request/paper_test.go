package request_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
)

const paperOfficer = "dpo/AIDA1"

func contact(t failer) person.Contact {
	t.Helper()
	c, err := person.ReadContact("Heart of Gold 42\n01234 Dresden", "+49 351 98765")
	if err != nil {
		t.Fatalf("%v", err)
	}
	return c
}

// onPaper is Marvin's request, who has no e-mail, as an officer enters it.
func (d *desk) onPaper(kinds ...intake.Kind) request.Intake {
	d.t.Helper()
	in := d.asks(germany, kinds...)
	in.Address, in.Contact, in.Name, in.Source, in.Officer = person.Address{}, contact(d.t), "Marvin Android", intake.FromOfficer, paperOfficer
	return in
}

// knownOnPaper is onPaper of somebody whom the officer has verified.
func (d *desk) knownOnPaper(kinds ...intake.Kind) request.Intake {
	in := d.onPaper(kinds...)
	in.Checked = []intake.Check{intake.InPerson}
	return in
}

// states says how far letters have come, such as "acknowledge to_post".
func (d *desk) states(id string) string {
	d.t.Helper()
	var all []string
	for _, l := range d.file(id).Letters {
		all = append(all, string(l.Template)+" "+string(l.State))
	}
	return strings.Join(all, ", ")
}

// post posts the letters that wait.
func (d *desk) post(id string, on time.Time) request.Request {
	d.t.Helper()
	f := d.file(id)
	for _, l := range f.Letters {
		if l.State == outbox.ToPost {
			d.ok(d.Posted(background, id, paperOfficer, l.Seq, l.Template, on, false))
		}
	}
	return d.file(id).Request
}

func TestWhoHasNoEmailIsEntered(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		change        func(*request.Intake)
		field, reason string
	}{
		"nowhere to write to": {func(in *request.Intake) { in.Contact = person.Contact{} }, "address", "missing"},
		"nobody":              {func(in *request.Intake) { in.Name = "" }, "name", "missing"},
		"an unknown check":    {func(in *request.Intake) { in.Checked = []intake.Check{"a feeling"} }, "checked", "unknown"},
		"no kind":             {func(in *request.Intake) { in.Kinds = nil }, "kind", "missing"},
	} {
		in := d.onPaper(deadline.Access)
		c.change(&in)
		if _, err := d.Open(background, in); err == nil {
			t.Errorf("%s is entered", name)
		} else {
			d.wantField(err, c.field, c.reason)
		}
	}
	r := d.open(d.knownOnPaper(deadline.Access))
	if r.State != lifecycle.Open || !r.NoEmail || !r.Paper || r.DueAt.IsZero() || !slices.Equal(r.Checked, []intake.Check{intake.InPerson}) || d.history(r.ID) != "received verified" {
		t.Errorf("%+v: %s", r, d.history(r.ID))
	}
	if e := d.event(r.ID, lifecycle.EventVerified); by(e) != "officer:"+paperOfficer || e.Facts["checked"] != "in_person" {
		t.Errorf("%s: %q", by(e), e.Facts)
	}
	if again := d.open(d.knownOnPaper(deadline.Erasure)); again.Ref != r.Ref || again.Ref != d.Key.TypedRef("marvin android, heart of gold 42, 01234 dresden") {
		t.Error("the same person is another")
	}
	twice := d.knownOnPaper(deadline.Access)
	twice.Sending = ""
	if a, b := d.open(twice), d.open(twice); a.ID != b.ID {
		t.Error("a double click makes two requests")
	}
	if s := r.Summary(); s.Person != "H***, 0*** · ***65" {
		t.Error(s.Person)
	}
}

// Whom no link can ask waits for an officer: it does not end, nor go, by itself, and
// whatever else an officer does, it stays in sight.
func TestNobodyIsMailedWhoHasNoEmail(t *testing.T) {
	d := newDesk(t)
	n, p := d.notifier()
	r := d.open(d.onPaper(deadline.Access))
	if r.State != lifecycle.Unverified || r.Look == nil || r.Look.Why != lifecycle.LookVerify || d.history(r.ID) != "received kept" || d.mails(r.ID) != "" {
		t.Errorf("%+v: %s", r, d.history(r.ID))
	}
	_, err := d.Resend(background, r.ID, audit.AsOfficer(paperOfficer))
	d.wantFault(err, fault.Conflict, "no e-mail")
	d.ok(d.Note(background, r.ID, paperOfficer, "asked by post"))
	r = d.ok(d.Seen(background, r.ID, paperOfficer))
	if r.Look == nil || r.Look.Why != lifecycle.LookVerify {
		t.Errorf("%+v is out of sight", r.Look)
	}
	d.later(400 * day)
	if _, err := d.Expire(background, r.ID, audit.BySystem); !fault.Is(err, fault.Conflict) {
		t.Errorf("it ends by itself: %v", err)
	}
	if class, _ := requestlog.Disposal(&r); class != "" {
		t.Errorf("it goes by itself, as %s", class)
	}
	r = d.ok(d.Verify(background, r.ID, paperOfficer, intake.Verification{Checked: []intake.Check{intake.Document}}))
	if r.Look != nil || r.State != lifecycle.Open || d.mails(r.ID) != "acknowledge" {
		t.Errorf("%+v, %s", r.Look, d.mails(r.ID))
	}
	if got := d.drain(n); got != (outbox.Report{ToPost: 1}) || p.n != 1 {
		t.Errorf("%+v", got)
	}
}

func TestALetterOnPaperIsPosted(t *testing.T) {
	d := newDesk(t)
	n, _ := d.notifier()
	r := d.open(d.knownOnPaper(deadline.Access))
	if got := d.drain(n); got != (outbox.Report{ToPost: 1}) {
		t.Errorf("%+v", got)
	}
	written := d.now
	f := d.file(r.ID)
	l := f.Letters[0]
	if !l.Paper || l.State != outbox.ToPost || !l.WrittenAt.Equal(d.now) || !l.SentAt.IsZero() || !f.Request.ToPost.Equal(d.now) || f.Request.Look.Why != lifecycle.LookToPost || !f.Request.Summary().ToPost.Equal(d.now) {
		t.Errorf("%+v, look %+v", l, f.Request.Look)
	}
	d.later(3 * day)
	d.ok(d.Note(background, r.ID, paperOfficer, "in the tray"))
	if seen := d.ok(d.Seen(background, r.ID, paperOfficer)); seen.Look == nil || !seen.Look.Since.Equal(written) {
		t.Errorf("out of sight: %+v", seen.Look)
	}
	if got := d.drain(n); got != (outbox.Report{}) {
		t.Errorf("written twice: %+v", got)
	}
	_, err := d.Posted(background, r.ID, paperOfficer, l.Seq, l.Template, d.now.Add(time.Minute), false)
	d.wantField(err, "posted_on", "future")
	_, err = d.Posted(background, r.ID, paperOfficer, l.Seq, l.Template, written.Add(-day), false)
	d.wantField(err, "posted_on", "early")
	_, err = d.Posted(background, r.ID, paperOfficer, l.Seq+1, l.Template, d.now, false)
	d.wantFault(err, fault.Conflict, "no such letter")
	on := d.now.Add(-day)
	r = d.ok(d.Posted(background, r.ID, paperOfficer, l.Seq, l.Template, on, false))
	if l = d.file(r.ID).Letters[0]; l.State != outbox.Sent || !l.SentAt.Equal(on) || r.Look != nil || !r.ToPost.IsZero() {
		t.Errorf("%+v, look %+v", l, r.Look)
	}
	e := d.event(r.ID, lifecycle.EventPosted)
	if by(e) != "officer:"+paperOfficer || e.Facts["template"] != "acknowledge" || !strings.HasPrefix(e.Facts["posted_on"], on.UTC().Format(time.DateOnly)) {
		t.Errorf("%s %q", by(e), e.Facts)
	}
	d.ok(d.Posted(background, r.ID, paperOfficer, l.Seq, l.Template, d.now, false))
	d.wantUnchanged(r)
}

// What is not needed any more is no letter, and the next one waits all the same.
func TestALetterIsNotPosted(t *testing.T) {
	d := newDesk(t)
	n, _ := d.notifier()
	r := d.open(d.knownOnPaper(deadline.Access))
	d.drain(n)
	d.later(day)
	d.ok(d.Extend(background, r.ID, paperOfficer, deadline.Complexity, ""))
	d.drain(n)
	if _, err := requestlog.Reduce(d.file(r.ID), lifecycle.EventErased, d.now, d.Random); !fault.Is(err, fault.Conflict) {
		t.Errorf("its letters wait, and it goes: %v", err)
	}
	ack := d.file(r.ID).Letters[0]
	r = d.ok(d.Posted(background, r.ID, paperOfficer, ack.Seq, ack.Template, time.Time{}, true))
	if d.states(r.ID) != "acknowledge obsolete, extended to_post" || !r.ToPost.Equal(d.now) || r.Look == nil {
		t.Errorf("%s, to post since %v", d.states(r.ID), r.ToPost)
	}
	d.post(r.ID, d.now)
	if want := "received verified extended not_posted posted"; d.history(r.ID) != want {
		t.Error(d.history(r.ID))
	}
}

// What the letter invites comes by post too: an officer enters it, and its dates run
// from the day on which it came.
func TestWhatComesByPostAgainstAnAnswer(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.knownOnPaper(deadline.Access))
	d.later(day)
	d.ok(d.Decide(background, r.ID, paperOfficer, answer("", decision.Refuse, decision.Excessive)))
	decided := d.now
	d.later(9 * day)
	came := intake.Entered{Officer: "clerk/1", At: d.now.Add(-2 * day), By: "post"}
	for _, c := range []struct {
		at            time.Time
		by            intake.Channel
		field, reason string
	}{{d.now.Add(day), "post", "received_on", "future"}, {decided.Add(-day), "post", "received_on", "early"}, {came.At, "", "came_by", "missing"}, {came.At, "pigeon", "came_by", "unknown"}} {
		_, err := d.Appeal(background, r.ID, "unjust", intake.Entered{Officer: "clerk/1", At: c.at, By: c.by})
		d.wantField(err, c.field, c.reason)
		_, err = d.Disagree(background, r.ID, audit.ByOfficer+":clerk/1", "No.", intake.Entered{Officer: "clerk/1", At: c.at, By: c.by})
		d.wantField(err, c.field, c.reason)
	}
	d.ok(d.Disagree(background, r.ID, audit.ByOfficer+":clerk/1", "No.", came))
	appeal := d.ok(d.Appeal(background, r.ID, "unjust", came))
	if again := d.ok(d.Appeal(background, r.ID, "unjust", came)); again.ID != appeal.ID {
		t.Error("a double click makes two appeals")
	}
	if !appeal.ReceivedAt.Equal(came.At) || !appeal.ClockFrom.Equal(came.At) || !appeal.Paper || !appeal.NoEmail || appeal.State != lifecycle.Open || appeal.AnsweredBy != paperOfficer {
		t.Errorf("%+v", appeal)
	}
	for id, kind := range map[string]lifecycle.Event{r.ID: lifecycle.EventAppealed, appeal.ID: lifecycle.EventReceived} {
		if e := d.event(id, kind); by(e) != "officer:clerk/1" || e.Facts["came_by"] != "post" || !strings.HasPrefix(e.Facts["came"], came.At.UTC().Format(time.DateOnly)) {
			t.Errorf("%s by %s: %q", kind, by(e), e.Facts)
		}
	}
	if e := d.event(r.ID, lifecycle.EventDisagreed); by(e) != "officer:clerk/1" || e.Facts["came_by"] != "post" {
		t.Errorf("%s %q", by(e), e.Facts)
	}
	if _, err := d.Decide(background, appeal.ID, paperOfficer, answer("", decision.Refuse, decision.Excessive)); !fault.Is(err, fault.Conflict) {
		t.Errorf("who answered decides on the appeal: %v", err)
	}
}
