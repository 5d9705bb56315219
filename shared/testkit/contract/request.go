package contract

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

// RequestTables is all that the tables of requests and opt-outs can do.
type RequestTables struct {
	Requests interface {
		request.Store
		ledger.Book
		filing.Store
	}
	OptOuts interface {
		OptOutTable
		PendingErasures(context.Context) iter.Seq2[optout.Record, error]
	}
	Outbox LetterTable
}

// RequestContract is what every table of requests must keep.
func RequestContract(t *testing.T, open func(testing.TB) RequestTables) {
	for name, check := range map[string]func(*testing.T, RequestTables){
		"a request is read as it was written":     roundTrip,
		"a request is created once":               createdOnce,
		"a save needs the version before":         versioned,
		"what belongs together stands together":   together,
		"limits refuse the whole":                 limited,
		"an appeal changes both requests":         appeal,
		"an act changes two requests, or none":    twoRequests,
		"a requested erasure becomes one request": erasureOpened,
		"the same sending makes one request":      sentTwice,
		"sent by many at once it makes one":       sentAtOnce,
		"confirmed requests are read alone":       confirmedOf,
		"what systems must do is kept":            systemsKept,
		"what systems must do comes when due":     systemsDue,
		"files are kept beside their request":     filesKept,
		"files come when they must be looked at":  filesDue,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

// newRequest is a request with every field set that one under way can have.
func newRequest(tb testing.TB, id string) request.Request {
	a := testkit.Address(tb, "zaphod@example.com")
	at := func(hours int) time.Time { return testkit.T0.Add(time.Duration(hours) * time.Hour) }
	return request.Request{
		ID: id, Ref: testkit.Key(tb).Ref(a), Version: 1, Kinds: []intake.Kind{deadline.Access, deadline.Erasure}, KindsUnsure: true, State: lifecycle.Open,
		Address: a, Contact: Contact(tb), Paper: true, ToPost: at(14), Name: "Zaphod", Details: "all of it", Place: deadline.Jurisdiction{Country: "US", Region: "CA"},
		OnBehalfOf: intake.Self, Language: "de", Source: intake.FromForm, GPC: true, ExtensionWhy: "many files",
		ReceivedAt: at(0), ClockFrom: at(-1), AskedAt: at(0), VerifyBy: at(168), VerifiedAt: at(1), ClosedAt: at(9), Resent: 2, Checked: []intake.Check{intake.CallBack}, HeldBack: true,
		Pauses:    []deadline.Pause{{Cause: deadline.Identity, From: at(2), Until: at(3)}, {Cause: deadline.Fee, From: at(4)}},
		Extension: &deadline.Grant{Reason: deadline.Complexity, NoticeSentAt: at(5)}, DueAt: at(1000),
		LinkedTo: "PD-0", AppealOf: "PD-1", AnsweredBy: "dpo/AIDA1", AnsweredSigned: "dpo/AIDA2", Repeated: true, Draft: newDraft(),
		Waiting: &waiting.Waiting{Cause: deadline.Fee, Proofs: []intake.Proof{intake.WrittenAuthority}, Question: "Which?", Fee: &waiting.Fee{Amount: "12.50", Currency: "USD", Because: decision.Excessive}, Days: 30, Resumes: true},
		Decision: &decision.Decision{Outcome: decision.Partly, At: at(9), By: "dpo/AIDADPO", Signed: "dpo/AIDA2", Seq: 4, Answers: []decision.Answer{
			{Kind: deadline.Access, Outcome: decision.Grant},
			{Kind: deadline.Erasure, Outcome: decision.Partly, Grounds: []decision.Given{{Ground: decision.Exemption, Clause: "x"}}, Explanation: "because"},
		}},
		Assignee: "dpo/AIDADPO", Touched: true, DueRule: "ccpa/respond",
		Statement: "no", ExportUntil: at(200), ObjectUntil: at(201), Fetched: 3, FetchedAt: at(199), MailFailedAt: at(10), Head: audit.Genesis(id),
		Reminded: &lifecycle.Reminder{DueAt: at(1000), Step: 3, Digest: at(999)},
		Look:     &lifecycle.Look{Why: lifecycle.LookReply, Since: at(11), Reminded: &lifecycle.Reminder{DueAt: at(12), Step: -1, Digest: at(13)}},
	}
}

// Contact is the postal address and telephone number of a person in the tests.
func Contact(tb testing.TB) person.Contact {
	tb.Helper()
	c, err := person.ReadContact("Heart of Gold 42\n01234 Dresden", "+49 351 98765")
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// newDraft is a draft with every field set, all that can be on its way at once.
func newDraft() *draft.Draft {
	at := func(hours int) time.Time { return testkit.T0.Add(time.Duration(hours) * time.Hour) }
	answers := []decision.Answer{{Kind: deadline.Access, Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: decision.Excessive, Clause: "y"}}, Explanation: "draft"}}
	return &draft.Draft{
		Answers: answers, By: "dpo/AIDA1", At: at(20), Stopped: &draft.Stopped{At: at(21), Why: draft.Hold, Facts: map[string]string{"holds": "H-3"}},
		Way: &draft.Way{
			Act: draft.Ask, When: draft.Morning, Seq: 7, By: "dpo/AIDA2", At: at(22), Needs: []foureyes.Act{foureyes.Fee}, SignedBy: "dpo/AIDA3", SignedAt: at(23), SendAt: at(24),
			Answers: answers, Held: true, State: lifecycle.Open, Replied: true, Question: &waiting.Waiting{Cause: deadline.Fee, Question: "Why.", Fee: &waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.Excessive}},
		},
	}
}

func entry(tb testing.TB, r *request.Request, kind string) audit.Entry {
	tb.Helper()
	e, err := audit.Append(r.Head, audit.Entry{
		At: testkit.T0, Kind: kind, Actor: "person", Facts: map[string]string{"a": "b"},
		Private: map[string]audit.Private{"name": audit.Personal("Zaphod")},
	}, &testkit.Random{})
	if err != nil {
		tb.Fatal(err)
	}
	r.Head = e.Head()
	return e
}

func create(tb testing.TB, s request.Store, id string) request.Step {
	tb.Helper()
	r := newRequest(tb, id)
	r.Outstanding = 2
	step := request.Step{Events: []audit.Entry{entry(tb, &r, "received"), entry(tb, &r, "verified")}}
	step.Request = r
	step.Letters = []outbox.Letter{{SubjectID: id, Seq: 2, Template: requestmail.Acknowledge, Cause: quota.ByStranger, QueuedAt: testkit.T0, DueAt: testkit.T0, State: outbox.Pending}}
	if err := s.Create(background, request.Creation{Step: step}); err != nil {
		tb.Fatal(err)
	}
	return step
}

func file(tb testing.TB, s request.Store, id string) request.File {
	tb.Helper()
	f, err := s.File(background, id)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

func roundTrip(t *testing.T, s RequestTables) {
	step := create(t, s.Requests, "PD-A")
	create(t, s.Requests, "PD-B")
	f := file(t, s.Requests, "PD-A")
	for name, part := range map[string][2]any{
		"waiting":   {f.Request.Waiting, step.Request.Waiting},
		"decision":  {f.Request.Decision, step.Request.Decision},
		"draft":     {f.Request.Draft, step.Request.Draft},
		"extension": {f.Request.Extension, step.Request.Extension},
		"look":      {f.Request.Look, step.Request.Look},
		"reminded":  {f.Request.Reminded, step.Request.Reminded},
		"notices":   {f.Letters, step.Letters},
	} {
		if !reflect.DeepEqual(part[0], part[1]) {
			t.Errorf("%s: read %+v, wrote %+v", name, part[0], part[1])
		}
	}
	got, want := f.Request, step.Request
	for _, r := range []*request.Request{&got, &want} {
		r.Waiting, r.Decision, r.Draft, r.Extension, r.Look, r.Reminded = nil, nil, nil, nil, nil, nil
	}
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) || got.Address != want.Address {
		t.Errorf("read  %+v\nwrote %+v", got, want)
	}
	if err := audit.Verify(f.Events, f.Request.Head); err != nil || len(f.Events) != 2 {
		t.Errorf("%d events, %v", len(f.Events), err)
	}
	if v, ok := f.Events[0].Private["name"].Reveal(); !ok || v != "Zaphod" {
		t.Error("a private value is lost")
	}
	found, err := s.Requests.OfPerson(background, step.Request.Ref)
	if err != nil || len(found) != 2 || found[0].State != lifecycle.Open || found[0].AppealOf != "PD-1" || !found[0].ClockFrom.Equal(step.Request.ClockFrom) {
		t.Errorf("of the person: %+v, %v", found, err)
	}
	if _, err := s.Requests.File(background, "PD-C"); !fault.Is(err, fault.NotFound) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := s.Requests.Load(background, "PD-C"); !fault.Is(err, fault.NotFound) {
		t.Errorf("nothing: %v", err)
	}
}

func createdOnce(t *testing.T, s RequestTables) {
	step := create(t, s.Requests, "PD-A")
	step.Request.Name = "Ford"
	if err := s.Requests.Create(background, request.Creation{Step: step}); !isConflict(err) {
		t.Errorf("created twice: %v", err)
	}
	if r, _ := s.Requests.Load(background, "PD-A"); r.Name != "Zaphod" {
		t.Error("overwritten")
	}
}

func versioned(t *testing.T, s RequestTables) {
	step := create(t, s.Requests, "PD-A")
	next := step
	next.Request.Version, next.Letters = 2, nil
	next.Events = []audit.Entry{entry(t, &next.Request, "noted")}
	if err := s.Requests.Save(background, next); err != nil {
		t.Fatal(err)
	}
	late := step
	late.Request.Version, late.Letters = 2, nil
	late.Events = []audit.Entry{entry(t, &late.Request, "refused")}
	if err := s.Requests.Save(background, late); !isConflict(err) {
		t.Errorf("a late save: %v", err)
	}
	f := file(t, s.Requests, "PD-A")
	if err := audit.Verify(f.Events, f.Request.Head); err != nil || len(f.Events) != 3 || f.Events[2].Kind != "noted" {
		t.Errorf("%d events, %v", len(f.Events), err)
	}
}

func together(t *testing.T, s RequestTables) {
	r := newRequest(t, "PD-A")
	step := request.Step{OptOuts: []optout.Change{change(t, "zaphod@example.com", "email", optout.Out, testkit.T0)}}
	step.Events = []audit.Entry{entry(t, &r, "received")}
	step.Request = r
	if err := s.Requests.Create(background, request.Creation{Step: step}); err != nil {
		t.Fatal(err)
	}
	again := step
	again.OptOuts = []optout.Change{change(t, "zaphod@example.com", "sms", optout.Out, testkit.T0)}
	if err := s.Requests.Create(background, request.Creation{Step: again}); !isConflict(err) {
		t.Errorf("again: %v", err)
	}
	found, err := s.OptOuts.OfPerson(background, r.Ref)
	if err != nil || len(found) != 1 || found[0].Scope != "email" {
		t.Errorf("opt-outs: %+v, %v", found, err)
	}
}

func limited(t *testing.T, s RequestTables) {
	limit := []quota.Limit{{Name: "x", Ref: "y", Max: 1, Per: time.Hour}}
	for i, want := range []bool{true, false} {
		r := newRequest(t, fmt.Sprintf("PD-%d", i))
		step := request.Step{OptOuts: []optout.Change{change(t, "zaphod@example.com", "email", optout.Out, testkit.T0)}}
		step.Events = []audit.Entry{entry(t, &r, "received")}
		step.Request = r
		err := s.Requests.Create(background, request.Creation{Step: step, Limits: limit})
		if (err == nil) != want || !want && (!fault.Is(err, fault.TooMany) || !fault.RetryAt(err).Equal(limit[0].End(testkit.T0))) {
			t.Errorf("request %d: %v until %v", i, err, fault.RetryAt(err))
		}
	}
	if found, _ := s.Requests.OfPerson(background, newRequest(t, "x").Ref); len(found) != 1 {
		t.Errorf("%d requests", len(found))
	}
}

func appeal(t *testing.T, s RequestTables) {
	step := create(t, s.Requests, "PD-A")
	about := request.Step{Request: step.Request}
	about.Request.Version++
	about.Events = []audit.Entry{entry(t, &about.Request, "appealed")}
	r := newRequest(t, "PD-B")
	fresh := request.Step{Events: []audit.Entry{entry(t, &r, "received")}}
	fresh.Request, fresh.Also = r, &about
	if err := s.Requests.Create(background, request.Creation{Step: fresh}); err != nil {
		t.Fatal(err)
	}
	r2 := newRequest(t, "PD-C")
	second := request.Step{Events: []audit.Entry{entry(t, &r2, "received")}}
	second.Request, second.Also = r2, &about
	if err := s.Requests.Create(background, request.Creation{Step: second}); !isConflict(err) {
		t.Errorf("an appeal over a version that is gone: %v", err)
	}
	if f := file(t, s.Requests, "PD-A"); len(f.Events) != 3 || f.Request.Version != 2 {
		t.Errorf("about: %+v", f)
	}
	if _, err := s.Requests.Load(background, "PD-C"); err == nil {
		t.Error("half an appeal stands")
	}
}
