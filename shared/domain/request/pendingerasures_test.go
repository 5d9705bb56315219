package request_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
)

// wish is an opt-out that came with "… and delete my data".
func (d *desk) wish(address string, scope optout.Scope) optout.Key {
	d.t.Helper()
	a := d.address(address)
	key := optout.Key{Ref: d.Key.Ref(a), Scope: scope}
	_, err := d.optOuts.Apply(background, optout.Change{
		Key: key, To: optout.Out, Address: a, Name: "Marvin", Evidence: optout.Evidence{Source: optout.FromForm, At: d.now}, ErasureRequested: true,
	})
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	return key
}

func (d *desk) pickUp(want int) {
	d.t.Helper()
	if opened, err := d.OpenPendingErasures(background, d.optOuts); err != nil || opened != want {
		d.t.Errorf("%d opened, want %d: %v", opened, want, err)
	}
}

func TestPickUp(t *testing.T) {
	d := newDesk(t)
	received := d.now
	key := d.wish(marvin, "email")
	d.later(3 * day)
	d.pickUp(1)
	found, _ := d.store.OfPerson(background, key.Ref)
	if len(found) != 1 {
		t.Fatalf("%d requests", len(found))
	}
	f := d.file(found[0].ID)
	r := f.Request
	if !slices.Equal(r.Kinds, []intake.Kind{deadline.Erasure}) || r.State != lifecycle.Unverified || r.Source != intake.FromUnsubscribe || r.Name != "Marvin" || r.Ref != key.Ref {
		t.Errorf("%+v", r)
	}
	// The clock runs from the wish, the time to confirm from the mail.
	if !r.ReceivedAt.Equal(received) || !r.ClockFrom.Equal(received) || !r.VerifyBy.Equal(dayEnd(d.now, 7)) {
		t.Errorf("received %v, clock from %v, confirm by %v", r.ReceivedAt, r.ClockFrom, r.VerifyBy)
	}
	if d.mails(r.ID) != "verify" || d.rows(marvin) != "email" {
		t.Errorf("mails %s, out of %q", d.mails(r.ID), d.rows(marvin))
	}
	d.pickUp(0)
}

// The key of references is not needed: notices has none.
func TestPickUpNeedsNoKey(t *testing.T) {
	d := newDesk(t)
	key := d.wish(marvin, "email")
	d.Service.Key = request.Service{}.Key
	d.pickUp(1)
	if found, _ := d.store.OfPerson(background, key.Ref); len(found) != 1 {
		t.Error("the request is another's")
	}
}

// A run may die, or the table fail, at every call: the wish is neither lost
// nor made two requests.
func TestPickUpKilledAtEveryCall(t *testing.T) {
	for step := 1; ; step++ {
		d := newDesk(t)
		d.wish(marvin, "email")
		d.wish("trillian@example.com", "email")
		d.store.before = func(string) error {
			if len(d.store.calls) >= step {
				return errDown
			}
			return nil
		}
		_, err := d.OpenPendingErasures(background, d.optOuts)
		calls := len(d.store.calls)
		d.store.before = nil
		if _, err := d.OpenPendingErasures(background, d.optOuts); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{marvin, "trillian@example.com"} {
			if found, _ := d.store.OfPerson(background, d.Key.Ref(d.address(address))); len(found) != 1 {
				t.Errorf("killed at %d: %d requests", step, len(found))
			}
		}
		if calls < step {
			if err != nil {
				t.Error(err)
			}
			break
		}
	}
}

// Two runs at once open one request.
func TestPickUpTwiceAtOnce(t *testing.T) {
	d := newDesk(t)
	d.wish(marvin, "email")
	once := true
	d.store.before = func(call string) error {
		if call == "create" && once {
			once = false
			d.pickUp(1)
		}
		return nil
	}
	d.pickUp(0)
}

// One wish that cannot be opened holds up no other; a table that is down ends
// the run.
func TestOneBadWishHoldsUpNoOther(t *testing.T) {
	d := newDesk(t)
	d.wish(marvin, "email")
	d.wish("trillian@example.com", "email")
	once := true
	d.store.before = func(call string) error {
		if call == "create" && once {
			once = false
			return fault.Wrap(fault.Internal, errors.New("bad row"), "write a request")
		}
		return nil
	}
	if opened, err := d.OpenPendingErasures(background, d.optOuts); opened != 1 || fault.CodeOf(err) != fault.Internal {
		t.Errorf("%d opened, %v", opened, err)
	}
	d.later(time.Minute)
	d.pickUp(1)

	d.wish(marvin, "sms")
	d.wish("trillian@example.com", "sms")
	d.store.calls = nil
	d.store.before = func(string) error { return errDown }
	if opened, err := d.OpenPendingErasures(background, d.optOuts); opened != 0 || fault.CodeOf(err) != fault.Unavailable || len(d.store.calls) != 1 {
		t.Errorf("%d opened, %v, calls %q", opened, err, d.store.calls)
	}
}
