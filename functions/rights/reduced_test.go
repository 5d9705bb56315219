package main

import (
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
)

// reduce reduces a closed request, as the sweep does, long after.
func (r *rig) reduce(q request.Request) {
	r.T.Helper()
	f := r.file(q.ID)
	for i, n := range f.Letters { // they have all gone
		if err := r.store.OptOuts.Outbox.Move(background, n, outbox.Sending, r.clock); err != nil {
			r.T.Fatal(err)
		}
		n.State, n.SentAt = outbox.Sent, r.clock
		step := request.Step{Request: r.file(q.ID).Request, Done: []outbox.Letter{n}}
		step.Request.Version++
		if err := r.store.Save(background, step); err != nil {
			r.T.Fatalf("notice %d: %v", i, err)
		}
	}
	r.clock = r.clock.AddDate(2, 1, 0)
	reduction, err := requestlog.Reduce(r.file(q.ID), lifecycle.EventReduced, r.clock, r.rights.Random)
	if err == nil {
		err = r.store.Reduce(reduction)
	}
	if err != nil {
		r.T.Fatal(err)
	}
}

// The page of a reduced request shows its log, and offers nothing.
func TestStatusOfAReducedRequest(t *testing.T) {
	for name, v := range map[string]decision.Answer{
		"refused":   {Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: decision.NoDataFound}}, Explanation: "We looked under every planet."},
		"fulfilled": {Outcome: decision.Grant, Explanation: "We looked under every planet."},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			q := r.decided(v, germany, deadline.Access, deadline.Correction)
			if page := r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "every planet"); !strings.Contains(page.Text, "m***@e***.com") {
				t.Fatal(page.Brief())
			}
			r.reduce(q)
			a := r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "we erased all that was personal")
			for _, gone := range []string{"m***@", marvin, "Marvin", "planet", `name="action"`, `name="statement"`, `name="reasons"`, "/requests/export/", "kind=restriction"} {
				if strings.Contains(a.Brief(), gone) {
					t.Errorf("%q is on the page:\n%s", gone, a.Brief())
				}
			}
			for _, there := range []string{q.ID, "22 November 2026", "22 December 2028", "What we keep of it", "The time to keep this request was over"} {
				if !strings.Contains(a.Text, there) {
					t.Errorf("%q is not on the page:\n%s", there, a.Brief())
				}
			}
			js := r.Expect(get(r.to(link.Status, q), script...), http.StatusOK, `"reduced_at":"2028-12-22`)
			if strings.Contains(js.Body, "@") {
				t.Error(js.Body)
			}
		})
	}
}

// Nothing can be done by the links that are out there.
func TestLinksOfAReducedRequest(t *testing.T) {
	r := newRig(t)
	q := r.decided(decision.Answer{Outcome: decision.Refuse, Explanation: "We looked everywhere.", Grounds: []decision.Given{{Ground: decision.DisputedAccuracy}}}, germany, deadline.Correction)
	r.reduce(q)
	before := r.file(q.ID).Request
	for name, fields := range map[string]string{"withdraw": "action=withdraw", "disagree": "action=disagree&statement=No.", "appeal": "action=appeal&reasons=unjust"} {
		r.Expect(post(r.to(link.Status, q), fields, browser...), http.StatusConflict, "we erased all that was personal")
		a := r.Expect(post(r.to(link.Status, q), fields, script...), http.StatusConflict, "not possible any more")
		if r.file(q.ID).Request.Version != before.Version {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	r.clock = q.ReceivedAt // its links were good then, whatever they say of themselves
	r.Expect(get(r.to(link.Confirm, q), browser...), http.StatusConflict, "")
	r.Expect(post(r.to(link.Confirm, q), "", browser...), http.StatusConflict, "")
	r.Expect(get(r.to(link.Export, q), browser...), http.StatusGone, "")
	if r.file(q.ID).Request.Version != before.Version {
		t.Error("something has changed")
	}
}

// A receipt of a reduced request names nobody but by a reference of its own, and
// one from before proves what it proved.
func TestReceiptOfAReducedRequest(t *testing.T) {
	r := newRig(t)
	q := r.decided(decision.Answer{Outcome: decision.Refuse, Explanation: "We looked everywhere.", Grounds: []decision.Given{{Ground: decision.NoDataFound}}}, germany, deadline.Access)
	old, err := audit.Check([]byte(r.receipt(q)), r.signer.PublicKeys())
	if err != nil || old.Person != "m***@e***.com" {
		t.Fatalf("%+v, %v", old, err)
	}
	r.reduce(q)
	f := r.file(q.ID)
	if err := audit.Includes(f.Events, *old.Head); err != nil {
		t.Error(err)
	}
	now, err := audit.Check([]byte(r.receipt(f.Request)), r.signer.PublicKeys())
	if err != nil || now.Person != r.rights.Key.Receipt(f.Request.Ref) || strings.Contains(r.receipt(f.Request), string(f.Request.Ref)) || *now.Head != f.Request.Head || !now.EffectiveAt.Equal(q.ClosedAt) {
		t.Errorf("%+v, %v", now, err)
	}
}
