package request_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// A new address is an entry for the officer, in the person's words: nothing else
// changes, the same twice is one, and there is an end to them.
func TestTellNewAddress(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	_, err := d.TellNewAddress(background, r.ID, "")
	d.wantField(err, "new_address", "missing")
	_, err = d.TellNewAddress(background, r.ID, strings.Repeat("x", intake.MaxName+1))
	d.wantField(err, "new_address", "too_long")
	mails := d.mails(r.ID)
	for range 2 {
		d.ok(d.TellNewAddress(background, r.ID, "new@example.com"))
	}
	e := d.event(r.ID, lifecycle.EventAddressTold)
	if words, _ := e.Private["new_address"].Reveal(); words != "new@example.com" || by(e) != "person" || len(e.Facts) != 0 {
		t.Errorf("%+v", e)
	}
	now := d.file(r.ID).Request
	if now.Address != r.Address || now.State != r.State || d.mails(r.ID) != mails || strings.Count(d.history(r.ID), "address_told") != 1 {
		t.Errorf("%+v: %s", now, d.history(r.ID))
	}
	for n := range 2 {
		d.ok(d.TellNewAddress(background, r.ID, fmt.Sprint("house ", n)))
	}
	if _, err := d.TellNewAddress(background, r.ID, "one more"); !errors.Is(err, request.ErrAddressesTold) {
		t.Error(err)
	}
	d.ok(d.Withdraw(background, r.ID, audit.ByPerson))
}
