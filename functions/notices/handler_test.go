package main

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

// What each file in events/notices is.
var eventCases = map[string]any{
	"scheduled":       &events.EventBridgeEvent{},
	"stream-opt-outs": &events.DynamoDBEvent{},
	"stream-requests": &events.DynamoDBEvent{},
}

// All triggers do the same, and none is read: what is pending is sent, and
// nothing of the event stands in the log.
func TestEvents(t *testing.T) {
	testkit.Events(t, "notices", eventCases, func(t *testing.T, _ string, event []byte) {
		r := newRig(t)
		q := r.open(r.intake(germany, deadline.Access))
		answer, err := lambda.NewHandler(r.handle).Invoke(t.Context(), event)
		if err != nil || string(answer) != `{"batchItemFailures":[]}` || len(r.post.mails) != 1 || r.states(q.ID) != "verify sent" {
			t.Errorf("answer %s, error %v, %s", answer, err, r.states(q.ID))
		}
	})
}

func TestFigures(t *testing.T) {
	r := newRig(t)
	r.run()
	if r.figures.Len()+r.out.Len() != 0 {
		t.Errorf("a quiet run says %s%s", r.figures.String(), r.out.String())
	}
	r.open(r.intake(germany, deadline.Access))
	r.open(r.intake(germany, deadline.Erasure))
	r.run()
	var got map[string]any
	if err := json.Unmarshal(r.figures.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "_aws")
	if want := map[string]any{"MailsSent": 1.0, "Function": "notices"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// What becomes of a mail that SES does not take, and what the figures say.
func TestFailingMails(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		states string
		figure string
	}{
		"no answer":  {fault.Wrap(fault.Unavailable, ses.ErrUnsure, "send a mail"), "verify unknown", "MailsUnknown"},
		"no mailbox": {fault.New(fault.Invalid, "SES does not take this address"), "verify refused", "MailsRefused"},
		"busy":       {fault.New(fault.Unavailable, "too many requests"), "verify pending", "MailsFailed"},
		"not set up": {fault.New(fault.Internal, "SES refused"), "verify pending", "MailsFailed"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q := r.open(r.intake(germany, deadline.Access))
			r.post.err = c.err
			r.run()
			if r.states(q.ID) != c.states || !strings.Contains(r.figures.String(), `"`+c.figure+`":1`) || !strings.Contains(r.out.String(), "mail not sent") {
				t.Errorf("%s: %s", r.states(q.ID), r.figures.String())
			}
			if named := strings.Contains(r.out.String(), `"msg":"mail outcome unknown","mail":"verify","request":"`+q.ID+`"`); named != (c.figure == "MailsUnknown") {
				t.Errorf("the log: %s", r.out.String())
			}
			r.post.err, r.clock = nil, r.clock.Add(2*time.Minute)
			if r.run(); (len(r.post.mails) == 1) != strings.HasSuffix(c.states, "pending") {
				t.Errorf("%d mails", len(r.post.mails))
			}
		})
	}
	r := newRig(t)
	q := r.open(r.intake(germany, deadline.Access))
	r.counts.Err = fault.New(fault.Unavailable, "the counters are down")
	r.run()
	if r.post.tries != 0 || r.states(q.ID) != "verify pending" {
		t.Errorf("a mail that is not counted: %s", r.states(q.ID))
	}
}

// An hour without SES loses no mail, though each is tried every minute.
func TestMailsOutliveAnOutage(t *testing.T) {
	r := newRig(t)
	r.post.err = fault.New(fault.Unavailable, "no answer")
	in := r.intake(california, deadline.OptOutOfSale)
	q, out := r.open(r.intake(germany, deadline.Access)), r.open(in)
	for range 60 {
		r.clock = r.clock.Add(time.Minute)
		r.run()
	}
	if r.post.tries < 60 { // one mail, for both wait for one mailbox
		t.Errorf("%d attempts", r.post.tries)
	}
	r.post.err, r.clock = nil, r.clock.Add(2*time.Minute)
	if r.run(); r.states(q.ID) != "verify sent" || r.states(out.ID) != "opted_out sent" {
		t.Errorf("%s, %s", r.states(q.ID), r.states(out.ID))
	}
}

// List bombing: a mailbox gets so few mails for requests in somebody's name,
// and all the mails of the one that its owner has confirmed.
func TestMailCap(t *testing.T) {
	r := newRig(t)
	mine := r.opened(r.intake(germany, deadline.Access))
	r.run() // the link to confirm was due before, the acknowledgement is now
	before := len(r.post.mails)
	var theirs []string
	for range 20 {
		theirs = append(theirs, r.open(r.intake(germany, deadline.Access)).ID, r.open(r.intake(germany, deadline.OptOutOfSale)).ID)
		r.run()
	}
	if got := len(r.post.mails) - before; got != r.mails.PerMailbox {
		t.Errorf("%d mails in others' names", got)
	}
	bombed := len(r.post.mails)
	r.ok(r.rights.Ask(background, mine.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Which one?"}))
	r.run()
	r.ok(r.rights.Answer(background, mine.ID, "dpo", time.Time{}))
	r.ok(r.rights.Decide(background, mine.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	r.run()
	if got := r.states(mine.ID); !strings.HasSuffix(got, "waiting sent, decision sent") || len(r.post.mails) != bombed+2 {
		t.Errorf("%s", got)
	}
	if !strings.Contains(r.figures.String(), `"MailsPostponed":2`) {
		t.Error("nobody hears of the cap")
	}
	r.clock = r.clock.Add(quota.Window)
	if r.run(); len(r.post.mails) != bombed+3 {
		t.Errorf("what waits goes in %d mails", len(r.post.mails)-bombed-2)
	}
	for _, id := range theirs {
		if !strings.HasSuffix(r.states(id), " sent") {
			t.Errorf("%s: %s", id, r.states(id))
		}
	}
}

// One mail tells of all that waits: each request has its own link.
func TestJoinedMail(t *testing.T) {
	r := newRig(t)
	unsubscribed := r.intake(germany, deadline.Erasure)
	unsubscribed.Source, unsubscribed.OptOuts = intake.FromUnsubscribe, []optout.Scope{"email"}
	expired := r.open(r.intake(germany, deadline.Correction))
	r.run()
	r.clock = r.file(expired.ID).Request.VerifyBy
	r.ok(r.rights.Expire(background, expired.ID, audit.BySystem))
	first := r.open(r.intake(germany, deadline.Access))
	r.clock = r.clock.Add(time.Minute)
	second, done := r.open(unsubscribed), r.open(r.intake(california, deadline.OptOutOfSale))
	r.run()
	if len(r.post.mails) != 2 {
		t.Fatalf("%d mails", len(r.post.mails))
	}
	m := r.last()
	links := map[string]int{}
	for _, found := range tokenInMail.FindAllStringSubmatch(m.Text, -1) {
		for _, p := range []link.Purpose{link.Confirm, link.Status} {
			if c, err := r.ring.Open(p, found[1], r.clock); err == nil {
				links[string(p)+" "+c.Request]++
				if p == link.Confirm && !c.ExpiresAt.Equal(r.rights.VerifyUntil(r.clock)) {
					t.Errorf("the link ends at %v", c.ExpiresAt)
				}
			}
		}
	}
	for _, want := range []string{
		string(link.Confirm) + " " + first.ID, string(link.Confirm) + " " + second.ID, string(link.Status) + " " + done.ID, string(link.Status) + " " + expired.ID,
	} {
		if links[want] != 1 {
			t.Errorf("no link %s among %v", want, links)
		}
	}
	if len(links) != 4 || !strings.Contains(m.Subject, "4 requests") || strings.Index(m.Text, first.ID) > strings.Index(m.Text, second.ID) {
		t.Errorf("%v: %s\n%s", links, m.Subject, m.Text)
	}
	if got := r.states(first.ID) + ", " + r.states(done.ID) + ", " + r.states(expired.ID); got != "verify sent, opted_out sent, verify sent, expired sent" {
		t.Error(got)
	}
}

// A full mail is one that mail programs show whole (Gmail cuts at 102 KB).
func TestFullMail(t *testing.T) {
	r := newRig(t)
	for range 60 {
		r.open(r.intake(germany, deadline.Access, deadline.Erasure, deadline.Objection, deadline.Portability))
		r.clock = r.clock.Add(time.Second)
	}
	r.run()
	if m := r.last(); len(m.HTML) > 100_000 || !strings.Contains(m.Subject, "50 requests") {
		t.Errorf("%s, %d bytes", m.Subject, len(m.HTML))
	}
}

// Mail to privacy@ gets one reply a day; what comes after it waits together
// for the next day's. An hour without SES costs no day.
func TestOneReplyADay(t *testing.T) {
	for name, outage := range map[string]time.Duration{"": 0, "an hour without SES": time.Hour} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			var ids []string
			r.post.err = fault.New(fault.Unavailable, "no answer")
			for _, kind := range []intake.Kind{deadline.Access, deadline.Erasure, deadline.Correction} {
				in := r.intake(germany, kind)
				in.Source = intake.FromMail
				ids = append(ids, r.open(in).ID)
				for end := r.clock.Add(outage); r.clock.Before(end); r.clock = r.clock.Add(2 * time.Minute) {
					r.run()
				}
				r.post.err = nil
				r.run()
			}
			for day := 1; day <= 4; day++ {
				for range 3 {
					r.run()
				}
				if len(r.post.mails) != min(day, 2) {
					t.Errorf("%d mails on day %d", len(r.post.mails), day)
				}
				r.clock = r.clock.Add(24 * time.Hour)
			}
			for _, id := range ids {
				if r.states(id) != "verify sent" {
					t.Error(id, r.states(id))
				}
			}
		})
	}
}

// Who asks by the form too is not kept waiting by the reply to a mail.
func TestAReplyHoldsUpNoForm(t *testing.T) {
	r := newRig(t)
	in := r.intake(germany, deadline.Access)
	in.Source = intake.FromMail
	r.open(in)
	r.run()
	form := r.open(r.intake(germany, deadline.Erasure))
	if r.run(); r.states(form.ID) != "verify sent" {
		t.Error(r.states(form.ID))
	}
}

// One part that fails stops none of the others, and the batch comes again.
func TestPartsFailAlone(t *testing.T) {
	for name, breakIt := range map[string]func(*rig){
		"pending":              func(r *rig) { r.pending = brokenErasures{} },
		"the end of a listing": func(r *rig) { r.outbox.Queue = brokenQueue{r.optOuts.Outbox} },
	} {
		r := newRig(t)
		breakIt(r)
		r.open(r.intake(germany, deadline.Access))
		if _, err := r.handle(t.Context(), boot.Hint{}); !errors.Is(err, errDown) || len(r.post.mails) != 1 {
			t.Errorf("%s: %v, %d mails", name, err, len(r.post.mails))
		}
	}
}

// A mail that the code does not know is a fault of ours, told and not lost.
func TestUnknownMail(t *testing.T) {
	r := newRig(t)
	q := r.open(r.intake(germany, deadline.Access))
	if _, err := r.Mail(background, []outbox.Item{{Letter: outbox.Letter{Template: "spam"}, Subject: outbox.Subject{About: q}}}, nil); fault.CodeOf(err) != fault.Internal || r.post.tries != 0 {
		t.Errorf("%v", err)
	}
}

// No mail is begun that Lambda would cut off; what is left goes next time.
func TestStopsBeforeTheDeadline(t *testing.T) {
	r := newRig(t)
	q := r.open(r.intake(germany, deadline.Access))
	short, end := context.WithTimeout(t.Context(), margin/2)
	defer end()
	if _, err := r.handle(short, boot.Hint{}); err != nil || r.states(q.ID) != "verify pending" {
		t.Errorf("%s, %v", r.states(q.ID), err)
	}
	// The desk's own time has nothing to do with it: the local stack moves it.
	r.clock = testkit.T0.AddDate(3, 0, 0)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := r.handle(ctx, boot.Hint{}); err != nil || r.states(q.ID) != "verify sent" {
		t.Errorf("%s, %v", r.states(q.ID), err)
	}
}

func TestFromLine(t *testing.T) {
	r := newRig(t)
	desk := *r.desk
	for name, want := range map[string]string{
		"Biosero": `"Biosero" <privacy@example.com>`, `A "B", Inc.`: `"A \"B\", Inc." <privacy@example.com>`, "Müller\r\nBcc: x": "=?utf-8?b?TcO8bGxlcg0KQmNjOiB4?= <privacy@example.com>",
	} {
		desk.Organisation.Name = name
		if got := fromLine(&desk, "privacy@example.com"); got != want {
			t.Errorf("%q: %s", name, got)
		}
	}
}
