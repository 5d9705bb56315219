package request_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

func TestIntake(t *testing.T) {
	for name, c := range map[string]struct {
		kinds   []intake.Kind
		details string
		state   lifecycle.State
		history string
		mails   string
		optOuts string
	}{
		"access":          {[]intake.Kind{deadline.Access}, "", lifecycle.Unverified, "received verification_asked", "verify", ""},
		"all to verify":   {[]intake.Kind{deadline.Correction, deadline.Erasure, deadline.Restriction, deadline.Portability, deadline.WithdrawConsent, deadline.Information, deadline.ChildErasure, deadline.PaperNotice}, "", lifecycle.Unverified, "received verification_asked", "verify", ""},
		"opt-out of sale": {[]intake.Kind{deadline.OptOutOfSale}, "", lifecycle.Fulfilled, "received opted_out fulfilled", "opted_out", "sale"},
		"objection":       {[]intake.Kind{deadline.Objection}, "", lifecycle.Fulfilled, "received opted_out fulfilled", "opted_out", "email phone post sms"},
		"both":            {[]intake.Kind{deadline.OptOutOfSale, deadline.Objection}, "", lifecycle.Fulfilled, "received opted_out fulfilled", "opted_out", "email phone post sale sms"},
		// Art. 21(1) GDPR: it may be about more than marketing.
		"objection, with reasons":  {[]intake.Kind{deadline.Objection}, "my own situation", lifecycle.Unverified, "received opted_out verification_asked", "verify", "email phone post sms"},
		"no sale, with a remark":   {[]intake.Kind{deadline.OptOutOfSale}, "please", lifecycle.Fulfilled, "received opted_out fulfilled", "opted_out", "sale"},
		"erasure and an objection": {[]intake.Kind{deadline.Objection, deadline.Erasure}, "", lifecycle.Unverified, "received opted_out verification_asked", "verify", "email phone post sms"},
		"access, no sale":          {[]intake.Kind{deadline.OptOutOfSale, deadline.Access}, "", lifecycle.Unverified, "received opted_out verification_asked", "verify", "sale"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			in := d.asks(california, c.kinds...)
			in.Details = c.details
			r := d.open(in)
			f := d.file(r.ID)
			if r.State != c.state || d.history(r.ID) != c.history || d.mails(r.ID) != c.mails || d.rows(marvin) != c.optOuts {
				t.Errorf("%s: %s; mails %s; out of %q", r.State, d.history(r.ID), d.mails(r.ID), d.rows(marvin))
			}
			if !r.ReceivedAt.Equal(testkit.T0) || !r.ClockFrom.Equal(testkit.T0) || r.Version != 1 || !r.VerifiedAt.IsZero() {
				t.Errorf("%+v", r)
			}
			if r.State == lifecycle.Unverified && (!r.VerifyBy.Equal(dayEnd(testkit.T0, 7)) || !r.DueAt.Equal(r.VerifyBy) || r.Decision != nil) {
				t.Errorf("to be confirmed by %v, due %v", r.VerifyBy, r.DueAt)
			}
			if r.State == lifecycle.Fulfilled && (r.Decision == nil || r.Decision.Outcome != decision.Grant || !r.ClosedAt.Equal(testkit.T0) || !r.ExportUntil.IsZero()) {
				t.Errorf("%+v", r)
			}
			if f.Letters[0].State != outbox.Pending || !f.Letters[0].DueAt.Equal(testkit.T0) {
				t.Errorf("%+v", f.Letters)
			}
		})
	}
}

// The limits, the opt-outs and the request are one call, after one read.
func TestIntakeIsOneReadAndOneTransaction(t *testing.T) {
	d := newDesk(t)
	in := d.asks(california, deadline.Erasure)
	in.OptOuts = []optout.Scope{"email", "sms", "email"}
	in.Evidence = optout.Evidence{Source: optout.FromForm, Form: "www.example.org"}
	in.Limits = []quota.Limit{{Name: "request-address", Ref: "x", Max: 1, Per: time.Hour}}
	r := d.open(in)
	if !slices.Equal(d.store.calls, []string{"confirmed of", "create"}) {
		t.Errorf("calls: %q", d.store.calls)
	}
	if d.rows(marvin) != "email sms" || d.event(r.ID, lifecycle.EventOptedOut).Facts["scopes"] != "email sms" {
		t.Errorf("out of %q", d.rows(marvin))
	}
	records, _ := d.optOuts.OfPerson(background, r.Ref)
	if e := records[0].Evidence; e.Source != optout.FromForm || e.Form != "www.example.org" || !e.At.Equal(testkit.T0) {
		t.Errorf("evidence %+v", e)
	}
	again := d.asks(california, deadline.Erasure)
	again.Limits = in.Limits
	_, err := d.Open(background, again)
	d.wantFault(err, fault.TooMany, "")
	if found, _ := d.store.OfPerson(background, r.Ref); len(found) != 1 {
		t.Errorf("%d requests", len(found))
	}
}

// Nothing of a request stands when its transaction fails.
func TestIntakeIsAllOrNothing(t *testing.T) {
	for _, call := range []string{"confirmed of", "create"} {
		d := newDesk(t)
		d.store.before = func(name string) error {
			if name == call {
				return errDown
			}
			return nil
		}
		_, err := d.Open(background, d.asks(california, deadline.Objection))
		d.wantFault(err, fault.Unavailable, "")
		if d.rows(marvin) != "" {
			t.Error("the opt-out stands without its request")
		}
	}
}

func TestIntakeOfNothing(t *testing.T) {
	d := newDesk(t)
	_, err := d.Open(background, d.asks(california))
	d.wantField(err, "kind", "missing")
	in := d.asks(california, "world_domination")
	_, err = d.Open(background, in)
	d.wantField(err, "kind", "missing")
	in = d.asks(california, deadline.Access)
	in.Address = request.Intake{}.Address
	if _, err = d.Open(background, in); err == nil {
		t.Error("a request of nobody is taken")
	}
	if len(d.store.calls) != 0 {
		t.Errorf("calls: %q", d.store.calls)
	}
}

func TestKindsStandOnceAndInOrder(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.asks(california, deadline.PaperNotice, deadline.Access, deadline.Erasure, deadline.Access))
	if !slices.Equal(r.Kinds, []intake.Kind{deadline.Access, deadline.Erasure, deadline.PaperNotice}) {
		t.Errorf("kinds %q", r.Kinds)
	}
	if got := d.event(r.ID, lifecycle.EventReceived).Facts["kinds"]; got != "access erasure paper_notice" {
		t.Errorf("the history says %q", got)
	}
}

// What is personal stands in the history only as what can be blanked.
func TestHistoryHoldsNothingPersonalOpenly(t *testing.T) {
	d := newDesk(t)
	in := d.asks(california, deadline.Access)
	in.Name, in.Details, in.GPC = "Marvin", "brain the size of a planet", true
	e := d.event(d.open(in).ID, lifecycle.EventReceived)
	for name, value := range e.Facts {
		if strings.Contains(value, "arvin") || strings.Contains(value, "planet") {
			t.Errorf("%s is %q", name, value)
		}
	}
	for name, want := range map[string]string{"address": marvin, "name": in.Name, "details": in.Details} {
		if got, _ := e.Private[name].Reveal(); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if e.Actor != audit.ByPerson || e.Facts["gpc"] != "yes" || e.Facts["place"] != "US-CA" || e.Facts["repeated"] != "no" {
		t.Errorf("%q %q", e.Actor, e.Facts)
	}
}

var reference = regexp.MustCompile(`^PD(-[0-9A-HJKMNP-TV-Z]{4}){4}$`)

func TestReferences(t *testing.T) {
	d := newDesk(t)
	seen := map[string]bool{}
	for range 200 {
		r := d.open(d.asks(nowhere, deadline.Access))
		if seen[r.ID] || !reference.MatchString(r.ID) {
			t.Fatalf("reference %q", r.ID)
		}
		seen[r.ID] = true
	}
	d.Random = strings.NewReader("short")
	if _, err := d.Open(background, d.asks(nowhere, deadline.Access)); fault.CodeOf(err) != fault.Internal {
		t.Errorf("no randomness: %v", err)
	}
}

func TestParsing(t *testing.T) {
	for _, k := range intake.Kinds() {
		if got, err := intake.ParseKind(string(k)); got != k || err != nil {
			t.Errorf("%q: %q, %v", k, got, err)
		}
	}
	// Marketing has the unsubscribe form; it is no kind of request.
	for _, text := range []string{"", "Access", "access ", "marketing_opt_out", "<script>"} {
		if _, err := intake.ParseKind(text); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%q is a kind: %v", text, err)
		}
	}
	for text, want := range map[string]intake.Behalf{"": intake.Self, "self": intake.Self, "parent": intake.Parent, "agent": intake.Agent} {
		if got, err := intake.ParseBehalf(text); got != want || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if _, err := intake.ParseBehalf("neighbour"); fault.CodeOf(err) != fault.Invalid {
		t.Errorf("anybody may ask: %v", err)
	}
}

// Every kind that the form offers has a date in every place.
func TestEveryKindIsDatedEverywhere(t *testing.T) {
	for _, place := range []deadline.Jurisdiction{nowhere, california, germany, britain, {Country: "US"}, {Country: "BR"}, {Country: "CA", Region: "QC"}, {Country: "JP"}} {
		for _, k := range intake.Kinds() {
			d := newDesk(t)
			in := d.asks(place, k)
			in.Details = "reasons"
			r := d.open(in)
			if r.State != lifecycle.Fulfilled {
				r = d.confirm(r)
			}
			if !r.DueAt.After(d.now) {
				t.Errorf("%s in %q is due %v", k, place, r.DueAt)
			}
		}
	}
}
