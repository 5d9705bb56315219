package request_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// posted is what a form sends: it has no name of its own.
func (d *desk) posted(place deadline.Jurisdiction, kinds ...intake.Kind) request.Intake {
	in := d.asks(place, kinds...)
	in.Sending = ""
	return in
}

func (d *desk) count() int {
	d.t.Helper()
	all, err := d.store.Requests.OfPerson(background, d.Key.Ref(d.address(marvin)))
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	return len(all)
}

// A double click, a browser's retry, and the same again while it waits to be
// confirmed: one request, one mail.
func TestSentTwiceIsOneRequest(t *testing.T) {
	for name, later := range map[string]time.Duration{"at once": 0, "minutes later": 20 * time.Minute} {
		d := newDesk(t)
		r := d.open(d.posted(california, deadline.Access))
		d.later(later)
		again := d.open(d.posted(california, deadline.Access))
		if again.ID != r.ID || again.Head != r.Head || d.count() != 1 || d.mails(r.ID) != "verify" || d.history(r.ID) != "received verification_asked" {
			t.Errorf("%s: %s and %s; %s", name, r.ID, again.ID, d.history(r.ID))
		}
		// The answer tells of this sending: nobody learns when another was.
		if !again.ReceivedAt.Equal(d.now) || !again.VerifyBy.Equal(d.VerifyUntil(d.now)) {
			t.Errorf("%s: answered with %v, %v", name, again.ReceivedAt, again.VerifyBy)
		}
	}
}

// Whoever sends it again for want of a mail gets one: by resend as often as that
// may be, and then by a request of its own. Somebody else may have sent the same
// in their name, and used the resends up.
func TestSentAgainLaterGetsItsMail(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.posted(california, deadline.Access))
	for n := range 2 * (1 + d.Settings.Resends) {
		again := d.open(d.posted(california, deadline.Access)) // while it waits it is not queued again
		if f := d.file(again.ID); !slices.ContainsFunc(f.Letters, func(n outbox.Letter) bool { return n.State == outbox.Pending }) {
			t.Fatalf("sending %d gets no mail: %s", n, d.mails(again.ID))
		}
		if first := n <= d.Settings.Resends; (again.ID == r.ID) != first || (again.Head == r.Head) != first {
			t.Errorf("sending %d: %s became %s", n, r.ID, again.ID)
		}
		d.mailed(again)
		d.later(2 * time.Hour)
	}
	if d.mails(r.ID) != "verify verify verify verify" || d.file(r.ID).Request.Resent != d.Settings.Resends || d.count() != 2 {
		t.Errorf("mails %s, %d requests", d.mails(r.ID), d.count())
	}
	_, err := d.Resend(background, r.ID, audit.ByPerson)
	if !errors.Is(err, request.ErrResent) {
		t.Errorf("once more: %v", err)
	}
}

// Every word tells sendings apart: nobody's are joined with another's.
func TestOtherWordsAreAnotherRequest(t *testing.T) {
	d := newDesk(t)
	first := d.open(d.posted(california, deadline.Access))
	for name, change := range map[string]func(*request.Intake){
		"kinds":    func(in *request.Intake) { in.Kinds = append(in.Kinds, deadline.Erasure) },
		"unsure":   func(in *request.Intake) { in.KindsUnsure = true },
		"name":     func(in *request.Intake) { in.Name = "Mallory" },
		"details":  func(in *request.Intake) { in.Details = "to mallory" },
		"place":    func(in *request.Intake) { in.Place = germany },
		"behalf":   func(in *request.Intake) { in.OnBehalfOf = intake.Agent },
		"language": func(in *request.Intake) { in.Language = "es" },
		"channel":  func(in *request.Intake) { in.Source = intake.FromMail },
		"signal":   func(in *request.Intake) { in.GPC = true },
		"address":  func(in *request.Intake) { in.Address = d.address("trillian@example.com") },
		"shifted":  func(in *request.Intake) { in.Name, in.Details = "to", "mallory" },
	} {
		in := d.posted(california, deadline.Access)
		change(&in)
		if r := d.open(in); r.ID == first.ID {
			t.Errorf("another %s is taken for the same", name)
		}
	}
}

// What was confirmed, withdrawn, let lapse or disposed of stands for nothing
// that is sent later.
func TestSentAgainAfterTheEnd(t *testing.T) {
	for name, end := range map[string]func(*desk, request.Request){
		"confirmed": func(d *desk, r request.Request) { d.confirm(r) },
		"withdrawn": func(d *desk, r request.Request) { d.ok(d.Withdraw(background, r.ID, audit.ByPerson)) },
		"too late":  func(d *desk, r request.Request) { d.now = r.VerifyBy },
		"lapsed": func(d *desk, r request.Request) {
			d.now = d.mailed(r).VerifyBy
			d.ok(d.Expire(background, r.ID, audit.BySystem))
		},
	} {
		d := newDesk(t)
		r := d.mailed(d.open(d.posted(california, deadline.Access)))
		end(d, r)
		again := d.open(d.posted(california, deadline.Access))
		third := d.open(d.posted(california, deadline.Access))
		if again.ID == r.ID || third.ID != again.ID || d.count() != 2 {
			t.Errorf("%s: %s, %s, %s", name, r.ID, again.ID, third.ID)
		}
	}
}

// Opt-outs that come with it take effect each time: the person may have come
// back meanwhile.
func TestSentAgainOptsOutAgain(t *testing.T) {
	for name, kinds := range map[string][]intake.Kind{"alone": {deadline.OptOutOfSale}, "beside another": {deadline.OptOutOfSale, deadline.Access}} {
		d := newDesk(t)
		r := d.open(d.posted(california, kinds...))
		d.later(time.Minute)
		key := optout.Key{Ref: r.Ref, Scope: "sale"}
		if _, err := d.optOuts.Apply(background, optout.Change{Key: key, To: optout.In, Evidence: optout.Evidence{At: d.now}, Address: r.Address}); err != nil {
			t.Fatal(err)
		}
		d.later(time.Minute)
		before := d.history(r.ID)
		if again := d.open(d.posted(california, kinds...)); again.ID != r.ID || d.rows(marvin) != "sale" || d.history(r.ID) != before {
			t.Errorf("%s: %s, out of %q; %s", name, again.ID, d.rows(marvin), d.history(r.ID))
		}
		d.later(2 * time.Hour)
		if again := d.open(d.posted(california, kinds...)); (again.ID == r.ID) != (len(kinds) == 2) {
			t.Errorf("%s: hours later it is %s", name, again.ID)
		}
	}
}

// A mail is delivered twice, or Lambda tries again: it is never taken in twice,
// whatever became of it, and nothing takes effect anew.
func TestNamedSendingIsTakenInOnce(t *testing.T) {
	d := newDesk(t)
	in := d.asks(california, deadline.Access)
	in.Sending = "<one@mail.example.com>"
	r := d.opened(in)
	d.later(3 * time.Hour)
	d.store.calls = nil
	if again := d.open(in); again.ID != r.ID || d.count() != 1 || slices.Contains(d.store.calls, "save") {
		t.Errorf("%s; %q", again.ID, d.store.calls)
	}
	in.Sending = "<two@mail.example.com>"
	if other := d.open(in); other.ID == r.ID {
		t.Error("another mail is taken for the same")
	}
}

// A wish that is picked up after its request was opened all the same, as when
// the answer of the transaction was lost, becomes that request.
func TestPickedUpWishIsTheSameRequest(t *testing.T) {
	d := newDesk(t)
	in := request.Intake{
		Address: d.address(marvin), Name: "Marvin", Kinds: []intake.Kind{deadline.Erasure}, OnBehalfOf: intake.Self, Language: "de",
		Source: intake.FromUnsubscribe, OptOuts: []optout.Scope{"email", "sms"},
	}
	r := d.open(in)
	if _, err := d.optOuts.Apply(background, optout.Change{
		Key: optout.Key{Ref: r.Ref, Scope: "email"}, To: optout.Out, Address: in.Address, Name: "Marvin",
		Evidence: optout.Evidence{Source: optout.FromForm, At: d.now}, ErasureRequested: true, Language: "de",
	}); err != nil {
		t.Fatal(err)
	}
	for run := range 2 {
		if _, err := d.OpenPendingErasures(background, d.optOuts); err != nil {
			t.Fatal(err)
		}
		if d.count() != 1 || d.mails(r.ID) != "verify" {
			t.Errorf("run %d: %d requests, mails %s", run, d.count(), d.mails(r.ID))
		}
	}
	for range d.optOuts.PendingErasures(background) {
		t.Error("the wish is there still")
	}
}
