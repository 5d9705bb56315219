package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// One outcome a kind, and the file shows each with its clause and words.
func TestDecideKindByKind(t *testing.T) {
	r := newRig(t)
	q := r.confirm(r.open(germany, deadline.Access, deadline.Erasure))
	a := r.expect(r.act(q, "decide", body{"answers": []body{
		{"kind": "erasure", "outcome": "refused", "grounds": []body{{"ground": "legal_obligation"}}, "explanation": "because of\r\nthe tax"},
		{"kind": "access", "outcome": "fulfilled"},
	}}), http.StatusOK, `"state":"partly_fulfilled"`)
	var shown struct{ Decision decision.Decision }
	if err := json.Unmarshal([]byte(a.Body), &shown); err != nil || len(shown.Decision.Answers) != 2 {
		t.Fatalf("%v: %s", err, a.Body)
	}
	if e := shown.Decision.Answers[1]; e.Kind != deadline.Erasure || e.Citations() != "legal_obligation Art. 17(3)(b) GDPR" || e.Explanation != "because of\nthe tax" {
		t.Errorf("%+v", e)
	}
}

// A colleague's draft is not lost by an answer of somebody who has not seen it.
func TestAColleaguesDraftStays(t *testing.T) {
	for _, act := range []string{"draft", "decide"} {
		r := newRig(t)
		q := r.confirm(r.open(germany, deadline.Access))
		r.expect(r.invoke(r.signed("AIDAOTHER", http.MethodPost, "/api/requests/"+q.ID+"/draft", body{"outcome": "refused", "explanation": "because of"})), http.StatusOK, `"draft":`)
		at := r.file(q.ID).Request.Draft.At.Format(civil.Stamp)
		r.expect(r.act(q, act, body{"outcome": "fulfilled"}), http.StatusConflict, "a draft of an answer, at "+at)
		r.expect(r.act(q, act, body{"outcome": "fulfilled", "replace": true}), http.StatusOK, `"outcome":"fulfilled"`)
	}
}

// A hold that an officer places stands in the file, and no letter says that the
// person is erased.
func TestNobodyIsErasedUnderAHold(t *testing.T) {
	r := newRig(t)
	r.Rights.Holds = disposal.Keepers{Holds: r.Holds.Store.(disposal.Store), Requests: r.store, Now: r.Now}
	q := r.confirm(r.open(germany, deadline.Erasure))
	a := r.expect(r.call(http.MethodPost, "/api/holds", body{"address": marvin, "reason": "evil twins"}), http.StatusOK, `"of":"person"`)
	var placed struct{ ID string }
	if err := json.Unmarshal([]byte(a.Body), &placed); err != nil {
		t.Fatal(err)
	}
	r.expect(r.call(http.MethodGet, "/api/requests/"+q.ID, nil), http.StatusOK, `"holds":[{"hold":"hold-1","of":"class"`)
	r.expect(r.call(http.MethodGet, "/api/requests/"+q.ID, nil), http.StatusOK, `{"hold":"`+placed.ID+`","of":"person","reason":"evil twins","keeps":"erasure"}`)
	r.expect(r.act(q, "decide", body{"outcome": "fulfilled"}), http.StatusConflict, placed.ID)
	r.expect(r.act(q, "decide", body{"outcome": "partly_fulfilled", "grounds": []body{{"ground": "legal_claims"}}, "explanation": "because of a dispute"}), http.StatusOK, `"erase_from"`)
	if got := r.file(q.ID).Request; !got.HeldBack || got.State != lifecycle.PartlyFulfilled {
		t.Errorf("%+v", got)
	}
}

// Who signed the call decides whether another looks at an appeal, not the role
// that a body names.
func TestTheCallerDecidesNoAppealAgainstThemselves(t *testing.T) {
	r := newRig(t)
	q := r.confirm(r.open(germany, deadline.Correction))
	refusal := body{"officer": "dpo-1", "outcome": "refused", "grounds": []body{{"ground": "excessive"}}, "explanation": "because of its size"}
	r.expect(r.act(q, "decide", refusal), http.StatusOK, `"refused"`)
	appeal := r.ok(r.Rights.Appeal(background, q.ID, "No."))
	refusal["officer"] = "somebody-else"
	r.expect(r.act(appeal, "decide", refusal), http.StatusConflict, q.ID)
	a := r.expect(r.invoke(r.signed("AIDAOTHER", http.MethodPost, "/api/requests/"+appeal.ID+"/decide", refusal)), http.StatusOK, `"refused"`)
	if !strings.Contains(a.Body, `"appeal_of":"`+q.ID+`"`) {
		t.Error(a.Body)
	}
}

// What a law forbids to disclose is looked for at this door too, and the officer can say that they have looked.
func TestFilesThatMustBeLookedAt(t *testing.T) {
	r := newRig(t)
	q := r.confirm(r.open(deadline.Jurisdiction{Country: "US", Region: "MN"}, deadline.Access))
	f := r.file(q.ID).Request
	f.Version++
	file := attachment.File{Request: q.ID, ID: "a1b2c3d4", For: attachment.Answer, State: attachment.Stored, Type: attachment.Text, Found: []string{"account_password"}}
	if err := r.store.Save(background, request.Step{Request: f, Files: []attachment.File{file}}); err != nil {
		t.Fatal(err)
	}
	r.expect(r.act(q, "preview", body{"outcome": "fulfilled"}), http.StatusOK, `"clause":"325M.14, subd. 4(i)"`)
	r.expect(r.act(q, "decide", body{"outcome": "fulfilled"}), http.StatusConflict, "looked_for: us-mn")
	r.expect(r.act(q, "decide", body{"outcome": "fulfilled", "looked_for": []string{"us-ca"}}), http.StatusUnprocessableEntity, `"looked_for"`)
	r.expect(r.act(q, "draft", body{"outcome": "fulfilled"}), http.StatusOK, `"draft"`)
	r.expect(r.act(q, "draft", body{"looked_for": []string{"us-mn"}}), http.StatusOK, `"files_checked"`)
	r.expect(r.act(q, "send", body{"when": "now", "looked_for": []string{"us-mn"}}), http.StatusOK, `"send_at"`)
	if d := r.file(q.ID).Request.Draft; !d.OnItsWay() || len(d.Answers) != 1 {
		t.Errorf("%+v", d)
	}
}
