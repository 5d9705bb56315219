package rights_test

import (
	"slices"
	"testing"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/law"
	"privacydesk/shared/rights"
)

func TestAskStopsTheClockWhereTheLawSaysSo(t *testing.T) {
	fee := &rights.Fee{Amount: "12.50", Currency: "USD"}
	for name, c := range map[string]struct {
		place   law.Place
		wait    rights.Waiting
		stopped bool
	}{
		"identity, GDPR":      {germany, rights.Waiting{Cause: law.Identity, Evidence: []rights.Evidence{rights.PersonsIdentity}}, true},
		"identity, CCPA":      {california, rights.Waiting{Cause: law.Identity, Question: "Who are you?"}, false},
		"clarification, GDPR": {germany, rights.Waiting{Cause: law.Clarification, Question: "Which files?"}, true},
		"clarification, CCPA": {california, rights.Waiting{Cause: law.Clarification, Question: "Which files?"}, false},
		"fee, GDPR":           {germany, rights.Waiting{Cause: law.Fee, Fee: fee}, false},
		"fee, UK":             {britain, rights.Waiting{Cause: law.Fee, Fee: fee, Question: "It is the third time."}, true},
		"fee, CCPA":           {california, rights.Waiting{Cause: law.Fee, Fee: fee}, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.opened(d.asks(c.place, law.Access))
			before := r.DueAt
			d.later(5 * day)
			r = d.ok(d.Ask(background, r.ID, "dpo", c.wait))
			if r.State != rights.WaitingForPerson || r.Waiting.Cause != c.wait.Cause || r.Waiting.Question != c.wait.Question || r.ClockStopped() != c.stopped {
				t.Errorf("%s, stopped %v: %+v", r.State, r.ClockStopped(), r.Waiting)
			}
			if d.mails(r.ID) != "verify acknowledge waiting" {
				t.Errorf("mails %s", d.mails(r.ID))
			}
			e := d.event(r.ID, rights.EventAsked)
			asked, _ := e.Private["question"].Reveal()
			if by(e) != "officer:dpo" || e.Facts["fee"] != r.Waiting.Fee.String() || (e.Facts["clock_stopped"] == "yes") != c.stopped || asked != c.wait.Question {
				t.Errorf("%q %q %q", e.Actor, e.Facts, asked)
			}
			d.later(4 * day)
			r = d.ok(d.Answer(background, r.ID, "dpo"))
			if r.State != rights.Open || r.Waiting != nil || r.ClockStopped() || r.DueAt.After(before) != c.stopped {
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
	r := d.opened(d.asks(germany, law.Access))
	for range 3 {
		d.later(2 * day)
		r = d.ok(d.Ask(background, r.ID, "dpo", rights.Waiting{Cause: law.Identity, Question: "Who?"}))
		_, err := d.Ask(background, r.ID, "dpo", rights.Waiting{Cause: law.Identity, Question: "Who?"})
		d.wantFault(err, fault.Conflict, "waiting_for_person")
		d.later(2 * day)
		r = d.ok(d.Answer(background, r.ID, "dpo"))
		_, err = d.Answer(background, r.ID, "dpo")
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
	r := d.opened(d.asks(germany, law.Access))
	d.later(60 * day)
	got := d.ok(d.Ask(background, r.ID, "dpo", rights.Waiting{Cause: law.Identity, Question: "Who?"}))
	if got.ClockStopped() || !got.DueAt.Equal(r.DueAt) || d.event(r.ID, rights.EventAsked).Facts["clock_stopped"] != "no" {
		t.Errorf("stopped %v, due %v, before %v", got.ClockStopped(), got.DueAt, r.DueAt)
	}
}

func TestAskNonsense(t *testing.T) {
	fee := func(amount, currency string) rights.Waiting {
		return rights.Waiting{Cause: law.Fee, Fee: &rights.Fee{Amount: amount, Currency: currency}}
	}
	for name, c := range map[string]struct {
		wait          rights.Waiting
		field, reason string
	}{
		"nothing":               {rights.Waiting{}, "cause", "unknown"},
		"another cause":         {rights.Waiting{Cause: "boredom", Question: "?"}, "cause", "unknown"},
		"a fee without one":     {rights.Waiting{Cause: law.Fee}, "fee", "missing"},
		"a silent fee":          {rights.Waiting{Cause: law.Identity, Question: "?", Fee: &rights.Fee{Amount: "1", Currency: "USD"}}, "fee", "missing"},
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
		"who are you, how":      {rights.Waiting{Cause: law.Identity}, "question", "missing"},
		"what do you mean":      {rights.Waiting{Cause: law.Clarification}, "question", "missing"},
		"a proof of no meaning": {rights.Waiting{Cause: law.Clarification, Evidence: []rights.Evidence{rights.PersonsIdentity}}, "question", "missing"},
		"a proof, many times":   {rights.Waiting{Cause: law.Identity, Evidence: slices.Repeat([]rights.Evidence{rights.PersonsIdentity}, 5)}, "evidence", "twice"},
		"an unknown proof":      {rights.Waiting{Cause: law.Identity, Evidence: []rights.Evidence{"blood"}}, "evidence", "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := d.opened(d.asks(germany, law.Access))
			_, err := d.Ask(background, r.ID, "dpo", c.wait)
			d.wantField(err, c.field, c.reason)
			d.wantUnchanged(r)
		})
	}
	for _, amount := range []string{"5", "12.50", "0.01", "999999", "007"} {
		d := newDesk(t)
		d.ok(d.Ask(background, d.opened(d.asks(germany, law.Access)).ID, "dpo", fee(amount, "EUR")))
	}
}

func TestExtend(t *testing.T) {
	for name, c := range map[string]struct {
		place  law.Place
		kinds  []rights.Kind
		reason law.Reason
		after  time.Duration
		want   string // due date, or what is said against it
	}{
		"GDPR, one month and two":       {germany, []rights.Kind{law.Access}, law.Complexity, 20 * day, "2027-02-22"},
		"CCPA, twice 45 days":           {california, []rights.Kind{law.Erasure}, law.Number, 44 * day, "2027-02-20"},
		"opt-outs are out already":      {california, []rights.Kind{law.Access, law.OptOutOfSale}, law.Number, 40 * day, "2027-02-20"},
		"on the last day":               {germany, []rights.Kind{law.Access}, law.Complexity, 30 * day, "2027-02-22"},
		"too late":                      {germany, []rights.Kind{law.Access}, law.Complexity, 31 * day, "the period has ended"},
		"a reason that no law has":      {germany, []rights.Kind{law.Access}, "holidays", day, "no law of this place extends for this reason"},
		"a reason of another law":       {california, []rights.Kind{law.Access}, law.Consultation, day, "no law of this place extends for this reason"},
		"a law without an extension":    {law.Place{Country: "BR"}, []rights.Kind{law.Access}, law.Complexity, day, "no law of this place extends for this reason"},
		"the strictest of all has none": {nowhere, []rights.Kind{law.Access}, law.Complexity, day, "the law that sets the date"},
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
			e := d.event(r.ID, rights.EventExtended)
			why, _ := e.Private["explanation"].Reveal()
			if e.Facts["reason"] != string(c.reason) || why != "many files" || r.ExtensionWhy != why || e.Facts["due_at"] != r.DueAt.UTC().Format("2006-01-02T15:04:05.000Z") {
				t.Errorf("%q %q", e.Facts, why)
			}
			// The notice is owed in the same step (Art. 12(3) GDPR).
			f := d.file(r.ID)
			if last := f.Notices[len(f.Notices)-1]; last.Template != rights.MailExtended || last.Seq != e.Seq || !r.Extension.NoticeSentAt.Equal(d.now) {
				t.Errorf("%+v", last)
			}
			_, err = d.Extend(background, r.ID, "dpo", c.reason, "still")
			d.wantFault(err, fault.Conflict, "once only")
		})
	}
}

func TestExtendWhereItCannotBe(t *testing.T) {
	d := newDesk(t)
	unverified := d.open(d.asks(germany, law.Access))
	_, err := d.Extend(background, unverified.ID, "dpo", law.Complexity, "")
	d.wantFault(err, fault.Conflict, "awaiting_verification")
	closed := d.refused(d.asks(germany, law.Access))
	_, err = d.Extend(background, closed.ID, "dpo", law.Complexity, "")
	d.wantFault(err, fault.Conflict, "refused")
	d.wantUnchanged(unverified)
	d.wantUnchanged(closed)

	// A stopped clock cannot end; it can be extended still.
	r := d.opened(d.asks(germany, law.Erasure))
	r = d.ok(d.Ask(background, r.ID, "dpo", rights.Waiting{Cause: law.Identity, Question: "Who?"}))
	d.later(60 * day)
	if r = d.ok(d.Extend(background, r.ID, "dpo", law.Complexity, "")); r.State != rights.WaitingForPerson || !r.ClockStopped() {
		t.Errorf("%s", r.State)
	}
}

// The date that counts is that of what is still to be answered: an opt-out
// took effect when it came.
func TestOptOutsDoNotDateWhatIsStillToBeAnswered(t *testing.T) {
	d := newDesk(t)
	alone := d.opened(d.asks(california, law.Access))
	mixed := d.opened(d.asks(california, law.Access, law.OptOutOfSale, law.Objection))
	if !mixed.DueAt.Equal(alone.DueAt) {
		t.Errorf("due %v, alone %v", mixed.DueAt, alone.DueAt)
	}
	due, err := d.Due(mixed)
	if err != nil || due.Purpose != law.Respond {
		t.Errorf("%s: %v", due.Rule, err)
	}
	in := d.asks(germany, law.Objection, law.OptOutOfSale)
	in.Details = "my own situation"
	if due, err = d.Due(d.opened(in)); err != nil || due.Rule != "gdpr/respond" {
		t.Errorf("%s: %v", due.Rule, err)
	}
}
