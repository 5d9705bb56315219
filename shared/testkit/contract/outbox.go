package contract

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// LetterTable is all that an outbox can do.
type LetterTable interface {
	outbox.Queue
	outbox.Ender
	mylinks.Store
	Queue(context.Context, outbox.Letter) error // see agenda.Clock
	QueueOnce(context.Context, outbox.Letter) error
}

// OutboxContract is what every outbox must keep, beside the tables whose
// transactions fill it.
func OutboxContract(t *testing.T, open func(testing.TB) RequestTables) {
	for name, check := range map[string]func(*testing.T, RequestTables){
		"a letter moves on from where it was read":        moves,
		"a letter of a time is queued once":               queuesOnce,
		"a letter ends with its request":                  endsWithRequest,
		"a letter on paper waits until it is posted":      posted,
		"a letter without a history ends by itself":       endsByItself,
		"letters of both tables are found, oldest first":  foundInBoth,
		"an opt-in confirmation is read until it ends":    confirmed,
		"asking anew joins, and is a letter of its own":   askedAnew,
		"being back is told in one mail of its own":       joined,
		"links are asked for in one write, within limits": linksAsked,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

// pending are the letters that are due, by the time since T0.
func pending(tb testing.TB, q outbox.Queue, after time.Duration) []outbox.Letter {
	tb.Helper()
	var all []outbox.Letter
	for l, err := range q.Pending(background, testkit.T0.Add(after)) {
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// move moves a letter, and returns it as it then is.
func move(tb testing.TB, q outbox.Queue, l outbox.Letter, to outbox.State, after time.Duration) outbox.Letter {
	tb.Helper()
	if err := q.Move(background, l, to, testkit.T0.Add(after)); err != nil {
		tb.Fatal(err)
	}
	l.State, l.DueAt = to, testkit.T0.Add(after)
	return l
}

func moves(t *testing.T, s RequestTables) {
	create(t, s.Requests, "PD-A")
	if len(pending(t, s.Outbox, -time.Second)) != 0 || len(pending(t, s.Outbox, 0)) != 1 {
		t.Fatal("a letter is due when it is due")
	}
	read := pending(t, s.Outbox, 0)[0]
	sending := move(t, s.Outbox, read, outbox.Sending, time.Minute)
	if err := s.Outbox.Move(background, read, outbox.Sending, testkit.T0.Add(time.Hour)); !isConflict(err) {
		t.Errorf("tried twice: %v", err)
	}
	if open := pending(t, s.Outbox, time.Minute); len(open) != 1 || open[0] != sending {
		t.Errorf("an attempt that never ended: %+v, want %+v", open, sending)
	}
	again := move(t, s.Outbox, sending, outbox.Sending, 2*time.Minute)
	if err := s.Outbox.Move(background, sending, outbox.Pending, testkit.T0); !isConflict(err) {
		t.Errorf("given back by a run that lost it: %v", err)
	}
	back := move(t, s.Outbox, again, outbox.Pending, 3*time.Minute)
	if len(pending(t, s.Outbox, 2*time.Minute)) != 0 || len(pending(t, s.Outbox, 3*time.Minute)) != 1 {
		t.Error("it is due again too early, or never")
	}
	anew := back
	anew.QueuedAt = testkit.T0.Add(time.Second)
	if err := s.Outbox.Move(background, anew, outbox.Sending, testkit.T0.Add(time.Hour)); !isConflict(err) {
		t.Errorf("another letter of that name: %v", err)
	}
	nobody := back
	nobody.SubjectID = "PD-B"
	if err := s.Outbox.Move(background, nobody, outbox.Sending, testkit.T0); !isConflict(err) {
		t.Errorf("a letter that is not there: %v", err)
	}
}

func endsWithRequest(t *testing.T, s RequestTables) {
	step := create(t, s.Requests, "PD-A")
	read := pending(t, s.Outbox, 0)[0]
	next := request.Step{Request: step.Request}
	next.Request.Version++
	next.Events = []audit.Entry{entry(t, &next.Request, "mailed")}
	done := read
	done.State, done.SentAt, done.MessageID = outbox.Sent, testkit.T0.Add(time.Minute), "id"
	next.Done = []outbox.Letter{done}
	if err := s.Requests.Save(background, next); !isConflict(err) {
		t.Errorf("ended before it was tried: %v", err)
	}
	next.Done[0].Words = keepWords(t, s, read)
	if err := s.Requests.Save(background, next); err != nil {
		t.Fatal(err)
	}
	f := file(t, s.Requests, "PD-A")
	if len(f.Letters) != 1 || f.Letters[0].State != outbox.Sent || f.Letters[0].MessageID != "id" || f.Letters[0].Words != next.Done[0].Words || !f.Letters[0].SentAt.Equal(done.SentAt) || len(pending(t, s.Outbox, 2*time.Hour)) != 0 {
		t.Errorf("ended: %+v", f.Letters)
	}
	next.Request.Version++
	next.Events = []audit.Entry{entry(t, &next.Request, "mailed")}
	if err := s.Requests.Save(background, next); !isConflict(err) {
		t.Errorf("ended twice: %v", err)
	}
}

func endsByItself(t *testing.T, s RequestTables) {
	queue := func(at time.Duration) {
		t.Helper()
		l := outbox.Letter{SubjectID: agenda.DigestID, Template: agenda.MailDigest, QueuedAt: testkit.T0.Add(at), DueAt: testkit.T0.Add(at), State: outbox.Pending}
		if err := s.Outbox.Queue(background, l); err != nil {
			t.Fatal(err)
		}
	}
	queue(0)
	queue(time.Minute)
	all := pending(t, s.Outbox, time.Hour)
	if len(all) != 1 || !all[0].QueuedAt.Equal(testkit.T0) {
		t.Fatalf("queued twice: %+v", all)
	}
	done := all[0]
	done.State, done.SentAt = outbox.Sent, testkit.T0
	if err := s.Outbox.End(background, done); !isConflict(err) {
		t.Errorf("ended before it was tried: %v", err)
	}
	move(t, s.Outbox, all[0], outbox.Sending, time.Minute)
	queue(time.Minute)
	if err := s.Outbox.End(background, done); err != nil || len(pending(t, s.Outbox, time.Hour)) != 0 {
		t.Errorf("ended: %v", err)
	}
	if err := s.Outbox.End(background, done); !isConflict(err) {
		t.Errorf("ended twice: %v", err)
	}
	queue(2 * time.Minute)
	if all := pending(t, s.Outbox, time.Hour); len(all) != 1 || !all[0].QueuedAt.Equal(testkit.T0.Add(2*time.Minute)) || !all[0].SentAt.IsZero() {
		t.Errorf("queued anew: %+v", all)
	}
}

// say queues a confirmation for a person who comes back to a scope.
func say(tb testing.TB, s RequestTables, after time.Duration, confirmed bool, scope optout.Scope, version int) optout.OptInConfirmation {
	tb.Helper()
	a := testkit.Address(tb, "z@example.com")
	c := optout.OptInConfirmation{
		Ref: testkit.Key(tb).Ref(a), Address: a, Language: "de", QueuedAt: testkit.T0.Add(after), Versions: map[optout.Scope]int{scope: version}, Confirmed: confirmed,
	}
	if err := s.OptOuts.ApplyAll(background, nil, &c); err != nil {
		tb.Fatal(err)
	}
	return c
}

func foundInBoth(t *testing.T, s RequestTables) {
	create(t, s.Requests, "PD-A")
	say(t, s, time.Second, false, "email", 1)
	say(t, s, 0, true, "email", 0)
	var found []string
	for _, l := range pending(t, s.Outbox, time.Hour) {
		found = append(found, string(l.Template))
	}
	back, ask := slices.Index(found, "opted-in"), slices.Index(found, "opt-in")
	if len(found) != 3 || !slices.Contains(found, "acknowledge") || back < 0 || ask < back {
		t.Errorf("found %q", found)
	}
}

// confirmations are those that are kept of a person.
func confirmations(tb testing.TB, s OptOutTable, ref person.Ref) (all []string) {
	tb.Helper()
	found, err := s.ConfirmationsOf(background, ref)
	for _, c := range found {
		all = append(all, fmt.Sprintf("%v %v %s %s%v", c.Confirmed, c.QueuedAt.Sub(testkit.T0), c.Address.Reveal(), c.Language, optin.Subjects(c.Versions)))
	}
	if err != nil {
		tb.Error(err)
	}
	return all
}

// read reads what the one letter of a template is about.
func read(tb testing.TB, s RequestTables, t outbox.Template, after time.Duration) (outbox.Letter, optout.OptInConfirmation) {
	tb.Helper()
	for _, l := range pending(tb, s.Outbox, after) {
		if l.Template == t {
			c, err := s.OptOuts.Confirmation(background, l)
			if err != nil {
				tb.Fatal(err)
			}
			return l, c
		}
	}
	return outbox.Letter{}, optout.OptInConfirmation{}
}

// end ends a letter, which must be Sending.
func end(l outbox.Letter, s RequestTables) error {
	l.State, l.SentAt, l.MessageID = outbox.Sent, testkit.T0, "ses-1"
	return s.Outbox.End(background, l)
}

func confirmed(t *testing.T, s RequestTables) {
	want := say(t, s, 0, false, "email", 3)
	l, got := read(t, s, optin.MailOptIn, 0)
	if l != optin.Letter(&want) || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("found %+v of %+v, want %+v", got, l, want)
	}
	if records, err := s.OptOuts.OfPerson(background, want.Ref); err != nil || len(records) != 0 {
		t.Errorf("a confirmation is no record: %v, %v", records, err)
	}
	if others := confirmations(t, s.OptOuts, testkit.Key(t).Ref(testkit.Address(t, "other@example.com"))); len(others) != 0 {
		t.Errorf("kept of somebody else: %q", others)
	}
	sending := move(t, s.Outbox, l, outbox.Sending, time.Minute)
	if err := end(sending, s); err != nil || len(pending(t, s.Outbox, time.Hour)) != 0 || len(confirmations(t, s.OptOuts, want.Ref)) != 0 {
		t.Errorf("ended: %v", err)
	}
}

func askedAnew(t *testing.T, s RequestTables) {
	say(t, s, 0, false, "email", 3)
	l, _ := read(t, s, optin.MailOptIn, 0)
	sending := move(t, s.Outbox, l, outbox.Sending, time.Minute)
	say(t, s, 30*time.Second, false, "email", 4)
	say(t, s, 30*time.Second, false, "phone", 1)
	for topic, versions := range map[optout.Scope][]int{"email/news": {optout.KeptOut, optout.Unrecorded, optout.KeptOut}, "email/events": {optout.KeptOut}} {
		for _, v := range versions {
			say(t, s, 30*time.Second, false, topic, v)
		}
	}
	if err := end(sending, s); !isConflict(err) {
		t.Errorf("the old mail ends the new letter: %v", err)
	}
	anew, c := read(t, s, optin.MailOptIn, time.Minute)
	if anew.State != outbox.Pending || fmt.Sprint(c.Versions) != "map[email:4 email/events:-2 email/news:-1 phone:1]" || !c.QueuedAt.Equal(testkit.T0.Add(30*time.Second)) {
		t.Errorf("asked anew: %+v %+v", anew, c)
	}
	if err := end(move(t, s.Outbox, anew, outbox.Sending, time.Hour), s); err != nil {
		t.Error(err)
	}
	say(t, s, time.Minute, false, "sms", 1)
	if l, c := read(t, s, optin.MailOptIn, time.Hour); fmt.Sprint(c.Versions) != "map[sms:1]" || !l.SentAt.IsZero() || l.MessageID != "" {
		t.Errorf("asked again: %+v %+v", l, c)
	}
}

func joined(t *testing.T, s RequestTables) {
	say(t, s, 0, true, "email", 0)
	say(t, s, time.Second, true, "sms", 0)
	say(t, s, 0, false, "phone", 3)
	c := say(t, s, time.Second, false, "post", 3)
	waits := "false 1s z@example.com de[phone post]"
	if got := confirmations(t, s.OptOuts, c.Ref); !slices.Equal(got, []string{waits, "true 1s z@example.com de[email sms]"}) {
		t.Errorf("kept: %q", got)
	}
	l, _ := read(t, s, optin.MailOptedIn, time.Minute)
	sending := move(t, s.Outbox, l, outbox.Sending, time.Hour)
	say(t, s, time.Minute, true, "phone", 0)
	if err := end(sending, s); !isConflict(err) {
		t.Errorf("the newer is lost: %v", err)
	}
	l, told := read(t, s, optin.MailOptedIn, 365*24*time.Hour)
	if got := optin.Subjects(told.Versions); !slices.Equal(got, []optout.Scope{"email", "phone", "sms"}) {
		t.Errorf("joined: %q", got)
	}
	if err := end(move(t, s.Outbox, l, outbox.Sending, 2*time.Hour), s); err != nil {
		t.Error(err)
	}
	if got := confirmations(t, s.OptOuts, c.Ref); !slices.Equal(got, []string{waits}) {
		t.Errorf("kept of a mail that has gone: %q", got)
	}
	say(t, s, 2*time.Minute, true, "post", 0)
	if _, told := read(t, s, optin.MailOptedIn, time.Hour); fmt.Sprint(told.Versions) != "map[post:0]" {
		t.Errorf("told again: %+v", told)
	}
}
