package people

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/staff"
)

// An appeal that came by post is entered on the file of the answer, and is a file of
// its own.
func TestAnAppealIsEntered(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.refused()
	r.shows(r.get("/desk/requests/"+q.ID), http.StatusOK, deskpage.ActPath(q.ID, "appeal"))
	r.shows(r.get(deskpage.ActPath(q.ID, "appeal")), http.StatusOK, "How did it come?", "The person’s reasons", "By telephone")
	r.shows(r.act(q, "appeal", url.Values{"reasons": {"unjust"}}), http.StatusUnprocessableEntity, "Say how it came.")
	r.shows(r.act(q, "appeal", url.Values{"reasons": {"unjust"}, "came_by": {"post"}, "received_on": {"2020-01-01"}}), http.StatusUnprocessableEntity, "This day is before our answer.")
	w := r.act(q, "appeal", url.Values{"reasons": {"unjust"}, "came_by": {"post"}})
	id := strings.TrimSuffix(strings.TrimPrefix(w.Header().Get("Location"), "/desk/requests/"), "#history")
	if w.Code != http.StatusSeeOther || id == q.ID || r.file(id).Request.AppealOf != q.ID {
		t.Fatalf("%d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	for _, file := range []string{q.ID, id} {
		r.shows(r.get("/desk/requests/"+file), http.StatusOK, "By post", "it came on")
	}
	r.shows(r.get(deskpage.ActPath(q.ID, "appeal")), http.StatusOK, "has appealed against this answer before")
	r.shows(r.get(deskpage.ActPath(id, "appeal")), http.StatusOK, "The answer to an appeal is final")
}
