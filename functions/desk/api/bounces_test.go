package api

import (
	"net/http"
	"testing"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

func TestABounceIsLifted(t *testing.T) {
	r := newRig(t)
	lift := func(b body, status int, piece string) {
		t.Helper()
		r.expect(r.call(http.MethodPost, "/api/bounces/lift", b), status, piece)
	}
	told := func(scope optout.Scope, source optout.Source) {
		t.Helper()
		a := testkit.Address(t, marvin)
		if _, err := r.optOuts.Apply(background, optout.Change{
			Key: optout.Key{Ref: r.Rights.Key.Ref(a), Scope: scope}, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: source, At: r.clock}, Observed: &optout.Observation{At: r.clock},
		}); err != nil {
			t.Fatal(err)
		}
	}
	told("complaint", optout.FromComplaint)
	lift(body{"address": marvin, "reason": "He said so."}, http.StatusConflict, "no bounce")
	told("bounce", optout.FromBounce)
	lift(body{"address": "marvin", "reason": "He said so."}, http.StatusUnprocessableEntity, `"address"`)
	lift(body{"address": marvin}, http.StatusUnprocessableEntity, `"reason"`)
	lift(body{"address": marvin, "reason": "He said so.", "officer": marvin}, http.StatusUnprocessableEntity, `"officer"`)
	lift(body{"address": " Marvin@EXAMPLE.com", "reason": "He said so.", "officer": "dpo-1"}, http.StatusOK, `"still_stopped_by":["complaint"]`)
	keys := optout.Keys(r.Rights.Key.Ref(testkit.Address(t, marvin)), "bounce", "complaint")
	records, err := r.optOuts.Records(background, keys)
	if e := records[keys[0]].Evidence; err != nil || records[keys[0]].State != optout.In || e.Officer != "dpo-1/AIDADPO" || e.Detail != "He said so." || records[keys[1]].State != optout.Out {
		t.Errorf("%+v, %v", records, err)
	}
}
