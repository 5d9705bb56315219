package request_test

import (
	"maps"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// What the person makes of a request decides its law, its date, its proofs and
// its opt-outs, and the history says what they changed, nothing personal openly.
func TestConfirmInOtherWords(t *testing.T) {
	sent := func(d *desk) request.Intake {
		in := d.asks(nowhere, deadline.Access)
		in.Name, in.Details = "Mallory", "send it to mallory"
		return in
	}
	for name, c := range map[string]struct {
		change  func(*request.Words)
		facts   string
		history string
		optOuts string
	}{
		"as it is":            {func(*request.Words) {}, "", "verified", ""},
		"with other blanks":   {func(w *request.Words) { w.Details = " send it\r\nto  mallory " }, "", "verified", ""},
		"without the words":   {func(w *request.Words) { w.Name, w.Details = "", "" }, "name details", "verified", ""},
		"other details":       {func(w *request.Words) { w.Details = "my orders" }, "details", "verified", ""},
		"another place":       {func(w *request.Words) { w.Place = germany }, "place", "verified", ""},
		"for a child":         {func(w *request.Words) { w.OnBehalfOf = intake.Parent }, "on_behalf_of", "verified asked", ""},
		"and no sale":         {func(w *request.Words) { w.Kinds = append(w.Kinds, deadline.OptOutOfSale) }, "kinds", "opted_out verified", "sale"},
		"nothing but no sale": {func(w *request.Words) { w.Kinds = []intake.Kind{deadline.OptOutOfSale} }, "kinds", "opted_out verified fulfilled", "sale"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.open(sent(d))
			w := r.Words()
			c.change(&w)
			got, _, err := d.Confirm(background, r.ID, w)
			d.ok(got, err)
			if h := d.history(r.ID); h != "received verification_asked "+c.history || d.rows(marvin) != c.optOuts {
				t.Errorf("%s; out of %q", h, d.rows(marvin))
			}
			e := d.event(r.ID, lifecycle.EventVerified)
			if e.Facts["changed"] != c.facts || e.Facts["saw_entry"] != "1" {
				t.Errorf("the history says %v", e.Facts)
			}
			for value := range maps.Values(e.Facts) {
				if strings.Contains(value, "orders") || strings.Contains(strings.ToLower(value), "mallory") {
					t.Errorf("openly: %v", e.Facts)
				}
			}
			if got.Place == germany {
				if due := d.date(request.Intake{Kinds: got.Kinds, Place: germany}); !got.DueAt.Equal(due) {
					t.Errorf("due %v, want %v", got.DueAt, due)
				}
			}
		})
	}
}

// An opt-out that is in effect is not taken back by confirming something else.
func TestConfirmKeepsOptOuts(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.asks(california, deadline.Objection, deadline.Erasure))
	w := r.Words()
	w.Kinds = []intake.Kind{deadline.Access}
	got, _, err := d.Confirm(background, r.ID, w)
	if d.ok(got, err); intake.Codes(got.Kinds)[1] != "objection" || len(got.Kinds) != 2 || d.rows(marvin) != "email phone post sms" {
		t.Errorf("%q, out of %q", got.Kinds, d.rows(marvin))
	}
}

func TestConfirmNeedsAKind(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.asks(california, deadline.Access))
	for name, w := range map[string]request.Words{"none": {}, "one that is none": {Kinds: []intake.Kind{"world_domination"}}} {
		_, _, err := d.Confirm(background, r.ID, w)
		if d.wantField(err, "kind", "missing"); t.Failed() {
			t.Fatal(name)
		}
	}
	w := r.Words()
	w.Details = strings.Repeat("x", intake.MaxDetails+1)
	_, _, err := d.Confirm(background, r.ID, w)
	d.wantField(err, "details", "too_long")
	d.wantUnchanged(r)
	in := d.asks(california, deadline.Access)
	in.Details, in.Source = w.Details, intake.FromOfficer // an officer's entry may be longer
	d.opened(in)
}

// Confirmed twice at once in different words, the first counts.
func TestConfirmTwiceInDifferentWords(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.asks(california, deadline.Access))
	w := r.Words()
	w.Kinds = []intake.Kind{deadline.Erasure}
	once := true
	d.store.before = func(call string) error {
		if call == "save" && once {
			once = false
			d.confirm(r)
		}
		return nil
	}
	got, already, err := d.Confirm(background, r.ID, w)
	d.wantFault(err, fault.Conflict, "other words")
	if !already || got.Kinds[0] != deadline.Access || d.history(r.ID) != "received verification_asked verified" {
		t.Errorf("%+v; %s", got, d.history(r.ID))
	}
}

// Of unsure kinds nothing is told as fact, nothing takes effect and nothing is
// decided before the person has chosen.
func TestUnsureKinds(t *testing.T) {
	d := newDesk(t)
	in := d.asks(germany)
	in.KindsUnsure, in.Source, in.Details = true, intake.FromMail, "Do NOT delete my account, send me my data"
	r := d.open(in)
	if r.State != lifecycle.Unverified || len(r.Kinds) != 0 || d.rows(marvin) != "" || d.event(r.ID, lifecycle.EventReceived).Facts["kinds"] != "" {
		t.Errorf("%+v", r)
	}
	_, err := d.Decide(background, r.ID, "dpo", refusal(decision.NotVerified))
	d.wantFault(err, fault.Conflict, "not known yet")
	_, _, err = d.Confirm(background, r.ID, r.Words())
	d.wantField(err, "kind", "missing")
	w := r.Words()
	w.Kinds = []intake.Kind{deadline.Access}
	got, _, err := d.Confirm(background, r.ID, w)
	if d.ok(got, err); got.KindsUnsure || got.State != lifecycle.Open || d.event(r.ID, lifecycle.EventVerified).Facts["kinds"] != "access" {
		t.Errorf("%+v", got)
	}

	in.Kinds, in.Address = []intake.Kind{deadline.Objection}, d.address("trillian@example.com") // that much is beyond doubt
	r = d.open(in)
	if r.State != lifecycle.Unverified || d.rows("trillian@example.com") != "email phone post sms" {
		t.Errorf("%s, out of %q", r.State, d.rows("trillian@example.com"))
	}
}
