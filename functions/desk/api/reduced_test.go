package api

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestlog"
)

// reduce reduces a request that is closed, as the sweep does.
func (r *rig) reduce(id string) {
	r.t.Helper()
	r.drain()
	reduction, err := requestlog.Reduce(r.file(id), lifecycle.EventReduced, r.Rights.Now(), r.Rights.Random)
	if err == nil {
		err = r.store.Requests.Reduce(reduction)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

// The officer sees the log of a reduced request, whose history verifies, and
// can do nothing about it any more.
func TestReducedRequest(t *testing.T) {
	r := newRig(t)
	q := r.of("refused")
	before := r.expect(r.call("GET", "/api/requests/"+q.ID, nil), http.StatusOK, `"address"`)
	if strings.Contains(before.Body, "reduced_at") {
		t.Error(before.Body)
	}
	r.reduce(q.ID)
	a := r.expect(r.call("GET", "/api/requests/"+q.ID, nil), http.StatusOK, `"reduced_at":"`)
	for _, piece := range []string{`"address":"`, `"name":"`, `"details":"`, `"language"`, `"explanation"`, `"ses_message"`, `"officers"`, `"words"`, `"value"`, "history_broken"} {
		if strings.Contains(a.Body, piece) {
			t.Errorf("%s is there: %s", piece, a.Body)
		}
	}
	for _, piece := range []string{`"state":"refused"`, `"closed_at"`, `"outcome":"refused"`, `"ground":"no_data_found"`, `"kinds":["correction"]`, `"template":"decision"`} {
		if !strings.Contains(a.Body, piece) {
			t.Errorf("%s is not there: %s", piece, a.Body)
		}
	}
	version := r.file(q.ID).Request.Version
	for name, c := range eachAct {
		given := maps.Clone(c.body)
		given["officer"] = "dpo-1"
		r.expect(r.act(q, name, given), http.StatusConflict, "disposed of")
	}
	if now := r.file(q.ID).Request.Version; now != version {
		t.Errorf("version %d became %d", version, now)
	}
}

func TestOrderOfErasureIsShown(t *testing.T) {
	r := newRig(t)
	q := r.of("partly")
	a := r.expect(r.act(q, "erase", body{}), http.StatusOK, `"erase_from":"`)
	if again := r.expect(r.act(q, "erase", body{}), http.StatusOK, ""); again.Body != a.Body {
		t.Errorf("ordered twice: %s", again.Body)
	}
}
