package request_test

import (
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

func TestAskStopsTheClockWhereTheLawSaysSo(t *testing.T) {
	fee := &waiting.Fee{Amount: "12.50", Currency: "USD", Because: decision.Excessive}
	for name, c := range map[string]struct {
		place   deadline.Jurisdiction
		wait    waiting.Waiting
		stopped bool
	}{
		"identity, GDPR":      {germany, waiting.Waiting{Cause: deadline.Identity, Proofs: []intake.Proof{intake.PersonsIdentity}}, true},
		"identity, CCPA":      {california, waiting.Waiting{Cause: deadline.Identity, Question: "Who are you?"}, false},
		"clarification, GDPR": {germany, waiting.Waiting{Cause: deadline.Clarification, Question: "Which files?"}, true},
		"clarification, CCPA": {california, waiting.Waiting{Cause: deadline.Clarification, Question: "Which files?"}, false},
		"fee, GDPR":           {germany, waiting.Waiting{Cause: deadline.Fee, Fee: fee, Question: "It is all of it."}, false},
		"fee, UK":             {britain, waiting.Waiting{Cause: deadline.Fee, Fee: fee, Question: "It is the third time."}, true},
		"fee, CCPA":           {california, waiting.Waiting{Cause: deadline.Fee, Fee: fee, Question: "It is all of it."}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.opened(d.asks(c.place, deadline.Access))
			before := r.DueAt
			d.later(5 * day)
			r = d.ok(d.Ask(background, r.ID, "dpo", c.wait))
			if r.State != lifecycle.WaitingForPerson || r.Waiting.Cause != c.wait.Cause || r.Waiting.Question != c.wait.Question || stopped(r) != c.stopped {
				t.Errorf("%s, stopped %v: %+v", r.State, stopped(r), r.Waiting)
			}
			if d.mails(r.ID) != "verify acknowledge waiting" {
				t.Errorf("mails %s", d.mails(r.ID))
			}
			e := d.event(r.ID, lifecycle.EventAsked)
			asked, _ := e.Private["question"].Reveal()
			if by(e) != "officer:dpo" || e.Facts["fee"] != r.Waiting.Fee.String() || (e.Facts["clock_stopped"] == "yes") != c.stopped || asked != c.wait.Question {
				t.Errorf("%q %q %q", e.Actor, e.Facts, asked)
			}
			d.later(4 * day)
			r = d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
			if r.State != lifecycle.Open || r.Waiting != nil || stopped(r) || r.DueAt.After(before) != c.stopped {
				t.Errorf("%s, due %v, before %v", r.State, r.DueAt, before)
			}
			if d.history(r.ID) != "received verification_asked verified asked answered" {
				t.Error(d.history(r.ID))
			}
		})
	}
}

// Every stop counts once, however often we ask.
func TestAskAgain(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	for range 3 {
		d.later(2 * day)
		r = d.ok(d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
		_, err := d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"})
		d.wantFault(err, fault.Conflict, "waiting_for_person")
		d.later(2 * day)
		r = d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
		_, err = d.Answer(background, r.ID, "dpo", time.Time{})
		d.wantFault(err, fault.Conflict, "open")
	}
	if len(r.Pauses) != 3 || r.Pauses[2].Until.IsZero() {
		t.Errorf("%+v", r.Pauses)
	}
}

// A clock that has ended cannot be stopped any more, but the person can still
// be asked.
func TestAskWhenItIsLate(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	d.later(60 * day)
	got := d.ok(d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
	if stopped(got) || !got.DueAt.Equal(r.DueAt) || d.event(r.ID, lifecycle.EventAsked).Facts["clock_stopped"] != "no" {
		t.Errorf("stopped %v, due %v, before %v", stopped(got), got.DueAt, r.DueAt)
	}
}

func TestAskNonsense(t *testing.T) {
	fee := func(amount, currency string) waiting.Waiting {
		return waiting.Waiting{Cause: deadline.Fee, Fee: &waiting.Fee{Amount: amount, Currency: currency, Because: decision.Excessive}, Question: "?"}
	}
	for name, c := range map[string]struct {
		wait          waiting.Waiting
		field, reason string
	}{
		"nothing":               {waiting.Waiting{}, "cause", "unknown"},
		"another cause":         {waiting.Waiting{Cause: "boredom", Question: "?"}, "cause", "unknown"},
		"a fee without one":     {waiting.Waiting{Cause: deadline.Fee}, "fee", "missing"},
		"a fee without why":     {waiting.Waiting{Cause: deadline.Fee, Question: "?", Fee: &waiting.Fee{Amount: "1", Currency: "USD"}}, "fee", "unknown"},
		"a fee without words":   {waiting.Waiting{Cause: deadline.Fee, Fee: &waiting.Fee{Amount: "1", Currency: "USD", Because: decision.Excessive}}, "question", "missing"},
		"a fee for the first":   {waiting.Waiting{Cause: deadline.Fee, Question: "?", Fee: &waiting.Fee{Amount: "1", Currency: "USD", Because: decision.RepeatedRequest}}, "fee", "not_repeated"},
		"a silent fee":          {waiting.Waiting{Cause: deadline.Identity, Question: "?", Fee: &waiting.Fee{Amount: "1", Currency: "USD"}}, "fee", "missing"},
		"no amount":             {fee("", "USD"), "fee", "invalid"},
		"nothing to pay":        {fee("0.00", "USD"), "fee", "invalid"},
		"we pay":                {fee("-5", "USD"), "fee", "invalid"},
		"not a number":          {fee("NaN", "USD"), "fee", "invalid"},
		"endless":               {fee("Inf", "USD"), "fee", "invalid"},
		"hexadecimal":           {fee("0x10p1", "USD"), "fee", "invalid"},
		"an exponent":           {fee("1e3", "USD"), "fee", "invalid"},
		"a sign":                {fee("+5", "USD"), "fee", "invalid"},
		"thousands":             {fee("1,000", "USD"), "fee", "invalid"},
		"too much":              {fee("1000000", "USD"), "fee", "invalid"},
		"half a cent":           {fee("1.005", "USD"), "fee", "invalid"},
		"no cents":              {fee("1.", "USD"), "fee", "invalid"},
		"no currency":           {fee("5", ""), "fee", "invalid"},
		"no code":               {fee("5", "usd"), "fee", "invalid"},
		"a word":                {fee("5", "dollars"), "fee", "invalid"},
		"markup":                {fee("5", "<b>"), "fee", "invalid"},
		"who are you, how":      {waiting.Waiting{Cause: deadline.Identity}, "question", "missing"},
		"what do you mean":      {waiting.Waiting{Cause: deadline.Clarification}, "question", "missing"},
		"a proof of no meaning": {waiting.Waiting{Cause: deadline.Clarification, Proofs: []intake.Proof{intake.PersonsIdentity}}, "question", "missing"},
		"a proof, many times":   {waiting.Waiting{Cause: deadline.Identity, Proofs: slices.Repeat([]intake.Proof{intake.PersonsIdentity}, 5)}, "evidence", "twice"},
		"an unknown proof":      {waiting.Waiting{Cause: deadline.Identity, Proofs: []intake.Proof{"blood"}}, "evidence", "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.opened(d.asks(germany, deadline.Access))
			_, err := d.Ask(background, r.ID, "dpo", c.wait)
			d.wantField(err, c.field, c.reason)
			d.wantUnchanged(r)
		})
	}
	for _, amount := range []string{"5", "12.50", "0.01", "999999", "007"} {
		d := newDesk(t)
		d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", fee(amount, "EUR")))
	}
}

func TestExtend(t *testing.T) {
	for name, c := range map[string]struct {
		place  deadline.Jurisdiction
		kinds  []intake.Kind
		reason deadline.Reason
		after  time.Duration
		want   string // due date, or what is said against it
	}{
		"GDPR, one month and two":       {germany, []intake.Kind{deadline.Access}, deadline.Complexity, 20 * day, "2027-02-22"},
		"CCPA, twice 45 days":           {california, []intake.Kind{deadline.Erasure}, deadline.Number, 44 * day, "2027-02-20"},
		"opt-outs are out already":      {california, []intake.Kind{deadline.Access, deadline.OptOutOfSale}, deadline.Number, 40 * day, "2027-02-20"},
		"on the last day":               {germany, []intake.Kind{deadline.Access}, deadline.Complexity, 30 * day, "2027-02-22"},
		"too late":                      {germany, []intake.Kind{deadline.Access}, deadline.Complexity, 31 * day, "the period has ended"},
		"a reason that no law has":      {germany, []intake.Kind{deadline.Access}, "holidays", day, "no law of this place extends for this reason"},
		"a reason of another law":       {california, []intake.Kind{deadline.Access}, deadline.Consultation, day, "no law of this place extends for this reason"},
		"a law without an extension":    {deadline.Jurisdiction{Country: "BR"}, []intake.Kind{deadline.Access}, deadline.Complexity, day, "no law of this place extends for this reason"},
		"the strictest of all has none": {nowhere, []intake.Kind{deadline.Access}, deadline.Complexity, day, "the law that sets the date"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			before := d.opened(d.asks(c.place, c.kinds...))
			d.later(c.after)
			r, err := d.Extend(background, before.ID, "dpo", c.reason, "many files")
			if len(c.want) != len(time.DateOnly) {
				d.wantFault(err, fault.Conflict, c.want)
				d.wantUnchanged(before)
				return
			}
			d.ok(r, err)
			if got := r.DueAt.In(losAngeles(t)).Format(time.DateOnly); got != c.want || r.State != before.State {
				t.Errorf("%s, due %s", r.State, got)
			}
			e := d.event(r.ID, lifecycle.EventExtended)
			why, _ := e.Private["explanation"].Reveal()
			if e.Facts["reason"] != string(c.reason) || why != "many files" || r.ExtensionWhy != why || e.Facts["due_at"] != r.DueAt.UTC().Format("2006-01-02T15:04:05.000Z") {
				t.Errorf("%q %q", e.Facts, why)
			}
			// The notice is owed in the same step (Art. 12(3) GDPR).
			f := d.file(r.ID)
			if last := f.Letters[len(f.Letters)-1]; last.Template != requestmail.Extended || last.Seq != e.Seq || !r.Extension.NoticeSentAt.Equal(d.now) {
				t.Errorf("%+v", last)
			}
			_, err = d.Extend(background, r.ID, "dpo", c.reason, "still")
			d.wantFault(err, fault.Conflict, "once only")
		})
	}
}

func TestExtendWhereItCannotBe(t *testing.T) {
	d := newDesk(t)
	unverified := d.open(d.asks(germany, deadline.Access))
	_, err := d.Extend(background, unverified.ID, "dpo", deadline.Complexity, "")
	d.wantFault(err, fault.Conflict, "awaiting_verification")
	closed := d.refused(d.asks(germany, deadline.Access))
	_, err = d.Extend(background, closed.ID, "dpo", deadline.Complexity, "")
	d.wantFault(err, fault.Conflict, "refused")
	d.wantUnchanged(unverified)
	d.wantUnchanged(closed)

	// A stopped clock cannot end; it can be extended still.
	r := d.opened(d.asks(germany, deadline.Erasure))
	r = d.ok(d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
	d.later(60 * day)
	if r = d.ok(d.Extend(background, r.ID, "dpo", deadline.Complexity, "")); r.State != lifecycle.WaitingForPerson || !stopped(r) {
		t.Errorf("%s", r.State)
	}
}

// The date that counts is that of what is still to be answered: an opt-out
// took effect when it came.
func TestOptOutsDoNotDateWhatIsStillToBeAnswered(t *testing.T) {
	d := newDesk(t)
	alone := d.opened(d.asks(california, deadline.Access))
	mixed := d.opened(d.asks(california, deadline.Access, deadline.OptOutOfSale, deadline.Objection))
	if !mixed.DueAt.Equal(alone.DueAt) {
		t.Errorf("due %v, alone %v", mixed.DueAt, alone.DueAt)
	}
	due, err := d.Due(mixed)
	if err != nil || due.Purpose != deadline.Respond {
		t.Errorf("%s: %v", due.Rule, err)
	}
	in := d.asks(germany, deadline.Objection, deadline.OptOutOfSale)
	in.Details = "my own situation"
	if due, err = d.Due(d.opened(in)); err != nil || due.Rule != "gdpr/respond" {
		t.Errorf("%s: %v", due.Rule, err)
	}
}
