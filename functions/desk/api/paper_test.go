package api

import (
	"net/http"
	"testing"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/testkit"
)

// A request by post is entered, amended and posted by machines too.
func TestARequestByPost(t *testing.T) {
	r := newRig(t)
	by := body{"post": "Heart of Gold 42\n01234 Dresden", "name": "Marvin", "kinds": []string{"access", "objection"}, "country": "DE", "checked": []string{"in_person"}}
	a := r.expect(r.call(http.MethodPost, "/api/requests", by), http.StatusOK, "received")
	q := r.file(a.said.Reference).Request
	if q.State != lifecycle.Open || !q.Paper || !q.NoEmail || q.Contact.Post() != by["post"] {
		t.Errorf("%+v", q)
	}
	r.expect(r.call(http.MethodGet, "/api/requests/"+q.ID, nil), http.StatusOK, `"post":"Heart of Gold 42\n01234 Dresden"`)
	if _, err := testkit.Drain(t, r.Rights, r.store.OptOuts.Outbox).Run(background, func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	r.expect(r.act(q, "posted", body{"of": 3, "mail": "acknowledge", "at": "2999-01-01"}), http.StatusUnprocessableEntity, "posted_on must not be in the future")
	r.expect(r.act(q, "posted", body{"of": 9, "mail": "acknowledge"}), http.StatusConflict, "no such letter")
	r.expect(r.act(q, "posted", body{"of": 3, "mail": "acknowledge", "not_posted": true}), http.StatusOK, "")
	if l := r.file(q.ID).Letters[0]; l.State != outbox.Obsolete || !r.file(q.ID).Request.ToPost.IsZero() {
		t.Errorf("%+v", l)
	}
	r.expect(r.act(q, "amend", body{"telephone": "+49 351 98765"}), http.StatusOK, `"telephone":"+49 351 98765"`)
	r.expect(r.act(q, "amend", body{"telephone": "", "post": ""}), http.StatusUnprocessableEntity, "needs a postal address or a telephone number")
	for says, wrong := range map[string]body{
		"needs a name":  {"post": "Heart of Gold 42", "kinds": []string{"access"}},
		"5 digits":      {"telephone": "12", "name": "Marvin", "kinds": []string{"access"}},
		"unknown check": {"post": "Heart of Gold 42", "name": "Marvin", "kinds": []string{"access"}, "checked": []string{"a feeling"}},
	} {
		r.expect(r.call(http.MethodPost, "/api/requests", wrong), http.StatusUnprocessableEntity, says)
	}
}
