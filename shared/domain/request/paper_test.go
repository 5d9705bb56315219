package request_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
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

// A letter that is written and not posted ends with the step that makes it untrue,
// and what is left to post stays in sight.
func TestALetterToPostIsOvertaken(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(*desk, request.Request) error
		want string
	}{
		"withdrawn, and opened again": {func(d *desk, r request.Request) error {
			d.ok(d.Withdraw(background, r.ID, audit.AsOfficer(paperOfficer)))
			d.writes()
			_, err := d.Reopen(background, r.ID, paperOfficer, "they think again")
			return err
		}, "acknowledge obsolete, withdrawn obsolete, reopened to_post"},
		"refused, and opened again": {func(d *desk, r request.Request) error {
			d.ok(d.Decide(background, r.ID, paperOfficer, answer("", decision.Refuse, decision.Excessive)))
			d.writes()
			_, err := d.Reopen(background, r.ID, paperOfficer, "we were wrong")
			return err
		}, "acknowledge obsolete, decision obsolete, reopened to_post"},
		"refused": {func(d *desk, r request.Request) error {
			_, err := d.Decide(background, r.ID, paperOfficer, answer("", decision.Refuse, decision.Excessive))
			return err
		}, "acknowledge obsolete, decision to_post"},
		"asked, and answered meanwhile": {func(d *desk, r request.Request) error {
			d.ok(d.Ask(background, r.ID, paperOfficer, waiting.Waiting{Cause: deadline.Identity, Question: "Which planet?"}))
			d.writes()
			_, err := d.Answer(background, r.ID, paperOfficer, time.Time{})
			return err
		}, "acknowledge to_post, waiting obsolete"},
		"joined, and opened again": {func(d *desk, r request.Request) error {
			first := d.knownOnPaper(deadline.Access)
			first.Details, first.ReceivedAt = "the same, by telephone", d.now.Add(-day)
			d.ok(d.Join(background, r.ID, paperOfficer, d.open(first).ID, ""))
			d.writes()
			_, err := d.Reopen(background, r.ID, paperOfficer, "it is another")
			return err
		}, "acknowledge obsolete, joined obsolete, reopened to_post"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.open(d.knownOnPaper(deadline.Access))
			d.writes()
			if err := c.act(d, r); err != nil {
				t.Fatal(err)
			}
			if r = d.file(r.ID).Request; strings.Contains(c.want, "reopened") && (!r.ToPost.IsZero() || r.Look != nil) {
				t.Errorf("nothing is left to post: %v, %+v", r.ToPost, r.Look)
			}
			d.writes()
			if r = d.file(r.ID).Request; d.states(r.ID) != c.want || r.ToPost.IsZero() || r.Look == nil || r.Look.Why != lifecycle.LookToPost {
				t.Errorf("%s; to post since %v, %+v", d.states(r.ID), r.ToPost, r.Look)
			}
		})
	}
}

// An acknowledgement that asks for a proof is written anew once the proof has come.
func TestAnAcknowledgementThatAsksIsOvertaken(t *testing.T) {
	d := newDesk(t)
	in := d.knownOnPaper(deadline.Access)
	in.OnBehalfOf = intake.Agent
	r := d.open(in)
	d.writes()
	if r = d.ok(d.Answer(background, r.ID, paperOfficer, time.Time{})); d.states(r.ID) != "acknowledge obsolete, acknowledge pending" || !r.ToPost.IsZero() || r.Look != nil {
		t.Errorf("%s; to post since %v, %+v", d.states(r.ID), r.ToPost, r.Look)
	}
	d.writes()
	if r = d.file(r.ID).Request; d.states(r.ID) != "acknowledge obsolete, acknowledge to_post" || r.ToPost.IsZero() {
		t.Errorf("%s; to post since %v", d.states(r.ID), r.ToPost)
	}
}

// writes writes the letters that wait, a little later.
func (d *desk) writes() {
	d.later(time.Minute)
	n, _ := d.notifier()
	d.drain(n)
}

// A question on paper stops our clock, and begins the person's time, on the day on
// which it is posted.
func TestTheTimeToAnswerBeginsWhenItIsPosted(t *testing.T) {
	for name, c := range map[string]struct {
		behalf   intake.Behalf
		template outbox.Template
	}{"asked by an officer": {intake.Self, requestmail.Waiting}, "asked with the acknowledgement": {intake.Agent, requestmail.Acknowledge}} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			n, _ := d.notifier()
			in := d.knownOnPaper(deadline.Access)
			in.OnBehalfOf = c.behalf
			r := d.open(in)
			d.drain(n)
			if c.template == requestmail.Waiting {
				r = d.post(r.ID, d.now)
				d.ok(d.Ask(background, r.ID, paperOfficer, waiting.Waiting{Cause: deadline.Identity, Question: "Which planet?"}))
				d.drain(n)
			}
			d.later(5 * day)
			r = d.file(r.ID).Request
			if r.State != lifecycle.WaitingForPerson || !r.Waiting.ToPost || stopped(r) || d.Wait(&r).By != (time.Time{}) {
				t.Errorf("not posted: %+v, pauses %v", r.Waiting, r.Pauses)
			}
			now := d.now
			d.later(100 * day)
			_, err := d.Expire(background, r.ID, audit.AsOfficer(paperOfficer))
			d.wantFault(err, fault.Conflict, "not posted")
			if d.now = now; t.Failed() {
				return
			}
			if done, err := d.Lapse(background, r.ID); done != "" || err != nil {
				t.Errorf("%s, %v", done, err)
			}
			r = d.post(r.ID, d.now)
			if r.Waiting.ToPost || !stopped(r) || !r.Pauses[0].From.Equal(d.now) || !r.Waiting.Until.Equal(d.Law.EndOfDay(d.now, r.Waiting.Days)) {
				t.Errorf("posted: %+v, pauses %v", r.Waiting, r.Pauses)
			}
			if e := d.event(r.ID, lifecycle.EventPosted); e.Facts["template"] != string(c.template) || e.Facts["clock_stopped"] != "yes" {
				t.Errorf("%q", e.Facts)
			}
			d.later(time.Duration(r.Waiting.Days+1) * day)
			if done, err := d.Lapse(background, r.ID); done == "" || err != nil {
				t.Errorf("it never ends: %v", err)
			}
		})
	}
}

// An answer on paper takes effect as one by mail does, and names no channel that the
// person has not.
func TestAnAnswerOnPaper(t *testing.T) {
	d := newDesk(t)
	n, _ := d.notifier()
	r := d.open(d.knownOnPaper(deadline.Access, deadline.Objection, deadline.Erasure))
	d.drain(n)
	d.post(r.ID, d.now)
	if e := d.event(r.ID, lifecycle.EventOptedOut); e.Facts["scopes"] != "phone post sms" {
		t.Errorf("in effect: %q", e.Facts)
	}
	d.ok(d.SaveDraft(background, r.ID, paperOfficer, decision.Answer{Outcome: decision.Grant}))
	plan, _, err := d.Preview(background, r.ID, paperOfficer)
	if _, exports := plan.Effect(draft.Exports); err != nil || exports || !slices.ContainsFunc(plan.Checks, func(c draft.Check) bool { return c.Code == draft.Enclosure && !c.OK && !c.Blocks }) {
		t.Errorf("%v: %+v", err, plan)
	}
	r = d.ok(d.Send(background, r.ID, paperOfficer, draft.Now))
	d.now = r.Draft.Way.SendAt
	d.drain(n)
	r = d.file(r.ID).Request
	if r.State != lifecycle.Fulfilled || r.EraseFrom.IsZero() || d.states(r.ID) != "acknowledge sent, decision to_post" {
		t.Errorf("%+v: %s", r, d.states(r.ID))
	}
	records, err := d.optOuts.OfPerson(background, r.Ref)
	if err != nil || len(records) != 3 {
		t.Errorf("%v: %+v", err, records)
	}
	d.post(r.ID, d.now)
	d.later(100 * day)
	f := d.reduce(r.ID, lifecycle.EventErased)
	for _, word := range []string{"Heart of Gold", "Dresden", "98765", "Marvin", paperOfficer} {
		if strings.Contains(spelled(t, f)+f.Request.Contact.Post()+f.Request.Contact.Telephone(), word) {
			t.Errorf("%q is left", word)
		}
	}
}

// Who has e-mail may wish for paper, or their mails come back: the letters after that
// are posted, and the last one may be.
func TestLettersBecomePaper(t *testing.T) {
	d := newDesk(t)
	n, _ := d.notifier()
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	if err := d.MailBounced(background, r.ID, "ses-1"); err != nil {
		t.Fatal(err)
	}
	home := contact(t)
	_, err := d.MailAgain(background, r.ID, paperOfficer, requestmail.Acknowledge)
	d.wantFault(err, fault.Conflict, "was sent")
	r = d.ok(d.Amend(background, r.ID, paperOfficer, request.Amendment{Contact: &home}))
	if !r.Paper || r.NoEmail || r.Summary().LetterFailed || r.Summary().Person != "m***@e***.com" {
		t.Errorf("%+v", r)
	}
	e := d.event(r.ID, lifecycle.EventAmended)
	if post, _ := e.Private["post"].Reveal(); e.Facts["changed"] != "contact" || e.Facts["paper"] != "yes" || post != home.Post() {
		t.Errorf("%q", e.Facts)
	}
	d.later(time.Second)
	d.ok(d.MailAgain(background, r.ID, paperOfficer, requestmail.Acknowledge))
	d.drain(n)
	if d.states(r.ID) != "verify obsolete, acknowledge sent, acknowledge to_post" {
		t.Error(d.states(r.ID))
	}
	_, err = d.MailAgain(background, r.ID, paperOfficer, requestmail.Acknowledge)
	d.wantFault(err, fault.Conflict, "waits to be posted")
	r = d.post(r.ID, d.now)
	r = d.ok(d.Amend(background, r.ID, paperOfficer, request.Amendment{Contact: &person.Contact{}}))
	if r.Paper || !r.Contact.IsZero() {
		t.Errorf("%+v", r.Contact)
	}
	other := d.open(d.knownOnPaper(deadline.Access))
	_, err = d.Amend(background, other.ID, paperOfficer, request.Amendment{Contact: &person.Contact{}})
	d.wantField(err, "post", "missing")
	ref := other.Ref
	moved, _ := person.ReadContact("Elsewhere 1\n01234 Dresden", "")
	if other = d.ok(d.Amend(background, other.ID, paperOfficer, request.Amendment{Contact: &moved})); other.Ref != ref || other.Contact != moved {
		t.Errorf("%+v", other)
	}
}

// A run that dies while it writes has sent nothing: the letter is written by the next.
func TestAPaperLetterIsWrittenAgain(t *testing.T) {
	d := newDesk(t)
	n, p := d.notifier()
	n.Unknown = func(context.Context, outbox.Letter) { t.Error("nobody knows of a letter on paper whether it went") }
	r := d.open(d.knownOnPaper(deadline.Access))
	d.store.before = func(call string) error {
		if call == "save" {
			return errDown
		}
		return nil
	}
	if _, err := n.Run(background, never); !fault.Is(err, fault.Unavailable) || p.n != 1 {
		t.Fatalf("%v, %d letters", err, p.n)
	}
	d.store.before = nil
	if d.states(r.ID) != "acknowledge sending" {
		t.Error(d.states(r.ID))
	}
	d.later(time.Hour)
	if got := d.drain(n); got != (outbox.Report{ToPost: 1}) || d.states(r.ID) != "acknowledge to_post" {
		t.Errorf("%+v, %s", got, d.states(r.ID))
	}
}
