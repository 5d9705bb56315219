package contract

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// plant writes a request with a story of its own.
func plant(t *testing.T, s DisposalTables, id string, change func(*request.Request)) request.Request {
	t.Helper()
	r := newRequest(t, id)
	step := request.Step{Events: []audit.Entry{entry(t, &r, "received")}}
	change(&r)
	step.Request = r
	must(t, s.Requests.Create(background, request.Creation{Step: step}))
	return r
}

func requestDue(t *testing.T, s DisposalTables) {
	unverified := func(state lifecycle.State) func(*request.Request) {
		return func(r *request.Request) { r.State, r.VerifiedAt = state, time.Time{} }
	}
	for id, change := range map[string]func(*request.Request){
		"open":      func(r *request.Request) { r.State = lifecycle.Open },
		"waiting":   func(r *request.Request) { r.State = lifecycle.WaitingForPerson },
		"asked":     unverified(lifecycle.Unverified),
		"expired":   unverified(lifecycle.Expired),
		"not":       unverified(lifecycle.Refused),
		"withdrawn": func(r *request.Request) { r.State = lifecycle.Withdrawn },
		"ordered":   func(r *request.Request) { r.State, r.EraseFrom = lifecycle.Fulfilled, testkit.T0.AddDate(0, 0, 5) },
		"reduced": func(r *request.Request) {
			r.State, r.EraseFrom, r.ReducedAt = lifecycle.Fulfilled, testkit.T0, testkit.T0
		},
	} {
		plant(t, s, id, change)
	}
	closed := "2026-11-22T21:00:00Z"
	for class, want := range map[schedule.Class][]string{
		schedule.UnverifiedRequest: {"asked 1@2026-11-22T12:00:00Z", "expired 1@2026-11-22T12:00:00Z"},
		schedule.ClosedRequest:     {"not 1@" + closed, "withdrawn 1@" + closed},
		schedule.ErasureOrder:      {"ordered 1@2026-11-27T12:00:00Z"},
		schedule.RequestLog:        {"reduced 1@" + closed},
	} {
		got := disposable(t, s.Requests, class)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", class, got, want)
		}
	}
	found, err := s.Requests.Disposable(schedule.ErasureOrder)
	if err != nil || len(found) != 1 || found[0].Person != newRequest(t, "x").Ref || found[0].State != lifecycle.Fulfilled {
		t.Errorf("%+v, %v", found, err)
	}
}

// closedFile is a closed request with so many entries and a mail that went.
func closedFile(t *testing.T, s DisposalTables, id string, entries int) request.File {
	t.Helper()
	r := newRequest(t, id)
	r.State, r.EraseFrom, r.NoEmail = lifecycle.Fulfilled, testkit.T0, true
	step := request.Step{Events: []audit.Entry{entry(t, &r, "received")}}
	for len(step.Events) < min(entries, 50) {
		step.Events = append(step.Events, entry(t, &r, "noted"))
	}
	step.Request = r
	system := entryOf(id, "crm", ledger.Erasure, time.Time{})
	system.State = ledger.Exempt
	step.Systems = []ledger.Entry{system}
	step.Files = []attachment.File{attached(id, "a", testkit.T0)}
	step.Letters = []outbox.Letter{{SubjectID: id, Seq: 1, Template: requestmail.Verify, Cause: quota.ByStranger, QueuedAt: testkit.T0, DueAt: testkit.T0, State: outbox.Pending, Paper: true}}
	must(t, s.Requests.Create(background, request.Creation{Step: step}))
	n := step.Letters[0]
	must(t, s.Outbox.Move(background, n, outbox.Sending, testkit.T0))
	n.State, n.Words = outbox.Sending, outbox.Words{Subject: "Your request", Text: "Dear Zaphod"}
	must(t, s.Outbox.Keep(background, n))
	n.State, n.WrittenAt = outbox.ToPost, testkit.T0
	written := n
	r.Version++
	must(t, s.Requests.Save(background, request.Step{Request: r, Done: []outbox.Letter{written}}))
	n.State, n.SentAt, n.MessageID = outbox.Sent, testkit.T0, "ses-1"
	next := request.Step{Request: r, Done: []outbox.Letter{n}}
	for have := len(step.Events); ; {
		next.Request.Version++
		for len(next.Events) < 50 && have < entries {
			next.Events = append(next.Events, entry(t, &next.Request, "noted"))
			have++
		}
		must(t, s.Requests.Save(background, next))
		if have >= entries {
			return file(t, s.Requests, id)
		}
		next = request.Step{Request: next.Request}
	}
}

func reduce(t *testing.T, f request.File, event lifecycle.Event) requestlog.Reduction {
	t.Helper()
	r, err := requestlog.Reduce(f, event, testkit.T0.AddDate(2, 0, 0), &testkit.Random{})
	must(t, err)
	return r
}

// What a reduced request and its mails may hold, and a decision of it. The lists
// are written anew here so that nothing joins them unseen.
var (
	requestLog = strings.Fields(`AppealOf AskedAt ClockFrom ClosedAt Decision DueAt DueRule EraseFrom ExportUntil Extension Fetched FetchedAt GPC
		Head.Hash Head.Seq Head.Subject ID Kinds KindsUnsure LinkedTo MailFailedAt NoEmail OnBehalfOf Pauses Place.Country Place.Region ReceivedAt
		ReducedAt Ref Reminded Repeated Resent Source State VerifiedAt VerifyBy Version`)
	decisionLog = strings.Fields("Answers At Outcome")
	mailLog     = strings.Fields("Cause Paper QueuedAt SentAt Seq State SubjectID Template WrittenAt")
	fileLog     = strings.Fields("AskedAt By For GoneAt ID Replaces Request SHA256 Size State StoredAt System Type")
	systemLog   = strings.Fields("Attempts ByOwner DueAt EndedAt FetchedAt OpenedAt Outcome.Records RemindedAt Request Required Round State System Task ToldAt Trouble")
)

// wantFilled checks which fields of a value are not zero.
func wantFilled(t *testing.T, v any, want []string) {
	t.Helper()
	if got := filled("", reflect.ValueOf(v)); !slices.Equal(got, want) {
		t.Errorf("%T holds %q, want %q", v, got, want)
	}
}

// all are the names of the fields of a value, but those that cannot be filled.
func all(v any, but ...string) []string {
	names := slices.DeleteFunc(fieldNames("", reflect.TypeOf(v)), func(name string) bool { return slices.Contains(but, name) })
	slices.Sort(names)
	return names
}

func reduced(t *testing.T, s DisposalTables) {
	f := closedFile(t, s, "PD-A", 3)
	wantFilled(t, f.Request, all(f.Request, "ReducedAt", "Tasks", "Files", "Delayed", "Outstanding"))
	wantFilled(t, *f.Request.Decision, all(*f.Request.Decision, ""))
	wantFilled(t, f.Letters[0], all(f.Letters[0], "DueAt"))
	wantFilled(t, f.Systems[0], all(f.Systems[0], "TellAt"))
	wantFilled(t, f.Files[0], all(f.Files[0]))
	r := reduce(t, f, lifecycle.EventReduced)
	must(t, s.Requests.Reduce(r))
	got, want := file(t, s.Requests, "PD-A"), r.Apply(f)
	if !reflect.DeepEqual(got.Request, want.Request) || len(got.Events) != 4 || got.Letters[0] != want.Letters[0] || got.Letters[0].MessageID != "" {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !got.Request.Address.IsZero() || got.Request.Version != f.Request.Version+1 {
		t.Errorf("%+v", got.Request)
	}
	wantFilled(t, got.Request, requestLog)
	wantFilled(t, *got.Request.Decision, decisionLog)
	wantFilled(t, got.Letters[0], mailLog)
	wantFilled(t, got.Systems[0], systemLog)
	wantFilled(t, got.Files[0], fileLog)
	if left := got.Files[0]; left.Held() || left.SHA256 != "ab12" || left.By != audit.ByOfficer {
		t.Errorf("its file: %+v", left)
	}
	blank(t, got)
	if err := s.Requests.Reduce(r); !isConflict(err) {
		t.Errorf("twice: %v", err)
	}
	if found, err := s.Requests.OfPerson(background, f.Request.Ref); err != nil || len(found) != 1 {
		t.Errorf("of the person: %v, %v", found, err)
	}
	if got := disposable(t, s.Requests, schedule.ErasureOrder); len(got) != 0 {
		t.Errorf("the order stands still: %q", got)
	}
	if got := disposable(t, s.Requests, schedule.RequestLog); len(got) != 1 {
		t.Errorf("the log: %q", got)
	}
}

// blank checks that a history is whole and names nobody.
func blank(t *testing.T, f request.File) {
	t.Helper()
	if err := audit.Verify(f.Events, f.Request.Head); err != nil {
		t.Error(err)
	}
	for _, e := range f.Events {
		for name, p := range e.Private {
			if _, there := p.Reveal(); there {
				t.Errorf("%s holds %s", e, name)
			}
		}
	}
}

func longReduced(t *testing.T, s DisposalTables) {
	f := closedFile(t, s, "PD-A", 230)
	must(t, s.Requests.Reduce(reduce(t, f, lifecycle.EventErased)))
	got := file(t, s.Requests, "PD-A")
	if blank(t, got); len(got.Events) != 231 || !got.Request.Reduced() {
		t.Errorf("%d events, %+v", len(got.Events), got.Request)
	}
	must(t, s.Requests.Delete(got))
	if _, err := s.Requests.File(background, "PD-A"); err == nil {
		t.Error("it is there still")
	}
}

func movedRequest(t *testing.T, s DisposalTables) {
	f := closedFile(t, s, "PD-A", 1)
	r := reduce(t, f, lifecycle.EventReduced)
	next := request.Step{Request: f.Request}
	next.Request.Version++
	next.Events = []audit.Entry{entry(t, &next.Request, "noted")}
	must(t, s.Requests.Save(background, next))
	if err := s.Requests.Reduce(r); !isConflict(err) {
		t.Errorf("reduced: %v", err)
	}
	if err := s.Requests.Delete(f); !isConflict(err) {
		t.Errorf("deleted: %v", err)
	}
	got := file(t, s.Requests, "PD-A")
	if v, ok := got.Events[0].Private["name"].Reveal(); !ok || v != "Zaphod" || got.Request.Reduced() || len(got.Letters) != 1 {
		t.Errorf("%+v", got)
	}
}

func deleted(t *testing.T, s DisposalTables) {
	f := closedFile(t, s, "PD-A", 3)
	closedFile(t, s, "PD-B", 1)
	must(t, s.Requests.Delete(f))
	if err := s.Requests.Delete(f); !isConflict(err) {
		t.Errorf("twice: %v", err)
	}
	if found, err := s.Requests.OfPerson(background, f.Request.Ref); err != nil || len(found) != 1 || found[0].ID != "PD-B" {
		t.Errorf("left: %v, %v", found, err)
	}
	if left, err := s.Requests.File(background, "PD-A"); err == nil || len(left.Events)+len(left.Letters)+len(left.Systems)+len(left.Files) != 0 {
		t.Errorf("left: %+v", left)
	}
}
