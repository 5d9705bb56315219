package request_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

// reduce reduces a request as the sweep does.
func (d *desk) reduce(id string, event lifecycle.Event) request.File {
	d.t.Helper()
	r, err := requestlog.Reduce(d.file(id), event, d.now, d.Random)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	if err := d.store.Reduce(r); err != nil {
		d.t.Fatalf("%v", err)
	}
	return d.file(id)
}

// spelled is all that a file holds, as text: every value, also those that
// print themselves masked.
func spelled(t failer, f request.File) string {
	t.Helper()
	parts := []any{f.Request, f.Request.Address.Reveal(), f.Letters}
	for _, n := range f.Letters {
		parts = append(parts, n.SubjectID, n.DueAt)
	}
	for _, e := range f.Events {
		encoded, err := e.Encode()
		if err != nil {
			t.Fatalf("%v", err)
		}
		parts = append(parts, json.RawMessage(encoded))
	}
	text, err := json.Marshal(parts)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(text)
}

// told is a refused request in which everybody has said something, and all
// mails have gone.
func (d *desk) told() request.Request {
	d.t.Helper()
	n, _ := d.notifier()
	in := d.asks(germany, deadline.Access, deadline.Correction)
	in.Name, in.Details, in.GPC = "Marvin Android", "my brain, planet-sized", true
	r := d.opened(in)
	d.drain(n)
	d.ok(d.Ask(background, r.ID, "ford.prefect", waiting.Waiting{Cause: deadline.Clarification, Question: "Which brain?"}))
	d.drain(n)
	d.ok(d.Answer(background, r.ID, "ford.prefect", time.Time{}))
	d.ok(d.Extend(background, r.ID, "ford.prefect", deadline.Complexity, "so many brains"))
	d.ok(d.Note(background, r.ID, "ford.prefect", "depressing"))
	d.drain(n)
	v := refusal(decision.DisputedAccuracy)
	v.Kind, v.Explanation = deadline.Correction, "It is quite small."
	d.ok(d.Decide(background, r.ID, "ford.prefect", v, refusal(decision.NoDataFound)))
	d.drain(n)
	return d.ok(d.Disagree(background, r.ID, audit.ByPerson, "It is not."))
}

var toldWords = []string{marvin, "Marvin Android", "planet-sized", "ford.prefect", "Which brain?", "so many", "depressing", "quite small", "It is not.", "ses-1", "ses-4"}

func TestReduce(t *testing.T) {
	d := newDesk(t)
	before := d.file(d.told().ID)
	for _, word := range toldWords {
		if !strings.Contains(spelled(t, before), word) {
			t.Fatalf("the test has lost %q", word)
		}
	}
	d.later(800 * day)
	after := d.reduce(before.Request.ID, lifecycle.EventReduced)
	for _, word := range append(toldWords, `"en"`) {
		if strings.Contains(spelled(t, after), word) {
			t.Errorf("%q is left", word)
		}
	}
	q := after.Request
	if q.Version != before.Request.Version+1 || !q.ReducedAt.Equal(d.now) || q.State != lifecycle.Refused || !q.Reduced() {
		t.Errorf("%+v", q)
	}
	if len(after.Events) != len(before.Events)+1 || len(after.Letters) != len(before.Letters) {
		t.Errorf("%d events and %d notices are left of %d and %d", len(after.Events), len(after.Letters), len(before.Events), len(before.Letters))
	}
	for i, e := range before.Events {
		now := after.Events[i]
		if now.Hash != e.Hash || !now.At.Equal(e.At) || now.Kind != e.Kind || !reflect.DeepEqual(now.Facts, e.Facts) || len(now.Private) != len(e.Private) {
			t.Errorf("%s became %+v", e, now)
		}
	}
	if e := d.event(q.ID, lifecycle.EventReduced); e.Actor != audit.BySystem || !e.At.Equal(d.now) {
		t.Errorf("%s of %s", e, e.Actor)
	}
	if err := audit.Includes(after.Events, before.Request.Head); err != nil {
		t.Errorf("a receipt of before: %v", err)
	}
	if class, since := requestlog.Disposal(&q); class != schedule.RequestLog || !since.Equal(before.Request.ClosedAt) {
		t.Errorf("%s since %v", class, since)
	}
}

// What is taken from a request and what is left: a field that is added is
// taken, and must be put on one of the two lists.
func TestEveryFieldIsTakenOrLeft(t *testing.T) {
	taken := strings.Fields("Address Name Details Language ExtensionWhy Waiting Statement Look Checked HeldBack AnsweredBy AnsweredSigned Draft Assignee Touched Contact Paper ToPost ObjectUntil Outstanding Tasks Files Delayed")
	left := strings.Fields(`ID Ref Version Kinds KindsUnsure State Place OnBehalfOf Source GPC ReceivedAt ClockFrom AskedAt VerifyBy VerifiedAt ClosedAt Resent
		Pauses Extension DueAt DueRule LinkedTo AppealOf Repeated Decision ExportUntil Fetched FetchedAt MailFailedAt EraseFrom ReducedAt Head Reminded NoEmail`)
	d := newDesk(t)
	f := d.file(d.told().ID)
	f.Request.Checked, f.Request.HeldBack, f.Request.AnsweredBy = []intake.Check{intake.Account}, true, "ford.prefect"
	f.Request.AnsweredSigned, f.Request.Draft, f.Request.Decision.Signed = "trillian", &draft.Draft{By: "ford.prefect"}, "trillian"
	f.Request.Assignee, f.Request.Contact, f.Request.ToPost = "Ford/1", contact(t), d.now
	f.Request.Paper, f.Request.NoEmail = true, true
	f.Request.Outstanding, f.Request.Delayed, f.Request.Tasks = 1, true, []ledger.Entry{{System: "crm"}}
	f.Request.Files = []attachment.File{{ID: "a"}}
	f.Request.Waiting, f.Request.Look = &waiting.Waiting{Question: "?"}, &lifecycle.Look{Why: lifecycle.LookReply, Since: d.now}
	r, err := requestlog.Reduce(f, lifecycle.EventErased, d.now, d.Random)
	if err != nil {
		t.Fatal(err)
	}
	before, after := reflect.ValueOf(f.Request), reflect.ValueOf(r.Request)
	for i := range before.NumField() {
		name := before.Type().Field(i).Name
		switch {
		case slices.Contains(taken, name) == slices.Contains(left, name):
			t.Errorf("%s is on neither list, or on both", name)
		case slices.Contains(taken, name) && (before.Field(i).IsZero() || !after.Field(i).IsZero()):
			t.Errorf("%s: %v became %v", name, before.Field(i), after.Field(i))
		case slices.Contains(taken, name), slices.Contains([]string{"Version", "Head", "ReducedAt", "Decision"}, name):
		case !reflect.DeepEqual(before.Field(i).Interface(), after.Field(i).Interface()):
			t.Errorf("%s: %v became %v", name, before.Field(i), after.Field(i))
		}
	}
	was, is := *f.Request.Decision, *r.Request.Decision
	was.By, was.Signed, was.Seq, was.Answers = "", "", 0, slices.Clone(was.Answers)
	for i, a := range is.Answers {
		if was.Answers[i].Explanation == "" || a.Explanation != "" {
			t.Errorf("the explanation %q became %q", was.Answers[i].Explanation, a.Explanation)
		}
		was.Answers[i].Explanation = ""
	}
	if !reflect.DeepEqual(was, is) {
		t.Errorf("the decision %+v became %+v", was, is)
	}
}

// Of mails and decisions, too, only what is named is left: fields that are
// added later are filled here, and must be gone.
func TestWhatIsNotNamedIsTaken(t *testing.T) {
	d := newDesk(t)
	f := d.file(d.told().ID)
	fill(t, reflect.ValueOf(&f.Letters[0]).Elem())
	f.Letters[0].State = outbox.Sent
	fill(t, reflect.ValueOf(f.Request.Decision).Elem())
	r, err := requestlog.Reduce(f, lifecycle.EventErased, d.now, d.Random)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Letters) == 0 || r.Letters[0] != r.Apply(f).Letters[0] {
		t.Fatalf("%+v", r.Letters)
	}
	for what, left := range map[string]struct {
		of     reflect.Value
		fields string
	}{
		"a mail":     {reflect.ValueOf(r.Letters[0]), "SubjectID Seq Template QueuedAt DueAt Cause State Paper WrittenAt SentAt"},
		"a decision": {reflect.ValueOf(*r.Request.Decision), "Outcome Answers At"},
	} {
		for i := range left.of.NumField() {
			if name := left.of.Type().Field(i).Name; left.of.Field(i).IsZero() == slices.Contains(strings.Fields(left.fields), name) {
				t.Errorf("%s: %s is %v", what, name, left.of.Field(i))
			}
		}
	}
}

// fill gives every field of a struct that is empty a value.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case !f.IsZero():
		case f.Kind() == reflect.String:
			f.SetString("something")
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		case f.Kind() == reflect.Int:
			f.SetInt(1)
		case f.Type() == reflect.TypeFor[time.Time]():
			f.Set(reflect.ValueOf(testkit.T0))
		case f.Kind() == reflect.Struct:
			fill(t, f)
		case f.Kind() == reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		default:
			t.Fatalf("this test cannot fill %s", v.Type().Field(i).Name)
		}
	}
}

func TestReduceAgain(t *testing.T) {
	d := newDesk(t)
	r := d.told()
	f := d.reduce(r.ID, lifecycle.EventReduced)
	for _, event := range []lifecycle.Event{lifecycle.EventReduced, lifecycle.EventErased} {
		if _, err := requestlog.Reduce(f, event, d.now, d.Random); !errors.Is(err, request.ErrReduced) || fault.CodeOf(err) != fault.Conflict {
			t.Errorf("%s: %v", event, err)
		}
	}
}

func TestReduceWhatMustNotBe(t *testing.T) {
	d := newDesk(t)
	n, p := d.notifier()
	open := d.open(d.asks(germany, deadline.Access))
	d.drain(n)
	open = d.confirm(open)
	d.drain(n)
	_, err := requestlog.Reduce(d.file(open.ID), lifecycle.EventReduced, d.now, d.Random)
	d.wantFault(err, fault.Conflict, "open")
	_, err = requestlog.Reduce(d.file(open.ID), lifecycle.EventNoted, d.now, d.Random)
	d.wantFault(err, fault.Internal, "")
	closed := d.ok(d.Withdraw(background, open.ID, audit.ByPerson))
	_, err = requestlog.Reduce(d.file(closed.ID), lifecycle.EventErased, d.now, d.Random)
	if !errors.Is(err, requestlog.ErrMailPending) || fault.CodeOf(err) != fault.Conflict {
		t.Errorf("its mail is pending: %v", err)
	}
	p.then = func() {
		if _, err := requestlog.Reduce(d.file(closed.ID), lifecycle.EventErased, d.now, d.Random); !errors.Is(err, requestlog.ErrMailPending) {
			t.Errorf("its mail is being tried: %v", err)
		}
	}
	d.drain(n)
	if p.then = nil; p.n != 3 {
		t.Fatalf("%d mails", p.n)
	}
	d.reduce(closed.ID, lifecycle.EventErased)
	_, err = requestlog.Reduce(d.file(closed.ID), lifecycle.EventErased, d.now, random(0))
	d.wantFault(err, fault.Conflict, "disposed of")
}
