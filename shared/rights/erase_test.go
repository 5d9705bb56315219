package rights_test

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/law"
	"privacydesk/shared/optout"
	"privacydesk/shared/rights"
)

var grant = rights.Verdict{Outcome: rights.Grant}

func partly(kind rights.Ground) rights.Verdict {
	v := refusal(kind)
	v.Outcome = rights.Partly
	return v
}

// Which decisions order the erasure of the person, and from when on.
func TestDecideOrdersTheErasure(t *testing.T) {
	atOnce, afterExport := func(d *desk) time.Time { return d.now }, func(d *desk) time.Time { return dayEnd(d.now, 5) }
	for name, c := range map[string]struct {
		kinds   []rights.Kind
		verdict rights.Verdict
		from    func(*desk) time.Time // nil: never
		behalf  rights.Behalf
	}{
		"an erasure":                       {[]rights.Kind{law.Erasure}, grant, atOnce, rights.Self},
		"a child's, by its parent":         {[]rights.Kind{law.Erasure}, grant, nil, rights.Parent},
		"a child's":                        {[]rights.Kind{law.ChildErasure}, grant, nil, rights.Self},
		"by an agent":                      {[]rights.Kind{law.Erasure}, grant, nil, rights.Agent},
		"with an objection":                {[]rights.Kind{law.Erasure, law.Objection}, grant, atOnce, rights.Self},
		"with access":                      {[]rights.Kind{law.Access, law.Erasure}, grant, afterExport, rights.Self},
		"in part":                          {[]rights.Kind{law.Erasure}, partly(rights.LegalObligation), nil, rights.Self},
		"refused":                          {[]rights.Kind{law.Erasure}, refusal(rights.LegalObligation), nil, rights.Self},
		"access alone":                     {[]rights.Kind{law.Access}, grant, nil, rights.Self},
		"consent withdrawn, and corrected": {[]rights.Kind{law.WithdrawConsent, law.Correction}, grant, nil, rights.Self},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			in := d.asks(germany, c.kinds...)
			in.OnBehalfOf = c.behalf
			r := d.opened(in)
			if r.State == rights.WaitingForPerson { // for the proofs of a parent
				r = d.ok(d.Answer(background, r.ID, "dpo"))
			}
			d.later(time.Hour)
			r = d.ok(d.Decide(background, r.ID, "dpo", c.verdict))
			if c.from == nil {
				if !r.EraseFrom.IsZero() || strings.Contains(d.history(r.ID), "erasure_ordered") || strings.Contains(d.rows(marvin), "email") {
					t.Errorf("ordered from %v on: %s, out of %q", r.EraseFrom, d.history(r.ID), d.rows(marvin))
				}
				return
			}
			want := c.from(d)
			if class, since := r.Disposal(); class != rights.ClassErasure || !since.Equal(want) || !r.EraseFrom.Equal(want) {
				t.Errorf("%s from %v, want %v", class, since, want)
			}
			if e := d.event(r.ID, rights.EventEraseOrdered); by(e) != "officer:dpo" || e.Facts["scopes"] != "email" || !strings.HasPrefix(want.UTC().Format(time.RFC3339), e.Facts["from"][:19]) {
				t.Errorf("%s: %v", by(e), e.Facts)
			}
			if !strings.HasSuffix(d.history(r.ID), "fulfilled erasure_ordered") || !strings.HasSuffix(d.mails(r.ID), "decision") {
				t.Errorf("%s, mails %s", d.history(r.ID), d.mails(r.ID))
			}
			d.wantOutOfEmail()
		})
	}
}

func (d *desk) wantOutOfEmail() {
	d.t.Helper()
	k := optout.Key{Ref: d.Key.Ref(d.address(marvin)), Scope: "email"}
	found, err := d.optOuts.Records(background, []optout.Key{k})
	if r := found[k]; err != nil || r.State != optout.Out || r.Evidence.Source != optout.FromRequest || !r.ChangedAt.Equal(d.now) || r.Address != d.address(marvin) {
		d.t.Errorf("%+v, %v", found, err)
	}
}

func TestErase(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, law.Erasure, law.Access))
	_, err := d.Erase(background, r.ID, "dpo")
	d.wantFault(err, fault.Conflict, "open")
	d.ok(d.Decide(background, r.ID, "dpo", partly(rights.LegalObligation)))
	d.later(time.Hour)
	r = d.ok(d.Erase(background, r.ID, "dpo"))
	if !r.EraseFrom.Equal(r.ExportUntil) || r.EraseFrom.IsZero() || by(d.event(r.ID, rights.EventEraseOrdered)) != "officer:dpo" {
		t.Errorf("from %v, export until %v", r.EraseFrom, r.ExportUntil)
	}
	d.wantOutOfEmail()
	d.later(time.Hour)
	if again := d.ok(d.Erase(background, r.ID, "dpo")); again.Version != r.Version || !again.EraseFrom.Equal(r.EraseFrom) {
		t.Errorf("again: %+v", again)
	}
	late := d.opened(d.asks(germany, law.Erasure, law.Access))
	late = d.ok(d.Decide(background, late.ID, "dpo", partly(rights.LegalObligation)))
	d.now = late.ExportUntil.Add(time.Hour)
	if late = d.ok(d.Erase(background, late.ID, "dpo")); !late.EraseFrom.Equal(d.now) {
		t.Errorf("long after the export ended: from %v", late.EraseFrom)
	}
}

// Of a parent's and of an agent's mailbox the officer must say that it is that
// of the person to be erased.
func TestEraseForSomebodyElse(t *testing.T) {
	d := newDesk(t)
	for _, behalf := range []rights.Behalf{rights.Parent, rights.Agent} {
		in := d.asks(germany, law.Erasure)
		in.OnBehalfOf = behalf
		r := d.ok(d.Answer(background, d.opened(in).ID, "dpo"))
		d.ok(d.Decide(background, r.ID, "dpo", grant))
		if r = d.ok(d.Erase(background, r.ID, "dpo")); !r.EraseFrom.Equal(d.now) {
			t.Errorf("%s: %+v", behalf, r)
		}
	}
}

func TestEraseWhatWasNotGranted(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		kind    rights.Kind
		verdict rights.Verdict
		words   string
	}{
		"refused": {law.Erasure, refusal(rights.LegalObligation), "refused"},
		"access":  {law.Access, partly(rights.RightsOfOthers), "does not ask"},
	} {
		r := d.opened(d.asks(germany, c.kind))
		before := d.ok(d.Decide(background, r.ID, "dpo", c.verdict))
		_, err := d.Erase(background, r.ID, "dpo")
		if d.wantFault(err, fault.Conflict, c.words); !d.file(r.ID).Request.EraseFrom.IsZero() {
			t.Errorf("%s: ordered", name)
		}
		d.wantUnchanged(before)
	}
	withdrawn := d.opened(d.asks(germany, law.Erasure))
	d.ok(d.Withdraw(background, withdrawn.ID, rights.ByPerson))
	_, err := d.Erase(background, withdrawn.ID, "dpo")
	d.wantFault(err, fault.Conflict, "withdrawn")
	_, err = d.Erase(background, "PD-none", "dpo")
	d.wantFault(err, fault.NotFound, "no such")
}

// An appeal that is granted orders what the request it is about did not.
func TestAppealOrdersTheErasure(t *testing.T) {
	d := newDesk(t)
	r := d.refused(d.asks(germany, law.Erasure))
	a, err := d.Appeal(background, r.ID, "unjust")
	if err != nil {
		t.Fatal(err)
	}
	if a = d.ok(d.Decide(background, a.ID, "dpo", grant)); a.EraseFrom.IsZero() {
		t.Errorf("%+v", a)
	}
	d.wantOutOfEmail()
}

// The decision, the order and the opt-out stand together or not at all.
func TestOrderIsAllOrNothing(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, law.Erasure))
	d.store.before = func(call string) error {
		if call == "save" {
			return errDown
		}
		return nil
	}
	if _, err := d.Decide(background, r.ID, "dpo", grant); fault.CodeOf(err) != fault.Unavailable {
		t.Fatal(err)
	}
	d.store.before = nil
	if d.wantUnchanged(r); d.rows(marvin) != "" {
		t.Errorf("out of %q", d.rows(marvin))
	}
}
